"""A server of scripted bytes on a real socket: it says what a test tells it to, at the pace the test wants."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drip:
    """Send the bytes one by one, with a pause before each, again and again if ``endless``."""

    data: bytes
    pause_s: float
    endless: bool = False


@dataclass(frozen=True, slots=True)
class Flood:
    """Send the bytes again and again, as fast as they are taken."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Reset:
    """End the connection the hard way (RST)."""


Step = bytes | Pause | Drip | Flood | Reset
Script = Sequence[Step]


def response(body: bytes = b"", *, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    """A whole, correct answer that lets the connection live."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


class RawServer:
    """Answers each request with the next script; the last script is used for ever. Keeps what it was sent."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self._scripts = list(scripts)
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.requests: list[bytes] = []
        self.connections = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        assert isinstance(port, int)
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self.connections += 1
        try:
            while (request := await _read_request(reader)) is not None:
                self.requests.append(request)
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                for step in script:
                    await self._perform(step, writer)
                if not _is_whole(script):
                    return
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError, ssl.SSLError):
                await writer.wait_closed()

    async def _perform(self, step: Step, writer: asyncio.StreamWriter) -> None:
        send = _sender(writer)
        match step:
            case bytes():
                await send(step)
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case Flood(data):
                while True:
                    await send(data)
            case Drip(data, pause_s, endless):
                while True:
                    for byte in data:
                        await asyncio.sleep(pause_s)
                        await send(bytes([byte]))
                    if not endless:
                        return
            case Reset():
                writer.transport.abort()
                raise ConnectionResetError


def _sender(writer: asyncio.StreamWriter) -> Callable[[bytes], Awaitable[None]]:
    async def send(data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    return send


def _is_whole(script: Script) -> bool:
    """Is the answer of a kind after which both sides can go on?"""
    if not script or not all(isinstance(step, bytes) for step in script):
        return False
    head, _, body = b"".join(step for step in script if isinstance(step, bytes)).rpartition(b"\r\n\r\n")
    return f"content-length: {len(body)}\r\n".encode() in head.lower() + b"\r\n"


async def _read_request(reader: asyncio.StreamReader) -> bytes | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return head + await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        return None
