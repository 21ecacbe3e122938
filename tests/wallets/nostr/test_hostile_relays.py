"""No lie of any relay gets through a session, and none keeps a wallet from being reached over another relay."""

from __future__ import annotations

import asyncio
import time

import pytest

from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.nostr import relay as relay_module
from l402desk.wallets.nostr import session as session_module
from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nostr.keys import public_key
from tests.harness.relay_lies import INSTEAD, LIES
from tests.wallets.nostr.listening import (
    RESPONSES,
    STRANGERS,
    WALLETS,
    Inbox,
    relays,
    request,
    response,
    session_with,
    until,
)

pytestmark = pytest.mark.anyio


HONEST_ENOUGH = sorted({
    "forged-first", "replay", "unasked", "late", "doubled", "swallows", "garbage", "binary", "deep", "numbers",
    "surrogates", "never-eose", "silent", "ok-false", "ok-false-but-passes", "duplicate", "never-ok", "foreign-ok",
    "slow-handshake", "never-closes", "auth", "auth-late", "auth-for-reading",
})  # fmt: skip
"""Lies over which the real answers come all the same."""


@pytest.mark.parametrize("lie", HONEST_ENOUGH)
async def test_over_a_relay_that_lies_so_exactly_the_real_answers_come(
    lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lie in ("never-eose", "silent"):
        monkeypatch.setattr(session_module, "GATHER_S", 0.2)
    async with relays(lie) as (there,), session_with(there) as session:
        there.kept = [response("of a stranger", STRANGERS), sign(WALLETS, 1, [], "of another kind", 1)]
        inbox = Inbox()
        await session.subscribe({**RESPONSES, "since": int(time.time()) - 60}, inbox)
        await until(lambda: bool(there.clients[0].subscriptions))
        for number in range(3):
            await there.pass_on(response(str(number)))
        await inbox.until(lambda: len(inbox.events) == 3)
        assert sorted(inbox.contents) == ["0", "1", "2"]


@pytest.mark.parametrize("lie", [*INSTEAD, "foreign-subscription", "loses", "reordered"])
async def test_what_a_relay_falsifies_is_not_delivered_and_comes_from_an_honest_one(lie: str) -> None:
    async with relays(lie, "") as (liar, honest), session_with(liar, honest) as session:
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        real = response()
        await liar.pass_on(real)
        liar_was_heard = await session.publish(request())
        assert liar_was_heard.is_accepted
        assert inbox.events == []
        await honest.pass_on(real)
        await inbox.until(lambda: bool(inbox.events))
        assert inbox.events == [real]


async def test_reordered_answers_all_come() -> None:
    async with relays("reordered") as (there,), session_with(there) as session:
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        for number in range(4):
            await there.pass_on(response(str(number)))
        await inbox.until(lambda: len(inbox.events) == 4)
        assert inbox.contents == ["1", "0", "3", "2"]


@pytest.mark.parametrize("lie", sorted(LIES))
async def test_whatever_one_relay_does_the_wallet_is_reached_over_another(
    lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "GATHER_S", 0.2)
    async with relays(lie, "") as (liar, honest), session_with(liar, honest, "ws://127.0.0.1:9") as session:
        liar.elsewhere = honest.url
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        published = await session.publish(request())
        assert published.is_accepted
        await until(lambda: len(honest.published) == 1 and bool(honest.clients[0].subscriptions))
        await honest.pass_on(response())
        await inbox.until(lambda: bool(inbox.events))
        assert inbox.contents == ["paid"]
        assert honest.connections == 1


@pytest.mark.parametrize(
    "lie", ["oversized", "fragments", "closes-later", "endless", "endless-forged", "endless-large", "endless-pings"]
)
async def test_nothing_wrong_is_delivered_by_a_relay_that_overdoes_it(lie: str) -> None:
    async with relays(lie) as (there,), session_with(there) as session:
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        for number in range(3):
            await there.pass_on(response(str(number)))
        await asyncio.sleep(0.1)
        assert set(inbox.contents) <= {"0", "1", "2"}
        assert len(inbox.events) == len(set(inbox.contents))


@pytest.mark.parametrize("lie", ["closed", "auth-refused"])
async def test_where_no_relay_lets_us_listen_nothing_is_asked(lie: str) -> None:
    async with relays(lie) as (there,), session_with(there) as session:
        with pytest.raises(NotReached, match=r"lets us listen: .* says “(error: no room|restricted: members only)”"):
            await session.subscribe(RESPONSES, print)
        with pytest.raises(NotReached, match="lets us ask"):
            await session.stored({"kinds": [1]})
        assert there.published == []


async def test_a_refusal_is_told_and_is_no_failure() -> None:
    async with relays("ok-false", "ok-false-but-passes") as there, session_with(*there) as session:
        published = await session.publish(request())
        assert not published.is_accepted
        assert {refusal.message for refusal in published.refused} == {"blocked: not you"}
        assert {refusal.place for refusal in published.refused} == set(session.open_relays)


@pytest.mark.parametrize(
    "lie", ["never-ok", "silent", "foreign-ok", "drops-after", "drops-before", "auth-without-challenge"]
)
async def test_what_was_sent_and_not_answered_is_not_known(lie: str) -> None:
    async with relays(lie) as (there,), session_with(there) as session:
        with pytest.raises(NoAnswer):
            await session.publish(request(), 0.3)
        assert len(there.published) == 1


async def test_a_broken_connection_is_not_waited_for() -> None:
    async with relays("drops-after") as (there,), session_with(there) as session:
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            await session.publish(request(), 30)
        assert time.monotonic() - began < 5


async def test_stored_events_that_a_relay_falsifies_are_left_out() -> None:
    async with relays("wrong-author") as (there,), session_with(there) as session:
        there.kept = [sign(WALLETS, 13_194, [], "real", 100)]
        assert await session.stored({"kinds": [13_194], "authors": [public_key(WALLETS)]}) == ()


@pytest.mark.parametrize(("lie", "stored"), [("never-eose", ("info",)), ("silent", ("info",))])
async def test_a_relay_that_never_ends_is_not_waited_for_beyond_the_time(lie: str, stored: tuple[str, ...]) -> None:
    async with relays(lie) as (there,), session_with(there) as session:
        there.kept = [sign(WALLETS, 13_194, [], "info", 100)]
        began = time.monotonic()
        found = await session.stored({"kinds": [13_194]}, 0.3)
        assert tuple(event.content for event in found) == stored
        with pytest.raises(NoAnswer):
            await session.stored({"kinds": [1]}, 0.3)
        assert time.monotonic() - began < 5


async def test_stored_events_without_an_end_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "MOST_STORED", 5)
    async with relays("never-eose") as (there,), session_with(there) as session:
        there.kept = [sign(WALLETS, 1, [], str(number), number) for number in range(50)]
        began = time.monotonic()
        assert len(await session.stored({"kinds": [1]}, 30)) == 5
        assert time.monotonic() - began < 5


async def test_a_relay_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads no more, so that what we send fills all buffers: other relays must not wait for it."""
    monkeypatch.setattr(relay_module, "SEND_S", 0.1)
    async with relays("", "") as (deaf, honest), session_with(deaf, honest) as session:
        await until(lambda: len(deaf.clients) == 1)
        deaf.clients[0].connection.transport.pause_reading()
        for number in range(60):
            assert (await session.publish(request("x" * 200_000 + str(number)))).is_accepted
        await until(lambda: deaf.connections > 1)
        assert len(honest.published) == 60
