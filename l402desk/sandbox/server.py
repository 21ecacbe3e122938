"""Opens the sandbox on its own socket, inside the loop that is running, and closes it within a second."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from l402desk.protocol.origin import Origin
from l402desk.sandbox.app import Parts, build_app
from l402desk.sandbox.connection import configured
from l402desk.sandbox.endpoints import BEHIND_THE_DOOR, ENDPOINTS, Endpoint
from l402desk.sandbox.minting import Clock
from l402desk.sandbox.misbehaviour import Misbehaving
from l402desk.sandbox.quirks import read_quirks
from l402desk.sandbox.wallet import PlayWallet

_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
CLOSE_S = 3.0


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox. ``url`` has no slash at its end."""

    url: str
    wallet: PlayWallet
    endpoints: tuple[Endpoint, ...] = ENDPOINTS

    @property
    def origin(self) -> Origin:
        return Origin.of(self.url)


@asynccontextmanager
async def open_sandbox(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    quirks: frozenset[str] = frozenset(),
    clock: Clock = time.time,
) -> AsyncIterator[Sandbox]:
    """Serve until the context is left: on loopback unless the caller names a host; port 0 is a free one.

    Raises UnknownQuirk, and OSError where the address is not to be had. Ends by dropping every connection.
    """
    parts = Parts.make(clock, read_quirks(quirks))
    app = Misbehaving(build_app(parts), parts.quirks, BEHIND_THE_DOOR.__contains__)
    listener = await _bound(host, port)
    server = configured(app)
    task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]), name="sandbox")
    try:
        await server.begun(task)
        yield Sandbox(_url(host, listener), parts.wallet)
    finally:
        server.should_exit = True
        with anyio.move_on_after(CLOSE_S, shield=True):
            await task
        listener.close()


async def _bound(host: str, port: int) -> socket.socket:
    found = await asyncio.get_running_loop().getaddrinfo(host or None, port, type=socket.SOCK_STREAM)
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let a second server take the same port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _url(host: str, listener: socket.socket) -> str:
    name = _ANYWHERE.get(host, host)
    port = listener.getsockname()[1]
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
