"""A wallet service that speaks NIP-47 over any relay, spends play money, and lies when it is told to.

``python -m tests.harness.nwc --mint FOLDER --ledger FILE [--relay URL]… [--lie NAME] [--fee MSAT] [--balance MSAT]
[--delay S] [--keys HEX:HEX]`` prints ``{"connection", "keys"}`` as one line when it listens (on a relay of its own,
unless one is named), and serves until it is killed. It can pay every invoice of the mint in FOLDER, each hash once.
FILE has one JSON line per payment whose money left, synced before the answer, and is read at the start: what was paid
stays paid over a kill. The lies are in `nwc_lies`; the answers are those of NIP-47 and of Alby Hub.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.nostr import nip04, nip44
from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import fresh_secret, public_key
from tests.harness.mint import Mint
from tests.harness.nwc_account import METHODS, Account
from tests.harness.nwc_envelopes import envelopes
from tests.harness.nwc_lies import LIES
from tests.harness.relay import LyingRelay

OFFER, REQUEST, RESPONSE, NOTE_44, NOTE_04 = 13_194, 23_194, 23_195, 23_197, 23_196
NIP44, NIP04 = "nip44_v2", "nip04"


class NwcService:
    """``counts`` counts the requests by method; ``speeches`` the encryptions they came in, in order."""

    def __init__(
        self,
        mint: Mint,
        ledger: Path,
        relays: Sequence[str],
        *,
        lie: str = "",
        fee: int = 1_000,
        balance: int = 1_000_000_000,
        delay: float = 0.0,
        speaks: tuple[str, ...] = (NIP44, NIP04),
        shows_info: bool = True,
        methods: tuple[str, ...] = METHODS,
        keys: tuple[bytes, bytes] | None = None,
    ) -> None:
        self.account = Account(mint, ledger, lie=lie, fee=fee, balance=balance, methods=methods)
        self.relays = tuple(relays)
        self.delay = delay
        self.speaks = speaks
        self.shows_info = shows_info
        self.secret, self.client = keys or (fresh_secret(), fresh_secret())
        self.key, self.client_key = public_key(self.secret), public_key(self.client)
        self.counts: Counter[str] = Counter()
        self.speeches: list[str] = []
        self.requests: list[Event] = []
        self.unanswered: list[Event] = []
        """Answers that were held back."""
        self.attended = 0
        """How often it began to listen at a relay."""
        self._sockets: list[ClientConnection] = []

    @property
    def mint(self) -> Mint:
        return self.account.mint

    @property
    def lie(self) -> str:
        return self.account.lie

    def tell(self, lie: str) -> None:
        self.account.tell(lie)

    @property
    def debits(self) -> list[PaymentHash]:
        return self.account.debits

    def connection(self, more: str = "") -> str:
        """The string that connects to this service."""
        relays = "".join(f"relay={quote(relay, safe='')}&" for relay in self.relays)
        return f"nostr+walletconnect://{self.key}?{relays}secret={self.client.hex()}{more}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[NwcService]:
        """Listen at all relays while the context lasts."""
        ready = [asyncio.Event() for _ in self.relays]
        pairs = zip(self.relays, ready, strict=True)
        tasks = [asyncio.ensure_future(self._attend(relay, is_ready)) for relay, is_ready in pairs]
        try:
            for is_ready in ready:
                await is_ready.wait()
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # The conversation

    async def _attend(self, relay: str, ready: asyncio.Event) -> None:
        """At one relay, again and again."""
        async with asyncio.TaskGroup() as answering:
            while True:
                with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                    async with connect(relay, close_timeout=0.2, ping_interval=None, max_size=None) as socket:
                        await self._serve(socket, ready, answering)
                await asyncio.sleep(0.05)

    async def _serve(self, socket: ClientConnection, ready: asyncio.Event, answering: asyncio.TaskGroup) -> None:
        self._sockets.append(socket)
        try:
            wanted = {"kinds": [REQUEST], "#p": [self.key], "authors": [self.client_key]}
            await socket.send(json.dumps(["REQ", "requests", wanted]))
            if self.shows_info:
                await socket.send(f'["EVENT",{self.offer().to_json()}]')
            async for message in socket:
                match json.loads(message):
                    case ["EOSE", "requests"]:
                        self.attended += 1
                        ready.set()
                    case ["EVENT", "requests", value]:
                        request = Event.read(value)
                        if request.id not in {known.id for known in self.requests}:
                            self.requests.append(request)
                            answering.create_task(self._take(request))
        finally:
            self._sockets.remove(socket)

    def offer(self, at: int | None = None, *, paired: bool = False) -> Event:
        """The info event. ``paired`` names the client, as an answer to its wish to be connected."""
        tags = [("notifications", "payment_sent payment_received")]
        if self.speaks != (NIP04,):
            tags.append(("encryption", " ".join(self.speaks)))
        if paired:
            tags.append(("p", self.client_key))
        return sign(self.secret, OFFER, tags, " ".join(self.account.methods), int(time.time()) if at is None else at)

    async def publish(self, event: Event) -> None:
        await self.send(f'["EVENT",{event.to_json()}]')

    async def send(self, message: str) -> None:
        """To all relays."""
        for socket in tuple(self._sockets):
            with contextlib.suppress(WebSocketException):
                await socket.send(message)

    async def _take(self, request: Event) -> None:
        speech = (*request.values("encryption"), NIP04)[0]
        text = self._open(request.content, speech)
        if text is None or self.lie == "deaf":
            return
        self.speeches.append(speech)
        asked = json.loads(text)
        method, params = asked["method"], asked["params"]
        self.counts[method] += 1
        told = self.account.told(method, params)
        if method == "pay_invoice" and self.lie.startswith("hinted"):
            await self._hint(read_invoice(params["invoice"]).payment_hash)
        if told is None:
            return
        if self.delay:
            await asyncio.sleep(self.delay)
        told = {"result_type": method, "error": None, "result": None} | told
        if method == "pay_invoice":
            await self._say_of_payment(request, speech, told)
        else:
            await self.publish(self.answer(request, speech, told))

    def _open(self, sealed: str, speech: str) -> str | None:
        """The request; None where this service does not understand it."""
        if speech not in self.speaks:
            return None
        try:
            if speech == NIP44:
                return nip44.decrypt(sealed, nip44.conversation_key(self.secret, self.client_key))
            return nip04.decrypt(sealed, nip04.conversation_key(self.secret, self.client_key))
        except Undecipherable:
            return None

    def seal(self, text: str, speech: str) -> str:
        if speech == NIP44:
            return nip44.encrypt(text, nip44.conversation_key(self.secret, self.client_key))
        return nip04.encrypt(text, nip04.conversation_key(self.secret, self.client_key))

    def answer(
        self, request: Event, speech: str, told: Any, *, by: bytes | None = None, to: str | None = None
    ) -> Event:
        """The answer to a request, or to the one that ``to`` names; ``told`` is its text, or what becomes it."""
        text = told if isinstance(told, str) else json.dumps(told)
        tags = [("p", self.client_key), ("e", request.id if to is None else to)]
        return sign(by or self.secret, RESPONSE, tags, self.seal(text, speech), int(time.time()))

    async def _say_of_payment(self, request: Event, speech: str, told: dict[str, Any]) -> None:
        if self.lie == "late":
            self.unanswered.append(self.answer(request, speech, told))
        elif self.lie == "wrong-signature":
            changed = json.loads(self.answer(request, speech, told).to_json()) | {"content": self.seal("{}", speech)}
            await self.send(json.dumps(["EVENT", changed]))
        else:
            for event in envelopes(self, request, speech, told):
                await self.publish(event)

    async def _hint(self, payment_hash: PaymentHash) -> None:
        is_ours = self.lie == "hinted"
        named = payment_hash.hex if is_ours else secrets.token_hex(32)
        texts = [json.dumps({"notification_type": "payment_sent", "notification": {"payment_hash": named}})]
        texts += [] if is_ours else ["pong", "[]", '{"notification_type": "payment_sent"}', '{"notification": 7}']
        kind, speech = (NOTE_44, NIP44) if NIP44 in self.speaks else (NOTE_04, NIP04)
        for text in texts:
            sealed = self.seal(text, speech)
            await self.publish(sign(self.secret, kind, [("p", self.client_key)], sealed, int(time.time())))


async def _serve(options: argparse.Namespace) -> None:
    async with contextlib.AsyncExitStack() as stack:
        relays = options.relay or [(await stack.enter_async_context(LyingRelay())).url]
        keys = tuple(bytes.fromhex(key) for key in options.keys.split(":")) if options.keys else None
        service = NwcService(
            Mint(options.mint),
            options.ledger,
            relays,
            lie=options.lie,
            fee=options.fee,
            balance=options.balance,
            delay=options.delay,
            keys=(keys[0], keys[1]) if keys else None,
        )
        await stack.enter_async_context(service.serving())
        both = f"{service.secret.hex()}:{service.client.hex()}"
        print(json.dumps({"connection": service.connection(), "keys": both}), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.nwc", description=__doc__)
    parser.add_argument("--mint", type=Path, required=True, help="folder of the mint")
    parser.add_argument("--ledger", type=Path, required=True, help="file that lists what was paid")
    parser.add_argument("--relay", action="append", help="a relay's address; one of its own unless named")
    parser.add_argument("--lie", default="", choices=["", *LIES])
    parser.add_argument("--fee", type=int, default=1_000, help="msat per payment")
    parser.add_argument("--balance", type=int, default=1_000_000_000, help="msat before the first payment")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--keys", help="the service's and the client's secret, to be the same wallet after a kill")
    try:
        asyncio.run(_serve(parser.parse_args()))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
