"""The session with a relay that nobody here wrote: nostr-sdk's, in this process."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from tests.wallets.nostr.listening import OURS, RESPONSES, WALLETS, Inbox, request, response, session_with

sdk: Any = pytest.importorskip("nostr_sdk", reason="nostr-sdk, which brings the relay, has no wheel for this machine")

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def local_relay(builder: Any = None) -> AsyncIterator[str]:
    relay = (builder or sdk.LocalRelayBuilder()).build()  # it dies with the last reference to it
    await relay.run()
    try:
        yield str(await relay.url())
    finally:
        relay.shutdown()


async def test_a_request_and_its_answer_go_through_it() -> None:
    async with local_relay() as url, session_with(url) as ours, session_with(url) as service:
        inbox, asked = Inbox(), Inbox()
        await service.subscribe({"kinds": [23_194], "#p": [public_key(WALLETS)]}, asked)
        await ours.subscribe(RESPONSES, inbox)
        assert (await ours.publish(request())).is_accepted
        await asked.until(lambda: asked.contents == ["pay"])
        assert (await service.publish(response())).is_accepted
        await inbox.until(lambda: inbox.contents == ["paid"])


async def test_it_keeps_no_request_and_keeps_the_newest_info() -> None:
    async with local_relay() as url, session_with(url) as session:
        now = int(time.time())
        await session.publish(request())
        for text, at in (("old", now - 10), ("new", now)):
            await session.publish(sign(WALLETS, 13_194, [], text, at))
        assert await session.stored({"kinds": [23_194]}) == ()
        found = await session.stored({"kinds": [13_194], "authors": [public_key(WALLETS)], "limit": 1})
        assert [event.content for event in found] == ["new"]


async def test_what_is_published_twice_is_accepted_and_delivered_once() -> None:
    async with local_relay() as url, session_with(url) as session:
        inbox = Inbox()
        await session.subscribe({"kinds": [1, 23_194]}, inbox)
        one, kept = request(), sign(OURS, 1, [], "kept", int(time.time()))
        for event in (one, one, kept, kept):
            assert (await session.publish(event)).is_accepted
        await inbox.until(lambda: len(inbox.events) == 2)
        assert inbox.events == [one, kept]


async def test_what_it_refuses_is_told() -> None:
    async with local_relay() as url, session_with(url) as session:
        expired = sign(OURS, 23_194, [["expiration", "1000"]], "late", int(time.time()))
        published = await session.publish(expired)
        assert not published.is_accepted
        assert published.refused[0].message


async def test_our_key_is_proven_where_it_insists() -> None:
    nip42 = sdk.LocalRelayBuilderNip42(mode=sdk.LocalRelayBuilderNip42Mode.BOTH)
    async with local_relay(sdk.LocalRelayBuilder().nip42(nip42)) as url, session_with(url) as session:
        inbox = Inbox()
        subscription = await session.subscribe({"kinds": [1]}, inbox)
        assert subscription.heard == set(session.open_relays)
        kept: Event = sign(OURS, 1, [], "kept", int(time.time()))
        assert (await session.publish(kept)).is_accepted
        await inbox.until(lambda: inbox.events == [kept])
        assert await session.stored({"kinds": [1]}) == (kept,)
