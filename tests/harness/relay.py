"""A Nostr relay (NIP-01, NIP-42) in this process, honest until it is given the name of a lie.

``async with LyingRelay("doubled") as relay`` serves at ``relay.url``; ``relay.lie = ""`` makes it honest again, at any
time. What a client of a wallet publishes (kind 23194) meets the lies about OK, what comes to clients (every other kind)
the lies about events: the wallet service that a test runs over the same relay is treated well. ``published`` has every
event that came in, ``asked`` every filter, ``proofs`` every event of NIP-42.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import ssl
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from l402desk.wallets.nostr.errors import BadEvent
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.filters import matches
from tests.harness.relay_lies import INSTEAD, LIES, as_object, before_it, endless_fragments, falsified

CLIENTS_KIND = 23_194
AUTH_KIND = 22_242
_PROOFS = ("auth", "auth-late", "auth-refused", "auth-without-challenge")
_REFUSED = "auth-required: prove who you are"
_SILENT = logging.Logger("harness.relay")  # noqa: LOG001 - a test asks for no log of it
_SILENT.disabled = True


@dataclass(slots=True, eq=False)
class Client:
    """One connection, and what it asked for."""

    connection: ServerConnection
    subscriptions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    challenge: str = field(default_factory=lambda: secrets.token_hex(16))
    key: str | None = None
    held: list[tuple[str, Event]] = field(default_factory=list)
    floods: list[asyncio.Task[None]] = field(default_factory=list)

    async def say(self, *message: object) -> None:
        await self.connection.send(json.dumps(message, ensure_ascii=False))


class LyingRelay:
    def __init__(
        self,
        lie: str = "",
        *,
        delay_s: float = 0.3,
        elsewhere: str = "",
        keeps_ephemeral: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.tls = tls
        self.lie = lie
        self.delay_s = delay_s
        self.elsewhere = elsewhere
        self.keeps_ephemeral = keeps_ephemeral
        self.published: list[Event] = []
        self.asked: list[dict[str, Any]] = []
        self.proofs: list[Event] = []
        self.kept: list[Event] = []
        self.connections = 0
        self.clients: list[Client] = []
        self.port = 0
        self._passed: list[Event] = []
        self._server: Server | None = None

    @property
    def lie(self) -> str:
        return self._lie

    @lie.setter
    def lie(self, name: str) -> None:
        assert not name or name in LIES, name
        self._lie = name

    @property
    def url(self) -> str:
        return f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a stop, at the same port again."""
        options: dict[str, Any] = {"process_request": self._greet, "logger": _SILENT, "close_timeout": 0.2}
        self._server = await serve(self._serve, "127.0.0.1", self.port, ssl=self.tls, **options)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        """Break every connection and listen no more."""
        assert self._server is not None
        self._server.close(close_connections=False)
        self.drop()
        await self._server.wait_closed()

    def drop(self) -> None:
        """Break every connection; whoever comes again is served."""
        for client in self.clients:
            client.connection.transport.abort()

    async def _greet(self, connection: ServerConnection, _request: Request) -> Response | None:
        if self.lie == "slow-handshake":
            await asyncio.sleep(self.delay_s)
        if self.lie not in ("page", "redirect"):
            return None
        response = connection.respond(
            HTTPStatus.OK if self.lie == "page" else HTTPStatus.FOUND, "<html>Welcome!</html>"
        )
        response.headers["Location"] = self.elsewhere
        return response

    async def _serve(self, connection: ServerConnection) -> None:
        client = Client(connection)
        self.connections += 1
        self.clients.append(client)
        try:
            if self.lie == "hangs-up":
                return
            if self.lie in ("auth", "auth-again", "auth-for-reading", "auth-refused"):
                await client.say("AUTH", client.challenge)
            if self.lie == "never-closes":
                connection.protocol.send_close = lambda *_, **__: None  # type: ignore[method-assign]
            async for message in connection:
                await self._take(client, json.loads(message))
        except ConnectionClosed:
            return
        finally:
            self.clients.remove(client)
            for flood in client.floods:
                flood.cancel()
            await asyncio.gather(*client.floods, return_exceptions=True)

    async def _take(self, client: Client, message: list[Any]) -> None:
        match message:
            case ["EVENT", value]:
                await self._take_event(client, value)
            case ["REQ", str(name), *filters]:
                await self._take_request(client, name, filters)
            case ["CLOSE", str(name)]:
                client.subscriptions.pop(name, None)
            case ["AUTH", value]:
                await self._take_proof(client, value)
            case _:
                await client.say("NOTICE", "what is this?")

    async def _take_request(self, client: Client, name: str, filters: list[dict[str, Any]]) -> None:
        self.asked.extend(filters)
        if self._wants_proof(client, (*_PROOFS, "auth-for-reading")):
            await client.say("CLOSED", name, _REFUSED)
            if self.lie == "auth-late":
                await client.say("AUTH", client.challenge)
            return
        if self.lie == "closed":
            await client.say("CLOSED", name, "error: no room")
            return
        client.subscriptions[name] = filters
        if self.lie.startswith("endless") or self.lie == "auth-endless":
            self._meanwhile(client, self._flood(client, name))
        for event in sorted(self.kept, key=lambda event: -event.created_at):
            if _is_wanted(event, filters):
                await self._deliver(client, name, event)
        if self.lie not in ("never-eose", "silent"):
            await client.say("EOSE", name)

    async def _take_event(self, client: Client, value: Any) -> None:
        try:
            event = Event.read(value)
        except BadEvent as error:
            await client.say("OK", value.get("id"), False, f"invalid: {error}")
            return
        self.published.append(event)
        lie = self.lie if event.kind == CLIENTS_KIND else ""
        if lie and self._wants_proof(client, _PROOFS):
            await client.say("OK", event.id, False, _REFUSED)
            if lie == "auth-late":
                await client.say("AUTH", client.challenge)
            return
        if lie == "drops-before":
            client.connection.transport.abort()
            return
        if lie not in ("ok-false", "swallows"):
            await self.pass_on(event)
        await self._say_ok(client, event, lie)

    async def _say_ok(self, client: Client, event: Event, lie: str) -> None:
        if lie == "drops-after":
            client.connection.transport.abort()
        elif lie in ("ok-false", "ok-false-but-passes"):
            await client.say("OK", event.id, False, "blocked: not you")
        elif lie == "duplicate":
            await client.say("OK", event.id, False, "duplicate: exists")
        elif lie == "foreign-ok":
            await client.say("OK", "0" * 64, True, "")
        elif lie not in ("never-ok", "silent"):
            await client.say("OK", event.id, True, "")
        if lie == "accepts-then-closes":
            await client.connection.close()

    async def _take_proof(self, client: Client, value: Any) -> None:
        event = Event.read(value)
        self.proofs.append(event)
        is_right = (
            event.kind == AUTH_KIND
            and event.values("challenge") == (client.challenge,)
            and event.values("relay") == (self.url,)
            and abs(event.created_at - time.time()) < 600
        )
        if self.lie == "auth-refused" or not is_right:
            await client.say("OK", event.id, False, "restricted: members only")
        else:
            client.key = event.pubkey
            await client.say("OK", event.id, True, "")

    def _wants_proof(self, client: Client, lies: tuple[str, ...]) -> bool:
        return self.lie == "auth-again" or (self.lie in lies and client.key is None)

    async def pass_on(self, event: Event) -> None:
        """Keep it, if it is of a kind that is kept, and send it to everybody who asked for it."""
        if not 20_000 <= event.kind < 30_000 or self.keeps_ephemeral:
            if 10_000 <= event.kind < 20_000:  # replaceable
                self.kept = [old for old in self.kept if (old.kind, old.pubkey) != (event.kind, event.pubkey)]
            self.kept.append(event)
        for client in list(self.clients):
            for name, filters in list(client.subscriptions.items()):
                if _is_wanted(event, filters):
                    with contextlib.suppress(ConnectionClosed):
                        await self._deliver(client, name, event)
        self._passed.append(event)

    async def _deliver(self, client: Client, name: str, event: Event) -> None:
        lie = self.lie if event.kind != CLIENTS_KIND else ""
        if lie == "loses":
            return
        if lie == "late":
            self._meanwhile(client, self._say_late(client, name, event))
            return
        if lie == "fragments":
            self._meanwhile(client, client.connection.send(endless_fragments()))
            return
        if lie == "reordered":
            client.held.append((name, event))
            if len(client.held) == 2:
                for held_name, held in reversed(client.held):
                    await client.say("EVENT", held_name, as_object(held))
                client.held.clear()
            return
        for message in self._messages(lie, name, event):
            await client.connection.send(message)
        if lie == "closes-later":
            client.subscriptions.pop(name, None)
            await client.say("CLOSED", name, "error: that is enough")

    async def _say_late(self, client: Client, name: str, event: Event) -> None:
        await asyncio.sleep(self.delay_s)
        await client.say("EVENT", name, as_object(event))

    def _meanwhile(self, client: Client, doing: Coroutine[Any, Any, None]) -> None:
        client.floods.append(asyncio.get_running_loop().create_task(doing))

    def _messages(self, lie: str, name: str, event: Event) -> Iterator[str | bytes]:
        whole = json.dumps(["EVENT", name, as_object(event)], ensure_ascii=False)
        if lie in INSTEAD:
            yield json.dumps(["EVENT", name, falsified(lie, event)])
        elif lie == "foreign-subscription":
            yield json.dumps(["EVENT", "0123456789abcdef", as_object(event)])
        else:
            yield from before_it(lie, name, event, self._passed, self.kept)
            for _ in range(3 if lie == "doubled" else 1):
                yield whole

    async def _flood(self, client: Client, name: str) -> None:
        somebody = sign(secrets.token_bytes(32), 1, [], "x" * 100, 1)
        message = {
            "endless": ["NOTICE", "buy my coin"],
            "endless-forged": ["EVENT", name, as_object(somebody)],
            "endless-large": ["NOTICE", "x" * 200_000],
        }
        while self.lie == "endless-pings" and not client.connection.transport.is_closing():
            client.connection.transport.write(bytes.fromhex("8900") * 50)
            await asyncio.sleep(0)
        while self.lie in message or self.lie == "auth-endless":
            said = message.get(self.lie) or ["AUTH", secrets.token_hex(16)]
            await client.connection.send(json.dumps(said))
            await asyncio.sleep(0)  # whoever is flooded runs in the same loop


def _is_wanted(event: Event, filters: list[dict[str, Any]]) -> bool:
    return any(matches(asked, event, event.created_at) for asked in filters)
