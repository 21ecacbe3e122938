"""A SOCKS5 proxy as Tor offers one (RFC 1928, 1929): hidden services of a table lead to ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HOST_UNREACHABLE = 4


@dataclass(slots=True)
class Socks:
    """``services`` maps a name to a port of this machine. ``asked`` has each name that was to be reached, and its port.

    What comes as an address instead of a name is written down as that address: Tor's names must never be looked up.
    """

    services: Mapping[str, int]
    asked: list[tuple[str, int]] = field(default_factory=list)
    address: str = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Socks]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            yield self

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            _version, methods = await reader.readexactly(2)
            await reader.readexactly(methods)
            writer.write(b"\x05\x00")
            _version, _command, _reserved, kind = await reader.readexactly(4)
            if kind == 3:
                name = (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii")
            else:
                name = (await reader.readexactly(4 if kind == 1 else 16)).hex()
            port = int.from_bytes(await reader.readexactly(2), "big")
            self.asked.append((name, port))
            await self._lead(name, reader, writer)
        writer.close()

    async def _lead(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = self.services.get(name)
        code = 0 if there is not None else HOST_UNREACHABLE
        writer.write(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
        await writer.drain()
        if there is None:
            return
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", there)
        try:
            await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))
        finally:
            inner_writer.close()


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while data := await source.read(65_536):
        to.write(data)
        await to.drain()
    with contextlib.suppress(OSError):
        to.write_eof()
