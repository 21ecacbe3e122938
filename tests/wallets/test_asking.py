"""One question to a wallet's server, whatever the server does with it."""

from __future__ import annotations

import socket
import ssl
import time

import pytest

from l402desk.wallets.asking import MOST_BYTES, Server
from l402desk.wallets.errors import NoAnswer, NotReached
from tests.fakes.raw_server import Drip, Flood, Pause, RawServer, Reset, response
from tests.harness.socks import Socks

pytestmark = pytest.mark.anyio


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


async def test_a_question_is_sent_with_its_headers_and_answered_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with RawServer([response(b'{"a": 1}', status="520 Odd")]) as raw:
        server = Server(f"{raw.url}/under/here", {"X-Api-Key": "secret"}, nobody)
        reply = await server.ask("POST", "/pay", body={"out": True}, within_s=2)
        await server.ask("GET", "/pay", within_s=2, with_headers=False)
    assert (reply.status, reply.json()) == (520, {"a": 1})
    posted, got = raw.requests
    assert posted.startswith(b"POST /under/here/pay HTTP/1.1\r\n")
    assert posted.endswith(b'{"out":true}')
    assert b"x-api-key: secret" in posted.lower()
    assert b"accept-encoding: identity" in posted.lower()
    assert b"secret" not in got
    assert raw.connections == 2  # a connection that was kept could be dead without anybody knowing
    assert "secret" not in repr(server)
    assert '"a"' not in repr(reply)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_not_followed(status: str) -> None:
    async with RawServer([response(b"caught")]) as trap:
        elsewhere = response(status=status, headers=[f"Location: {trap.url}/"])
        async with RawServer([elsewhere]) as raw:
            reply = await Server(raw.url, {"X-Api-Key": "secret"}, nobody).ask("GET", "/", within_s=2)
        assert reply.status == int(status[:3])
        assert trap.requests == []


async def test_what_is_not_there_was_not_asked() -> None:
    async with RawServer([b""]) as raw:
        url = raw.url
    with pytest.raises(NotReached, match="nothing listens there"):
        await Server(url, {}, nobody).ask("GET", "/", within_s=2)


async def test_a_name_that_is_not_known_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotReached, match="its name is not known"):
        await Server("http://no-such-host.invalid", {}, nobody).ask("GET", "/", within_s=5)


@pytest.mark.parametrize(
    "script",
    [
        [Pause(0.0)],
        [Reset()],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"],
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [response(b"\x1f\x8b", headers=["Content-Encoding: gzip"])],
        [response(b"a" * (MOST_BYTES + 1))],
        [b"HTTP/1.1 200 OK\r\n\r\n", Flood(b"a" * 65_536)],
    ],
    ids=["silence", "reset", "cut", "no http", "headers", "chunks", "gzip", "large", "flood"],
)
async def test_what_cannot_be_read_leaves_it_unknown_what_was_done(script: list[bytes]) -> None:
    async with RawServer(script) as raw:
        with pytest.raises(NoAnswer):
            await Server(raw.url, {}, nobody).ask("POST", "/", body={}, within_s=2)
        assert len(raw.requests) == 1


@pytest.mark.parametrize("script", [[Pause(30)], [b"HTTP/1.1 200 OK\r\n\r\n", Drip(b"a", 0.02, endless=True)]])
async def test_a_question_ends_at_its_deadline_however_the_answer_drips(script: list[bytes]) -> None:
    async with RawServer(script) as raw:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"within 0\.2 seconds"):
            await Server(raw.url, {}, nobody).ask("GET", "/", within_s=0.2)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"\xff", b"[" * 100_000, b"9" * 10_000])
async def test_only_a_json_object_is_an_answer(body: bytes) -> None:
    async with RawServer([response(body)]) as raw:
        reply = await Server(raw.url, {}, nobody).ask("GET", "/", within_s=2)
    with pytest.raises(NoAnswer):
        reply.json()
    assert reply.json_or_empty() == {}


ONION = f"{'a' * 56}.onion"


async def test_a_hidden_service_is_reached_through_tor_and_named_to_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with RawServer([response(b'{"a": 1}')]) as raw, Socks({ONION: raw.port}).serving() as tor:
        monkeypatch.setattr(socket, "getaddrinfo", only_addresses)
        server = Server(f"http://{ONION}:8080", {"X-Api-Key": "secret"}, nobody, tor.address)
        assert (await server.ask("GET", "/there", within_s=5)).json() == {"a": 1}
    assert tor.asked == [(ONION, 8080)]
    assert raw.requests[0].startswith(b"GET /there ")


async def test_what_is_no_hidden_service_does_not_go_through_tor() -> None:
    async with RawServer([response(b"{}")]) as raw, Socks({}).serving() as tor:
        await Server(raw.url, {}, nobody, tor.address).ask("GET", "/", within_s=5)
    assert tor.asked == []


async def test_a_hidden_service_that_tor_does_not_find_was_not_asked() -> None:
    async with Socks({}).serving() as tor:
        with pytest.raises(NotReached, match="through Tor"):
            await Server(f"http://{ONION}", {}, nobody, tor.address).ask("POST", "/pay", body={}, within_s=5)


async def test_where_no_tor_runs_nothing_is_asked() -> None:
    async with Socks({}).serving() as tor:
        gone = tor.address
    with pytest.raises(NotReached, match="through Tor"):
        await Server(f"http://{ONION}", {}, nobody, gone).ask("GET", "/", within_s=5)
    with pytest.raises(NotReached, match="only Tor can reach"):
        await Server(f"http://{ONION}", {}, nobody).ask("GET", "/", within_s=5)


async def test_a_streamed_answer_is_read_until_it_is_enough() -> None:
    script: list[bytes | Pause] = [b"HTTP/1.1 200 OK\r\n\r\n", b'{"a": 1}\n', Pause(30)]
    async with RawServer(script) as raw:
        reply = await Server(raw.url, {}, nobody).ask("GET", "/", within_s=5, enough=lambda body: b"\n" in body)
    assert reply.lines() == [{"a": 1}]


async def test_a_trickle_of_lines_is_given_up() -> None:
    async with RawServer([b"HTTP/1.1 200 OK\r\n\r\n", Drip(b"\n", 0.0005, endless=True)]) as raw:
        with pytest.raises(NoAnswer, match="more than a wallet has to say"):
            await Server(raw.url, {}, nobody).ask("GET", "/", within_s=30, enough=lambda _: False)


async def test_of_lines_only_the_objects_count() -> None:
    async with RawServer([response(b'{"a": 1}\n\n[1]\nno\n{"b": 2}\r\n\xff\n{"c"')]) as raw:
        reply = await Server(raw.url, {}, nobody).ask("GET", "/", within_s=5)
    assert reply.lines() == [{"a": 1}, {"b": 2}]


async def test_whoever_has_more_to_say_is_read_further_where_that_is_known() -> None:
    body = b'{"a": "' + b"a" * MOST_BYTES + b'"}'
    async with RawServer([response(body)]) as raw:
        reply = await Server(raw.url, {}, nobody, most_bytes=2 * MOST_BYTES).ask("GET", "/", within_s=5)
    assert len(reply.body) == len(body)


async def test_a_form_is_sent_as_one() -> None:
    async with RawServer([response(b"{}")]) as raw:
        await Server(raw.url, {}, nobody).ask("POST", "/payinvoice", form={"invoice": "ln bc&"}, within_s=5)
    assert b"application/x-www-form-urlencoded" in raw.requests[0].lower()
    assert raw.requests[0].endswith(b"invoice=ln+bc%26")


def only_addresses(host: object, port: object, *_: object, **__: object) -> list[object]:
    """Looks nothing up that is not an address already."""
    assert host in ("127.0.0.1", b"127.0.0.1"), f"{host!r} was looked up"
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
