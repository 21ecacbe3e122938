"""What is said over one connection to a relay (NIP-01, NIP-42): subscriptions, events handed in, proof of our key."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.protocol.text import visible
from l402desk.wallets.nostr.changes import Changes
from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nostr.patience import Patience
from l402desk.wallets.nostr.publication import MOST_SAID, Publication
from l402desk.wallets.nostr.relay import Gone, Relay
from l402desk.wallets.nostr.subscription import Subscription

AUTH = 22_242
AUTH_REQUIRED = "auth-required:"
LONGEST_CHALLENGE = 512
MOST_UNSENT = 512
MOST_HANDED = 64
"""Events of ours that a relay owes an answer for; the oldest is given up beyond them."""


class Conversation:
    """One connection while it lasts. ``subscriptions`` by their ids are the session's own, which it changes.

    ``place`` names the relay to people, and no other relay of the session.

    ``secret`` is the key that proves who we are where a relay asks for it; None: it is told nothing.
    """

    def __init__(
        self,
        relay: Relay,
        place: str,
        url: str,
        subscriptions: Mapping[str, Subscription],
        changes: Changes,
        secret: bytes | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.place = place
        self._relay = relay
        self._url = url
        self._subscriptions = subscriptions
        self._changes = changes
        self._secret = secret
        self._clock = clock
        self._patience = Patience()
        self._unsent: asyncio.Queue[tuple[str, Publication | None]] = asyncio.Queue()
        self._handed: dict[str, Publication] = {}
        self._challenge: str | None = None
        self._proof: str | None = None  # the id of the event that answers the challenge
        self._is_proven = False
        self._is_over = False
        self._waits_for_proof: list[Subscription | Publication] = []
        for subscription in subscriptions.values():  # before any event: its answer may come at once
            self.ask(subscription)

    @property
    def is_open(self) -> bool:
        return not self._is_over and self._relay.is_open

    def ask(self, subscription: Subscription) -> None:
        """Send a subscription, after whatever waits to be sent."""
        self._say("REQ", subscription.id, subscription.asked)

    def stop_asking(self, subscription: Subscription) -> None:
        self._say("CLOSE", subscription.id)

    def hand_in(self, publication: Publication) -> None:
        """Send an event; what the relay says of it goes to the publication."""
        publication.expected.add(self.place)
        self._handed[publication.event.id] = publication
        if len(self._handed) > MOST_HANDED:
            self._handed.pop(next(iter(self._handed))).lose(self.place)
        self._put(f'["EVENT",{publication.event.to_json()}]', publication)

    async def hold(self) -> bool:
        """Say what there is to say, and listen until the connection ends. False: the relay was sent away."""
        try:
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(self._write())
                has_manners = await self._listen()
                writing.cancel()
        finally:
            self._forget()
        return has_manners

    async def _write(self) -> None:
        try:
            while True:
                message, publication = await self._unsent.get()
                if publication is not None and self._relay.is_open:
                    publication.sent.add(self.place)
                await self._relay.send(message)
        except Gone:
            await self._relay.close()  # and so the listening ends too

    async def _listen(self) -> bool:
        try:
            while True:
                message, length = await self._relay.receive()
                if message is None or not self._hear(message):
                    if not self._patience.bears(length):
                        return False
                else:
                    self._changes.note()
        except Gone:
            return True

    def _hear(self, message: list[Any]) -> bool:
        """Take in one message. False for what says nothing that we wait for."""
        match message:
            case ["EVENT", str(name), value]:
                subscription = self._subscriptions.get(name)
                return subscription is not None and subscription.offer(value)
            case ["EOSE", str(name)]:
                return self._on_all_sent(name)
            case ["OK", str(event_id), bool(is_taken), *rest]:
                return self._on_answer(event_id, is_taken, _text(rest))
            case ["CLOSED", str(name), *rest]:
                return self._on_closed(name, _text(rest))
            case ["AUTH", str(challenge)] if len(challenge) <= LONGEST_CHALLENGE:
                return self._on_challenge(challenge)
        return False

    def _on_all_sent(self, name: str) -> bool:
        subscription = self._subscriptions.get(name)
        if subscription is None or self.place in subscription.heard:
            return False
        subscription.heard.add(self.place)
        return True

    def _on_closed(self, name: str, message: str) -> bool:
        subscription = self._subscriptions.get(name)
        if subscription is None or self.place in subscription.refused:
            return False
        if not (message.startswith(AUTH_REQUIRED) and self._prove_for(subscription)):
            subscription.refused[self.place] = visible(message, MOST_SAID)
        return True

    def _on_answer(self, event_id: str, is_taken: bool, message: str) -> bool:
        if event_id == self._proof:
            self._proof = None
            self._on_proof(is_taken, message)
            return True
        publication = self._handed.pop(event_id, None)
        if publication is None:
            return False
        if not is_taken and message.startswith(AUTH_REQUIRED) and self._prove_for(publication):
            self._handed[event_id] = publication
        else:
            publication.answer(self.place, is_taken, message)
        return True

    def _on_challenge(self, challenge: str) -> bool:
        if challenge == self._challenge:
            return False
        is_first = self._challenge is None
        self._challenge = challenge
        if self._waits_for_proof:
            self._prove()
        return is_first

    def _prove_for(self, waiting: Subscription | Publication) -> bool:
        """Prove our key and ask again after that; False where that was done, or cannot be."""
        if self._secret is None or self._is_proven:
            return False
        self._waits_for_proof.append(waiting)
        self._prove()
        return True

    def _prove(self) -> None:
        if self._secret is None or self._challenge is None or self._proof is not None:
            return
        tags = (("relay", self._url), ("challenge", self._challenge))  # our own address of it: it is good nowhere else
        proof = sign(self._secret, AUTH, tags, "", int(self._clock()))
        self._proof = proof.id
        self._put(f'["AUTH",{proof.to_json()}]', None)

    def _on_proof(self, is_taken: bool, message: str) -> None:
        """What waited is asked again, subscriptions first: an answer may come at once."""
        self._is_proven = True
        waiting, self._waits_for_proof = self._waits_for_proof, []
        for one in sorted(waiting, key=lambda one: isinstance(one, Publication)):
            if isinstance(one, Subscription):
                if not is_taken:
                    one.refused[self.place] = visible(message, MOST_SAID)
                elif one.id in self._subscriptions:
                    self.ask(one)
            elif is_taken:
                self._put(f'["EVENT",{one.event.to_json()}]', one)
            else:
                self._handed.pop(one.event.id, None)
                one.answer(self.place, False, message)

    def _forget(self) -> None:
        self._is_over = True
        for publication in self._handed.values():
            publication.lose(self.place)
        for subscription in self._subscriptions.values():
            subscription.leave(self.place)
        self._changes.note()

    def _say(self, *message: object) -> None:
        self._put(json.dumps(message, ensure_ascii=False, separators=(",", ":")), None)

    def _put(self, message: str, publication: Publication | None) -> None:
        if self._unsent.qsize() < MOST_UNSENT:  # a relay that takes nothing for so long loses what follows
            self._unsent.put_nowait((message, publication))


def _text(rest: list[Any]) -> str:
    return rest[0] if rest and isinstance(rest[0], str) else ""
