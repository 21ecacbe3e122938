"""One connection to one relay, whatever the relay is like."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
import time
from pathlib import Path

import pytest

from l402desk.wallets.errors import NotReached
from l402desk.wallets.nostr import relay as relay_module
from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nostr.relay import CLOSE_S, MOST_BYTES, MOST_FRAGMENTS, Gone, dial, place_of
from tests.fakes.certificates import certificate_file, server_context, trusting
from tests.fakes.raw_server import Drip, Flood, Pause, RawServer, Reset, Script
from tests.harness.relay import LyingRelay
from tests.harness.socks import Socks

pytestmark = pytest.mark.anyio

HIDDEN = "relayrelayrelayrelayrelayrelayrelayrelayrelayrelayrelayr.onion"


async def no_tls() -> ssl.SSLContext:
    raise AssertionError("nothing here is reached over TLS")


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("wss://relay.example", "relay.example"),
        ("wss://Relay.Example:443/path?token=secret", "relay.example"),
        ("wss://relay.example:7777", "relay.example:7777"),
        ("ws://127.0.0.1:8080", "127.0.0.1:8080"),
        ("ws://[::1]:8080", "[::1]:8080"),
        ("ws://localhost", "localhost"),
        (f"ws://{HIDDEN}", HIDDEN),
    ],
)
def test_a_relay_is_called_by_its_host_alone(url: str, place: str) -> None:
    assert place_of(url).authority == place


@pytest.mark.parametrize(
    "url",
    ["ws://relay.example", "http://127.0.0.1", "https://relay.example", "relay.example", "", "wss:", "wss://", "ws://10.0.0.1",
     "wss://[::1", "ws://127.0.0.1.example"],
)  # fmt: skip
async def test_what_would_not_be_private_is_not_dialled(url: str) -> None:
    with pytest.raises(NotReached):
        place_of(url)
    with pytest.raises(NotReached):
        await dial(url, no_tls, None)


async def test_messages_go_both_ways_and_proxies_of_the_environment_are_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "socks_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    async with LyingRelay() as there:
        relay = await dial(there.url, no_tls, None)
        assert relay.is_open
        await relay.send('["REQ","a",{"kinds":[1]}]')
        assert await relay.receive() == (["EOSE", "a"], len('["EOSE", "a"]'))
        await relay.close()
        assert not relay.is_open
        with pytest.raises(Gone):
            await relay.send("[]")
        with pytest.raises(Gone):
            await relay.receive()


async def test_a_redirect_is_not_followed() -> None:
    async with LyingRelay() as elsewhere:
        async with LyingRelay("redirect", elsewhere=elsewhere.url) as there:
            with pytest.raises(NotReached, match="answered 302"):
                await dial(there.url, no_tls, None)
        assert elsewhere.connections == 0


async def test_a_page_is_no_relay() -> None:
    async with LyingRelay("page") as there:
        with pytest.raises(NotReached, match="answered 200"):
            await dial(there.url, no_tls, None)


async def test_a_relay_that_does_not_greet_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "CONNECT_S", 0.05)
    async with LyingRelay("slow-handshake", delay_s=0.3) as there:
        with pytest.raises(NotReached, match="did not greet"):
            await dial(there.url, no_tls, None)


async def test_nothing_listens_there() -> None:
    async with LyingRelay() as there:
        url = there.url
    with pytest.raises(NotReached, match="nothing listens there"):
        await dial(url, no_tls, None)


async def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotReached, match="its name is not known"):
        await dial("ws://nowhere.localhost:1", no_tls, None)


async def test_tls_believes_whom_it_is_told_to(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    (tmp_path / "other").mkdir()
    other = certificate_file(tmp_path / "other")

    async def right() -> ssl.SSLContext:
        return trusting(pem)

    async def wrong() -> ssl.SSLContext:
        return trusting(other)

    async with LyingRelay(tls=server_context(pem)) as there:
        assert there.url.startswith("wss://")
        relay = await dial(there.url, right, None)
        await relay.send('["REQ","a",{}]')
        assert (await relay.receive())[0] == ["EOSE", "a"]
        await relay.close()
        with pytest.raises(NotReached, match="could not prove who it is"):
            await dial(there.url, wrong, None)
        with pytest.raises(NotReached):  # and it is not spoken to without TLS either
            await dial(there.url.replace("wss", "ws"), no_tls, None)


async def test_what_speaks_no_tls_is_not_reached_over_it() -> None:
    async def any_context() -> ssl.SSLContext:
        return ssl.create_default_context()

    async with LyingRelay() as there:
        with pytest.raises(NotReached, match="it hung up"):
            await dial(there.url.replace("ws", "wss"), any_context, None)


async def test_a_hidden_service_is_reached_through_tor_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async with LyingRelay() as there, Socks({HIDDEN: there.port}).serving() as tor:
        relay = await dial(f"ws://{HIDDEN}", no_tls, tor.address)
        await relay.send('["REQ","a",{}]')
        assert (await relay.receive())[0] == ["EOSE", "a"]
        await relay.close()
        assert tor.asked == [(HIDDEN, 80)]
        relay = await dial(there.url, no_tls, tor.address)
        await relay.close()
        assert len(tor.asked) == 1  # what is no hidden service does not go through it


async def test_a_hidden_service_is_not_reached_without_tor() -> None:
    with pytest.raises(NotReached, match="only Tor"):
        await dial(f"ws://{HIDDEN}", no_tls, None)
    with pytest.raises(NotReached, match=r"through Tor at 127\.0\.0\.1:9"):
        await dial(f"ws://{HIDDEN}", no_tls, "127.0.0.1:9")
    async with Socks({}).serving() as tor:
        with pytest.raises(NotReached, match="no way leads there"):
            await dial(f"ws://{HIDDEN}", no_tls, tor.address)


async def test_nothing_that_is_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("websockets").setLevel(logging.DEBUG)
    async with LyingRelay() as there:
        relay = await dial(f"{there.url}/?token=canary", no_tls, None)
        await relay.send('["REQ","canary",{}]')
        await relay.receive()
        await relay.close()
    assert "canary" not in caplog.text


@pytest.mark.parametrize("lie", ["garbage", "binary", "deep", "numbers"])
async def test_what_is_no_message_is_none(lie: str) -> None:
    async with LyingRelay(lie) as there:
        relay = await dial(there.url, no_tls, None)
        await relay.send('["REQ","a",{}]')
        assert (await relay.receive())[0] == ["EOSE", "a"]
        event = sign(b"\x07" * 32, 1, [], "real", 1)
        await there.pass_on(event)
        found = []
        while True:
            message, length = await relay.receive()
            assert length <= MOST_BYTES
            found.append(message)
            if message == ["EVENT", "a", json.loads(event.to_json())]:
                break
        assert None in found
        assert lie != "binary" or found[:-1] == [None, None]
        await relay.close()


async def test_a_relay_that_says_too_much_at_once_is_hung_up_on() -> None:
    async with LyingRelay("oversized") as there:
        relay = await dial(there.url, no_tls, None)
        await relay.send('["REQ","a",{}]')
        await relay.receive()
        await there.pass_on(sign(b"\x07" * 32, 1, [], "real", 1))
        with pytest.raises(Gone):
            await relay.receive()
        await relay.close()


ACCEPTS = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"


@pytest.mark.parametrize(
    "said",
    [
        [b""], [b"\r\n" * 100], [b"\x00\xff" * 9_000], [b"SSH-2.0-OpenSSH\r\n"], [b"HTTP/1.1 101\r\n\r\n"], [Reset()],
        [f"{ACCEPTS}Sec-WebSocket-Accept: AAAA\r\n\r\n".encode()], [f"{ACCEPTS}\r\n".encode()],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", Pause(0.2)],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [b"HTTP/1.1 200 OK\r\n", Flood(b"A: b\r\n" * 1_000)],
        [b"HTTP/1.1 200 OK\r\nA: ", Flood(b"b" * 10_000)], [b"HTTP/1.1 200 OK\r\n\r\n", Flood(b"b" * 10_000)],
        [Drip(b"H", 0.05, endless=True)], [b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n"],
    ],
)  # fmt: skip
async def test_whatever_answers_in_place_of_a_relay_is_not_reached(
    said: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "CONNECT_S", 0.5)
    async with RawServer(said) as there:
        began = time.monotonic()
        with pytest.raises(NotReached):
            await dial(there.url.replace("http", "ws"), no_tls, None)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "frames",
    [
        b"\xc1\x01{", b"\xff\xff", b"\x81\xff" + b"\xff" * 8, b"\x80\x00", b"\x81\x02\xc3\x28", b"\x88\x01\x00",
        b"\x83\x00", b"\x89\x7e\x01\x00" + bytes(256), b"\x01\x00" * 2, b"\x81\x7f\x00\x00\x00\x00\x00\x10\x00\x00",
    ],
)  # fmt: skip
async def test_frames_that_break_the_protocol_end_the_connection(frames: bytes) -> None:
    async with LyingRelay() as there:
        relay = await dial(there.url, no_tls, None)
        await relay.send('["REQ","a",{}]')
        await relay.receive()
        there.clients[0].connection.transport.write(frames)
        with pytest.raises(Gone):
            async with asyncio.timeout(5):
                await relay.receive()
        await relay.close()


@pytest.mark.parametrize(("fragments", "is_borne"), [(MOST_FRAGMENTS - 1, True), (MOST_FRAGMENTS, False)])
async def test_a_message_comes_in_few_fragments(fragments: int, is_borne: bool) -> None:
    async with LyingRelay() as there:
        relay = await dial(there.url, no_tls, None)
        await relay.send('["REQ","a",{}]')
        await relay.receive()
        transport = there.clients[0].connection.transport
        transport.write(b"\x01\x00" + b"\x00\x00" * fragments)
        async with asyncio.timeout(5):
            if is_borne:
                transport.write(b"\x80\x06" + b'["OK"]')
                assert await relay.receive() == (["OK"], 6)
            else:
                with pytest.raises(Gone):
                    await relay.receive()
        await relay.close()


async def test_a_relay_that_does_not_say_good_bye_is_hung_up_on() -> None:
    async with LyingRelay("never-closes") as there:
        relay = await dial(there.url, no_tls, None)
        began = time.monotonic()
        await relay.close()
        assert time.monotonic() - began < 2 * CLOSE_S + 1
        assert not relay.is_open
