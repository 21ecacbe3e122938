"""Where the sandbox meets uvicorn: connections lend out their transport, the server ends at once."""

from __future__ import annotations

import asyncio
import socket
from asyncio import BaseTransport, Transport
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from l402desk.sandbox.misbehaviour import TRANSPORT

END_S = 1.0


class Connection(H11Protocol):
    """One connection of a client."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast("Transport", transport))
        self.app = cast("Any", _Lending(cast("ASGIApp", self.app), self.transport))


class _Lending:
    """The application with the transport in its scope."""

    def __init__(self, app: ASGIApp, transport: Transport) -> None:
        self._app = app
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[TRANSPORT] = self._transport
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            # Only a closing server cancels, after it dropped the connection; uvicorn would log a failure.
            if not self._transport.is_closing():
                raise


class Server(uvicorn.Server):
    """A server that leaves the process's signals alone and does not wait for anybody at its end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def begun(self, serving: asyncio.Task[None]) -> None:
        """Return once clients are let in; ``serving`` is the task of ``serve``. Raises what it raised."""
        while not self.started:
            if serving.done():
                serving.result()
                raise OSError("The server ended before it began")
            await asyncio.sleep(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the sockets, drop every connection, and end every request, within a second."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # lets each connection learn that it was lost, before its request is cancelled
        tasks = set(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=END_S)
        await asyncio.sleep(0)


def configured(app: ASGIApp) -> Server:
    """A server for ``app`` that logs errors only, and takes its sockets in ``serve``."""
    return Server(
        uvicorn.Config(
            cast("Any", app),
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=30,
        )
    )
