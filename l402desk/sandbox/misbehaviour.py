"""The quirks that are about bytes and time: they bend how a priced answer goes out, whatever it says."""

from __future__ import annotations

import asyncio
from asyncio import Transport
from collections.abc import Callable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from l402desk.sandbox.bomb import gzip_bomb

TRANSPORT = "l402desk.transport"
"""The key of the scope under which a real connection lends its transport; absent without one."""

LONGEST_S = 600.0
HUGE = 256 * 1024


class Misbehaving:
    """An application around another. ``is_behind`` says which paths are concerned; ``drip_s`` is per byte.

    Everything ends after ten minutes at the latest, and at once when the client or the server goes.
    """

    def __init__(
        self, app: ASGIApp, quirks: frozenset[str], is_behind: Callable[[str], bool], drip_s: float = 0.25
    ) -> None:
        self._app = app
        self._quirks = quirks
        self._is_behind = is_behind
        self._drip_s = drip_s
        self._bomb = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._is_behind(scope["path"]):
            await self._app(scope, receive, send)
            return
        transport: Transport | None = scope.get(TRANSPORT)
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._misbehave(scope, receive, send, transport)
        except TimeoutError:
            if transport is not None:
                transport.abort()
                await _gone(receive)

    async def _misbehave(self, scope: Scope, receive: Receive, send: Send, transport: Transport | None) -> None:
        if "hangs" in self._quirks:
            await _gone(receive)
            return
        drips = "slow-headers" in self._quirks and transport is not None
        if drips and transport is not None:
            send = _slow_headers(transport, self._drip_s)
        elif "slow-body" in self._quirks:
            send = _slow_body(send, self._drip_s, transport)
        if "huge-header" in self._quirks:
            send = _huge_header(send)
        if "gzip-bomb" in self._quirks:
            self._bomb = self._bomb or await gzip_bomb()
            send = _gzip_bomb(send, self._bomb)
        await self._app(scope, receive, send)
        if drips:
            await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _huge_header(send: Send) -> Send:
    async def bent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"x-padding", b"a" * HUGE)]
        await send(message)

    return bent


def _gzip_bomb(send: Send, bomb: bytes) -> Send:
    """The first piece of the body is the bomb, and there is no second."""
    done = False

    async def bent(message: Message) -> None:
        nonlocal done
        if message["type"] == "http.response.start":
            kept = [(k, v) for k, v in message["headers"] if k.lower() not in {b"content-length"}]
            coded = [(b"content-encoding", b"gzip, gzip, gzip"), (b"content-length", b"%d" % len(bomb))]
            await send({**message, "headers": kept + coded})
        elif not done:
            done = True
            await send({"type": "http.response.body", "body": bomb, "more_body": False})

    return bent


def _slow_body(send: Send, drip_s: float, transport: Transport | None) -> Send:
    async def bent(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        for byte in message.get("body", b""):
            if transport is not None and transport.is_closing():
                return
            await send({"type": "http.response.body", "body": bytes((byte,)), "more_body": True})
            await asyncio.sleep(drip_s)
        await send({"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)})

    return bent


def _slow_headers(transport: Transport, drip_s: float) -> Send:
    """Write the header to the connection itself, byte by byte; then one piece of the body, and close."""

    async def bent(message: Message) -> None:
        if message["type"] == "http.response.body":
            if not transport.is_closing():
                transport.write(message.get("body", b""))
                transport.close()
            return
        for byte in _head(message):
            if transport.is_closing():
                return
            transport.write(bytes((byte,)))
            await asyncio.sleep(drip_s)

    return bent


def _head(message: Message) -> bytes:
    status = HTTPStatus(message["status"])
    lines = [b"HTTP/1.1 %d %s" % (status, status.phrase.encode()), b"connection: close"]
    lines += [b"%s: %s" % (k, v) for k, v in message["headers"] if k.lower() != b"content-length"]
    return b"\r\n".join(lines) + b"\r\n\r\n"
