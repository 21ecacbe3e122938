"""A gate on loopback before a real peer: it can hold answers back, close, and show one certificate or another.

``with Valve(port) as valve`` runs it in a thread of its own, so that it passes things on whatever else waits.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
HOST = "127.0.0.1"


class Valve:
    """Passes TCP connections on to a port of this machine. ``certificate`` is a PEM file: it then speaks TLS itself.

    ``asked`` has what went to the peer since the start, each connection by itself.
    """

    def __init__(self, target: int, certificate: Path | None = None) -> None:
        self._target = target
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self.show(certificate)
        self.asked: list[bytearray] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="valve", daemon=True)
        self._server: asyncio.Server | None = None
        self._answers = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"{'http' if self._context is None else 'https'}://{HOST}:{self.port}"

    def has_asked(self, words: bytes) -> bool:
        """Did these bytes go to the peer in one of the connections?"""
        return any(words in bytes(stream) for stream in list(self.asked))

    def hold(self) -> None:
        """Let questions through, and no answer back, until `release`."""
        self._loop.call_soon_threadsafe(self._answers.clear)

    def release(self) -> None:
        self._loop.call_soon_threadsafe(self._answers.set)

    def show(self, certificate: Path) -> None:
        """The certificate of every further connection."""
        if self._context is None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)

    def close(self) -> None:
        """Refuse connections, and break off those there are, until `open`."""
        self._do(self._close())

    def open(self) -> None:
        """At the same port as before."""
        self._do(self._open())

    def __enter__(self) -> Valve:
        self._thread.start()
        self._do(self._open())
        self.release()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _open(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, HOST, self.port, ssl=self._context)
            self.port = int(self._server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._pass_on(reader, writer)
            writer.close()  # after what it still has to write
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to_there = await asyncio.open_connection(HOST, self._target)
        asked = bytearray()
        self.asked.append(asked)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._questions(reader, to_there, asked))
                both.create_task(self._answers_of(there, writer))
        except* OSError:
            pass  # one side left
        finally:
            to_there.transport.abort()

    async def _questions(self, reader: asyncio.StreamReader, to_there: asyncio.StreamWriter, asked: bytearray) -> None:
        while piece := await reader.read(65_536):
            asked += piece
            to_there.write(piece)
            await to_there.drain()
        if to_there.can_write_eof():
            to_there.write_eof()

    async def _answers_of(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await there.read(65_536):
            await self._answers.wait()
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()  # TLS knows no half-closed connection
