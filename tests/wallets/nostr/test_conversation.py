"""What is said over one connection, and who is believed in it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.wallets.nostr.changes import Changes
from l402desk.wallets.nostr.conversation import Conversation
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nostr.publication import Publication, Refusal
from l402desk.wallets.nostr.relay import Gone, Relay, dial
from l402desk.wallets.nostr.subscription import Subscription
from tests.harness.relay import LyingRelay
from tests.wallets.nostr.test_relay import no_tls

pytestmark = pytest.mark.anyio

OURS, WALLETS = b"\x07" * 32, b"\x09" * 32


class Held:
    """A conversation that is being held, with one subscription."""

    def __init__(self, there: LyingRelay) -> None:
        self.there = there
        self.got: list[Event] = []
        self.changes = Changes()
        self.subscription = Subscription(
            {"kinds": [23_195], "authors": [public_key(WALLETS)]}, self.got.append, lambda _: None
        )
        self.subscriptions = {self.subscription.id: self.subscription}
        self.task: asyncio.Task[bool]
        self.conversation: Conversation

    async def until(self, holds: Any) -> None:
        assert await self.changes.until(holds, 5)

    def hand_in(self) -> Publication:
        publication = Publication(sign(OURS, 23_194, [], "pay", int(time.time())))
        self.conversation.hand_in(publication)
        return publication


@asynccontextmanager
async def held(lie: str, secret: bytes | None = OURS) -> AsyncIterator[Held]:
    async with LyingRelay(lie) as there:
        relay = await dial(there.url, no_tls, None)
        one = Held(there)
        one.conversation = Conversation(relay, "there", there.url, one.subscriptions, one.changes, secret)
        one.task = asyncio.get_running_loop().create_task(one.conversation.hold())
        try:
            yield one
        finally:
            await relay.close()
            await one.task
        assert not one.conversation.is_open


async def test_what_is_subscribed_is_asked_for_at_once_and_what_comes_is_delivered() -> None:
    async with held("") as one:
        await one.until(lambda: "there" in one.subscription.heard)
        await one.there.pass_on(sign(WALLETS, 23_195, [], "answer", 1))
        await one.until(lambda: one.got)
        one.conversation.stop_asking(one.subscription)
        publication = one.hand_in()
        await one.until(lambda: publication.is_accepted)  # what was said before it has arrived too
        assert one.there.clients[0].subscriptions == {}
    assert await one.task is True
    assert not one.subscription.heard


@pytest.mark.parametrize("lie", ["auth", "auth-late"])
async def test_our_key_is_proven_to_a_relay_that_insists_and_all_is_asked_again(lie: str) -> None:
    async with held(lie) as one:
        publication = one.hand_in()
        await one.until(lambda: publication.is_accepted and "there" in one.subscription.heard)
        assert not publication.published().refused
        assert not one.subscription.refused
        (proof,) = one.there.proofs
        assert proof.pubkey == public_key(OURS)
        assert proof.content == ""
        assert proof.values("relay") == (one.there.url,)
        await one.there.pass_on(sign(WALLETS, 23_195, [], "answer", 1))
        await one.until(lambda: one.got)


async def test_the_subscription_is_asked_again_before_the_event_is_handed_in_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An answer may come at once, and a relay keeps none for later."""
    sent: list[str] = []
    sending = Relay.send

    async def send(relay: Relay, message: str) -> None:
        sent.append(json.loads(message)[0])
        await sending(relay, message)

    monkeypatch.setattr(Relay, "send", send)
    async with held("auth") as one:
        publication = one.hand_in()
        await one.until(lambda: publication.is_accepted)
    assert sent == ["REQ", "EVENT", "AUTH", "REQ", "EVENT"]


async def test_without_a_key_nothing_is_proven() -> None:
    async with held("auth", secret=None) as one:
        publication = one.hand_in()
        await one.until(lambda: publication.is_over and one.subscription.refused)
        assert one.there.proofs == []
        assert one.subscription.refused["there"].startswith("auth-required:")
        assert publication.published().refused[0].message.startswith("auth-required:")


async def test_a_relay_that_does_not_let_us_in_refuses() -> None:
    async with held("auth-refused") as one:
        publication = one.hand_in()
        await one.until(lambda: publication.is_over and one.subscription.refused)
        assert publication.published().refused == (Refusal("there", "restricted: members only"),)
        assert one.subscription.refused == {"there": "restricted: members only"}
        assert len(one.there.proofs) == 1


async def test_a_relay_that_is_never_content_is_proven_our_key_once() -> None:
    async with held("auth-again") as one:
        publication = one.hand_in()
        await one.until(lambda: publication.is_over and one.subscription.refused)
        assert publication.published().refused[0].message.startswith("auth-required:")
        assert len(one.there.proofs) == 1


async def test_a_relay_that_does_not_ask_is_told_nothing_of_our_key() -> None:
    async with held("auth") as one:
        one.there.lie = ""
        one.there.clients[0].key = "let in"
        await one.until(lambda: one.subscription.heard or one.subscription.refused)
    async with held("") as one:
        await one.there.clients[0].say("AUTH", "challenge")
        await one.until(lambda: one.subscription.heard)
        publication = one.hand_in()
        await one.until(lambda: publication.is_accepted)
        assert one.there.proofs == []


async def test_endless_challenges_are_signed_once_at_most_and_then_the_relay_is_sent_away() -> None:
    async with held("auth-endless") as one:
        async with asyncio.timeout(20):
            assert await one.task is False
        assert one.there.proofs == []


async def test_a_relay_that_floods_us_with_pings_is_hung_up_on() -> None:
    async with held("endless-pings") as one, asyncio.timeout(20):
        await one.task


@pytest.mark.parametrize("lie", ["endless", "endless-forged", "endless-large"])
async def test_a_relay_that_floods_us_is_sent_away(lie: str) -> None:
    async with held(lie) as one:
        async with asyncio.timeout(20):
            assert await one.task is False
        assert not one.conversation.is_open  # though the connection has not ended yet
        assert one.got == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["auth-required:", "ours"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=10,
)
KINDS = st.sampled_from(["EVENT", "EOSE", "OK", "CLOSED", "AUTH", "NOTICE", "COUNT", "", "REQ"])


@given(st.lists(st.tuples(KINDS, st.lists(st.sampled_from(["ours", "pay"]) | JSON, max_size=4)), max_size=12))
async def test_nothing_that_a_relay_says_is_an_error(said: list[tuple[str, list[Any]]]) -> None:
    subscription = Subscription({"kinds": [1]}, lambda _: pytest.fail("nothing of it was asked for"), lambda _: None)
    publication = Publication(sign(OURS, 23_194, [], "pay", 1))
    conversation = Conversation(Closed(), "there", "ws://there", {"ours": subscription}, Changes(), OURS)
    conversation.hand_in(publication)
    names = {"pay": publication.event.id}
    for kind, rest in said:
        conversation._hear([kind, *(names.get(one, one) if isinstance(one, str) else one for one in rest)])


class Closed(Relay):
    """A connection that has ended, though nobody who listens to it has been told so yet."""

    def __init__(self) -> None:
        self.place = "there"
        self.end = asyncio.Event()

    @property
    def is_open(self) -> bool:
        return False

    async def send(self, message: str) -> None:
        raise Gone

    async def receive(self) -> tuple[list[Any] | None, int]:
        await self.end.wait()
        raise Gone

    async def close(self) -> None:
        self.end.set()


async def test_it_is_certain_that_nothing_is_sent_over_a_closed_connection() -> None:
    conversation = Conversation(Closed(), "there", "ws://127.0.0.1", {}, Changes(), None)
    publication = Publication(sign(OURS, 23_194, [], "pay", 1))
    conversation.hand_in(publication)
    assert await conversation.hold() is True
    assert publication.was_sent_nowhere


async def test_nothing_is_sent_over_a_connection_that_has_ended() -> None:
    async with held("") as one:
        await one.until(lambda: "there" in one.subscription.heard)
        one.there.drop()
        await one.task
    publication = one.hand_in()
    assert publication.sent == set()


async def test_what_was_sent_and_not_answered_stays_unknown() -> None:
    async with held("drops-after") as one:
        publication = one.hand_in()
        await one.until(lambda: publication.is_over)
        assert publication.sent == {"there"}
        assert not publication.was_sent_nowhere
        assert publication.published().unanswered == ("there",)


async def test_a_subscription_that_a_relay_closes_is_out_there() -> None:
    async with held("closed") as one:
        await one.until(lambda: one.subscription.refused)
        assert one.subscription.refused == {"there": "error: no room"}
