"""A host is looked up once, checked, and then dialled at the addresses that were found."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import httpcore
import pytest

from l402desk.client.dialing import Dialer, OnionError, PrivateAddressError, look_up
from l402desk.client.timing import DNS_SECONDS
from tests.fakes.raw_server import RawServer, response

pytestmark = pytest.mark.anyio


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """A name server that knows one answer; returns the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET6 if ":" in at else socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port))
            for at in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


async def test_addresses_come_in_turn_without_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "192.0.2.1", "192.0.2.2", "2001:db8::1", "192.0.2.1")
    assert await look_up("example.com", 80) == ["2001:db8::1", "192.0.2.1", "192.0.2.2"]


async def test_a_connection_knows_how_long_its_look_up_took(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer([response()]) as server:
        asked = names(monkeypatch, "127.0.0.1")
        stream = await Dialer().connect_tcp("example.com", server.port, 5)
        assert asked == ["example.com"]
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        assert 0 <= stream.get_extra_info(DNS_SECONDS) < 5
        await stream.aclose()


async def test_a_dead_address_does_not_keep_us_from_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer([response()]) as server:
        names(monkeypatch, "::1", "127.0.0.1")  # nothing listens on ::1
        stream = await Dialer().connect_tcp("example.com", server.port, 5)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()


async def test_a_silent_address_is_overtaken_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer([response()]) as server:
        names(monkeypatch, "127.0.0.2", "127.0.0.1")
        plain = httpcore.AnyIOBackend.connect_tcp

        async def connect(self: Any, host: str, port: int, *args: Any, **more: Any) -> httpcore.AsyncNetworkStream:
            if host == "127.0.0.2":
                await asyncio.Event().wait()
            return await plain(self, host, port, *args, **more)

        monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
        stream = await Dialer().connect_tcp("example.com", server.port, 5)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:192.168.0.1", "169.254.169.254"])
async def test_a_public_name_with_one_private_address_is_refused_where_that_matters(
    monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    names(monkeypatch, "1.1.1.1", inside)
    with pytest.raises(PrivateAddressError):
        await Dialer(public_only=True).connect_tcp("example.com", 80, 5)


async def test_a_hidden_service_is_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = names(monkeypatch, "127.0.0.1")
    with pytest.raises(OnionError):
        await Dialer().connect_tcp("abc.onion", 80, 5)
    assert asked == []


async def test_an_unknown_name_and_a_closed_port_keep_their_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(httpcore.ConnectError):
        await Dialer().connect_tcp("127.0.0.1", port, 5)
    names(monkeypatch)
    with pytest.raises(httpcore.ConnectError) as unknown:
        await Dialer().connect_tcp("nowhere.example", 80, 5)
    assert isinstance(unknown.value.__cause__, socket.gaierror)


async def test_a_hanging_look_up_holds_up_neither_the_deadline_nor_a_cancellation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate = threading.Event()

    def hang(*_: Any, **__: Any) -> list[Any]:
        gate.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    with pytest.raises(httpcore.ConnectTimeout):
        await Dialer().connect_tcp("slow.example", 80, 0.05)
    task = asyncio.ensure_future(Dialer().connect_tcp("slow.example", 80, 30))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert loop.time() - begun < 5
    gate.set()
