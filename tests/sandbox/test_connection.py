"""The server takes no signals, drops every connection at its end, and says nothing about it."""

from __future__ import annotations

import asyncio
import signal
import socket

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from l402desk.sandbox.connection import configured
from l402desk.sandbox.misbehaviour import TRANSPORT

pytestmark = pytest.mark.anyio


def listener() -> socket.socket:
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    return found


async def ask(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    return reader, writer


async def test_the_application_finds_the_transport_in_its_scope() -> None:
    seen: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope[TRANSPORT])
        await PlainTextResponse("hello")(scope, receive, send)

    server, found = configured(app), listener()
    async with asyncio.TaskGroup() as group:
        await server.begun(group.create_task(server.serve(sockets=[found])))
        reader, writer = await ask(found.getsockname()[1])
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        server.should_exit = True
    assert isinstance(seen[0], asyncio.Transport)
    writer.close()


async def test_a_request_that_never_ends_is_ended_with_the_server() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def app(_: Scope, __: Receive, ___: Send) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    server, found = configured(app), listener()
    async with asyncio.timeout(2), asyncio.TaskGroup() as group:
        await server.begun(group.create_task(server.serve(sockets=[found])))
        reader, writer = await ask(found.getsockname()[1])
        await begun.wait()
        server.should_exit = True
    assert cancelled.is_set()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()


async def test_a_server_that_cannot_begin_says_why() -> None:
    closed = listener()
    closed.close()
    server = configured(PlainTextResponse("x"))
    task = asyncio.get_running_loop().create_task(server.serve(sockets=[closed]))
    with pytest.raises(OSError, match="descriptor"):
        await server.begun(task)


async def test_the_processs_signal_handlers_are_left_alone() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with configured(PlainTextResponse("x")).capture_signals():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
