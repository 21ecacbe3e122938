"""HTTP for mock wallet servers: one question a connection, and every way in which an answer can go wrong."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Question:
    """``headers`` have lower-case names; ``path`` has no query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` goes out as it is. ``then`` is what comes behind it: the end, a cut connection, or nothing ever.

    ``length`` is what Content-Length claims; without it the body goes out in chunks.
    """

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    then: str = "end"
    length: int | None = None


class Drop(Exception):  # noqa: N818 - what happens
    """Close the connection without an answer."""


class Hang(Exception):  # noqa: N818 - what happens
    """Never answer."""


Handler = Callable[[Question], Awaitable[Answer]]


def answer(status: int, value: object) -> Answer:
    return Answer(status, json.dumps(value).encode())


def stream(*values: object, status: int = 200, then: str = "end") -> Answer:
    """JSON objects, one a line, as grpc-gateway streams them."""
    return Answer(status, b"".join(json.dumps(value).encode() + b"\n" for value in values), then=then)


@asynccontextmanager
async def serving(handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve on loopback while the context lasts; gives the URL, without a slash at its end."""
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await _converse(handler, reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", port, ssl=tls)
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _converse(handler: Handler, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        said = await handler(await _read(reader))
        writer.write(_head(said))
        for piece in _pieces(said):
            writer.write(piece)
            await writer.drain()
        if said.then == "hang":
            raise Hang
    except Hang:
        await _silence(reader)
    except (Drop, OSError, asyncio.IncompleteReadError, ValueError):
        pass
    except asyncio.CancelledError:
        pass  # the test is over; the streams' own callback would log it
    finally:
        writer.close()


async def _silence(reader: asyncio.StreamReader) -> None:
    """Until the other side gives up, or the test is over."""
    try:
        await reader.read()
    except (OSError, asyncio.CancelledError):
        return


def _pieces(said: Answer) -> Sequence[bytes]:
    """The body; its chunks of HTTP/1.1 lack their end where the connection is cut or goes on."""
    if said.length is not None:
        return [said.body]
    chunks = [b"%x\r\n%s\r\n" % (len(said.body), said.body)] if said.body else []
    return [*chunks, b"0\r\n\r\n"] if said.then == "end" else chunks


async def _read(reader: asyncio.StreamReader) -> Question:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    path, _, query = target.partition("?")
    return Question(method, path, query, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def _head(said: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {said.status} Told",
        f"Content-Type: {said.kind}",
        "Transfer-Encoding: chunked" if said.length is None else f"Content-Length: {said.length}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in said.headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
