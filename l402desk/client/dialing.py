"""Reaching a host: a look-up that is timed, checked and then used, and a race of its addresses (RFC 8305)."""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import Any

import anyio
import httpcore

from l402desk.client.reach import is_private_address
from l402desk.client.timing import DNS_SECONDS

_STAGGER_S = 0.25  # RFC 8305, 8: the recommended delay before the next address is tried
_MOST_ADDRESSES = 8


class PrivateAddressError(Exception):
    """A name that a public server sent us to belongs to this machine or its network."""


class OnionError(Exception):
    """A hidden service, which only Tor can reach."""


class Dialer(httpcore.AsyncNetworkBackend):
    """Opens TCP connections. With ``public_only`` a host that has any private address is refused."""

    def __init__(self, *, public_only: bool = False) -> None:
        self._public_only = public_only
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if host.endswith(".onion"):
            raise OnionError  # RFC 7686, 2: such a name is never looked up in the DNS
        begun = time.perf_counter()
        try:
            with anyio.fail_after(timeout):
                addresses = await look_up(host, port)
                dns_s = time.perf_counter() - begun
                if self._public_only and any(map(is_private_address, addresses)):
                    raise PrivateAddressError
                return _Dialled(await self._race(addresses, port), dns_s)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    async def _race(self, addresses: Sequence[str], port: int) -> httpcore.AsyncNetworkStream:
        won: list[httpcore.AsyncNetworkStream] = []
        lost: list[Exception] = []

        async def attempt(address: str, ended: anyio.Event) -> None:
            try:
                stream = await self._plain.connect_tcp(address, port)
            except (httpcore.ConnectError, OSError) as error:
                lost.append(error)
                ended.set()
                return
            if won:
                await stream.aclose()
                return
            won.append(stream)
            group.cancel_scope.cancel()

        try:
            async with anyio.create_task_group() as group:
                for address in addresses:
                    ended = anyio.Event()
                    group.start_soon(attempt, address, ended)
                    with anyio.move_on_after(_STAGGER_S):
                        await ended.wait()
        except BaseException:  # cancelled in the moment of winning
            for stream in won:
                await _close(stream)
            raise
        if not won:
            raise lost[0]
        return won[0]


class _Dialled(httpcore.AsyncNetworkStream):
    """A connection that remembers how long its look-up took."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, dns_s: float) -> None:
        self._stream = stream
        self._dns_s = dns_s

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:  # httpcore leaves the connection open when a handshake is cancelled
            await _close(self._stream)
            raise

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the interface says so
        return self._dns_s if info == DNS_SECONDS else self._stream.get_extra_info(info)


async def _close(stream: httpcore.AsyncNetworkStream) -> None:
    with anyio.CancelScope(shield=True):
        await stream.aclose()


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, IPv6 and IPv4 in turn. Raises OSError.

    Each look-up has its own daemon thread: the resolver can hang for half a minute and cannot be interrupted,
    and neither a cancelled send nor the end of the app may wait for it.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()
    threading.Thread(target=_resolve, args=(host, port, loop, answer), name="look-up", daemon=True).start()
    return await answer


def _resolve(host: str, port: int, loop: asyncio.AbstractEventLoop, answer: asyncio.Future[list[str]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        settle = functools.partial(_settle, answer, OSError(f"{error}") if isinstance(error, UnicodeError) else error)
    else:
        settle = functools.partial(_settle, answer, _in_turn([(family, str(at[0])) for family, *_, at in found]))
    try:
        loop.call_soon_threadsafe(settle)
    except RuntimeError:
        return  # the loop is closed: nobody waits any more


def _settle(answer: asyncio.Future[list[str]], result: list[str] | OSError) -> None:
    if answer.done():
        return  # cancelled meanwhile
    if isinstance(result, OSError):
        answer.set_exception(result)
    else:
        answer.set_result(result)


def _in_turn(found: Iterable[tuple[int, str]]) -> list[str]:
    unique = list(dict.fromkeys(found))
    six = [address for family, address in unique if family == socket.AF_INET6]
    four = [address for family, address in unique if family == socket.AF_INET]
    pairs = zip_longest(six, four)
    return [address for address in chain.from_iterable(pairs) if address is not None][:_MOST_ADDRESSES]
