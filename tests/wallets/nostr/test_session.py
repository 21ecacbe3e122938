"""Several relays at once: what is asked is asked everywhere, what comes comes once, what is over leaves nothing."""

from __future__ import annotations

import asyncio
import ssl
import time
from pathlib import Path

import pytest

from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.nostr import session as session_module
from l402desk.wallets.nostr.conversation import Conversation
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nostr.session import Session
from tests.fakes.certificates import certificate_file, server_context, trusting
from tests.harness.relay import LyingRelay
from tests.harness.socks import Socks
from tests.wallets.nostr.listening import (
    OURS,
    RESPONSES,
    STRANGERS,
    WALLETS,
    Inbox,
    no_tls,
    relays,
    request,
    response,
    session_with,
    until,
)

pytestmark = pytest.mark.anyio


async def test_a_request_is_published_and_its_answer_delivered() -> None:
    async with relays("") as (there,), session_with(there) as session:
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        published = await session.publish(request())
        assert published.is_accepted
        assert [event.content for event in there.published] == ["pay"]
        await there.pass_on(response())
        await inbox.until(lambda: inbox.contents == ["paid"])
        assert session.open_relays == (there.url.removeprefix("ws://"),)
        assert OURS.hex() not in repr(session)


async def test_all_relays_are_asked_and_each_event_comes_once() -> None:
    async with relays("", "", "doubled") as there, session_with(*there) as session:
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        await session.publish(request())
        await until(lambda: all(len(relay.published) == 1 for relay in there))
        one, two = response("1"), response("2")
        for relay in there:
            await relay.pass_on(one)
        for relay in there:
            await relay.pass_on(two)
        await inbox.until(lambda: len(inbox.events) == 2)
        await session.publish(request("again"))  # whatever was under way before it has come
        assert inbox.contents == ["1", "2"]


async def test_a_subscription_that_was_closed_delivers_nothing_more() -> None:
    async with relays("") as (there,), session_with(there) as session:
        inbox, other = Inbox(), Inbox()
        subscription = await session.subscribe(RESPONSES, inbox)
        await session.subscribe(RESPONSES, other)
        subscription.close()
        subscription.close()
        await there.pass_on(response())
        await other.until(lambda: bool(other.events))
        assert inbox.events == []
        await until(lambda: len(there.clients[0].subscriptions) == 1)


async def test_a_relay_that_breaks_off_is_asked_again_when_it_is_back() -> None:
    async with relays("") as (there,), session_with(there) as session:
        inbox = Inbox()
        await session.subscribe(RESPONSES, inbox)
        there.drop()
        await until(lambda: len(there.asked) == 2)
        await until(lambda: bool(there.clients and there.clients[0].subscriptions))
        await there.pass_on(response())
        await inbox.until(lambda: inbox.contents == ["paid"])


async def test_a_relay_that_was_dead_at_first_is_asked_when_it_comes() -> None:
    async with relays("") as (honest,):
        late = LyingRelay()
        await late.start()
        await late.stop()
        async with session_with(honest, late) as session:
            inbox = Inbox()
            await session.subscribe(RESPONSES, inbox)
            await late.start()
            await until(lambda: len(late.asked) == 1)
            await late.pass_on(response())
            await inbox.until(lambda: inbox.contents == ["paid"])
        await late.stop()


async def test_a_session_without_any_relay_does_not_open() -> None:
    async with relays("") as (gone,):
        url = gone.url
    with pytest.raises(NotReached, match="nothing listens there"):
        async with session_with(url):
            pytest.fail("nobody is there")
    with pytest.raises(NotReached, match=r"No relay of this wallet is there\..*nothing listens.*not reached safely"):
        async with session_with(url, "ws://relay.example"):
            pytest.fail("nobody is there")
    with pytest.raises(NotReached):
        async with session_with():
            pytest.fail("there is none")


async def test_a_session_does_not_wait_for_the_slow_where_others_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "GATHER_S", 0.05)
    async with relays("", "slow-handshake") as (fast, slow):
        slow.delay_s = 1.0
        began = time.monotonic()
        async with session_with(fast, slow) as session:
            assert time.monotonic() - began < 0.9
            assert len(session.open_relays) == 1


async def test_nothing_is_published_twice_by_itself() -> None:
    async with relays("drops-after") as (there,), session_with(there) as session:
        with pytest.raises(NoAnswer):
            await session.publish(request(), 0.3)
        there.lie = ""
        await until(lambda: there.connections >= 2)
        await session.publish(request("another"))
        assert [event.content for event in there.published] == ["pay", "another"]


async def test_where_all_relays_are_gone_it_is_certain_that_nothing_was_sent() -> None:
    there = LyingRelay()
    await there.start()
    async with session_with(there) as session:
        await there.stop()
        await until(lambda: not session.open_relays)
        with pytest.raises(NotReached):
            await session.publish(request(), 0.2)
        with pytest.raises(NotReached):
            await session.stored(RESPONSES, 0.2)
    assert there.published == []


async def test_where_the_relays_hang_up_before_it_is_sent_it_was_sent_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang_up(conversation: Conversation) -> None:
        await conversation._unsent.get()
        await conversation._relay.close()

    monkeypatch.setattr(Conversation, "_write", hang_up)
    async with relays("", "") as there, session_with(*there) as session:
        with pytest.raises(NotReached, match="before anything was sent"):
            await session.publish(request())
        assert [relay.published for relay in there] == [[], []]


async def test_an_event_waits_for_a_relay_that_is_coming_back() -> None:
    there = LyingRelay()
    await there.start()
    async with Session([there.url], no_tls, pauses_s=(60.0,)) as session:
        await there.stop()
        await until(lambda: not session.open_relays)
        await there.start()
        assert (await session.publish(request(), 5)).is_accepted
    assert len(there.published) == 1
    await there.stop()


async def test_a_slower_relay_gets_the_event_all_the_same() -> None:
    async with relays("", "auth-late") as there, session_with(*there) as session:
        assert (await session.publish(request())).is_accepted
        await until(lambda: [len(relay.published) for relay in there] == [1, 2])  # refused, proven, taken


async def test_stored_events_come_from_all_relays_newest_first() -> None:
    async with relays("", "doubled", "") as there, session_with(*there) as session:
        old, new, foreign = (sign(key, 13_194, [], text, at) for key, text, at in (
            (WALLETS, "old", 100), (WALLETS, "new", 200), (STRANGERS, "foreign", 300)))  # fmt: skip
        for relay, event in zip(there, (old, new, foreign), strict=True):
            await relay.pass_on(event)
        asked = {"kinds": [13_194], "authors": [public_key(WALLETS)], "limit": 1}
        assert await session.stored(asked) == (new, old)
        await until(lambda: all(not relay.clients[0].subscriptions for relay in there))


async def test_where_nothing_is_stored_nothing_comes() -> None:
    async with relays("") as (there,), session_with(there) as session:
        assert await session.stored({"kinds": [13_194]}) == ()


async def test_an_error_of_whoever_uses_it_comes_out_as_it_is() -> None:
    async with relays("") as (there,):
        with pytest.raises(ZeroDivisionError):
            async with session_with(there):
                _ = 1 // 0
        await until(lambda: there.clients == [])


async def test_a_mistake_in_what_takes_the_events_is_not_hidden() -> None:
    def mistaken(_: Event) -> None:
        raise ZeroDivisionError

    async with relays("") as (there,):
        with pytest.raises(ExceptionGroup) as caught:
            async with session_with(there) as session:
                await session.subscribe(RESPONSES, mistaken)
                await there.pass_on(response())
                await asyncio.sleep(10)
        assert caught.group_contains(ZeroDivisionError)


@pytest.mark.parametrize("lie", ["", "silent", "never-closes", "slow-handshake", "endless"])
async def test_a_cancelled_session_leaves_nothing_behind(lie: str) -> None:
    async with relays(lie, "") as there:

        async def use() -> None:
            async with session_with(*there, "ws://127.0.0.1:9") as session:
                await session.subscribe(RESPONSES, print)
                await session.publish(request())
                await asyncio.sleep(60)

        before = asyncio.all_tasks()
        task = asyncio.get_running_loop().create_task(use())
        await until(lambda: len(there[1].published) == 1)
        task.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 3
        await until(lambda: not any(relay.clients for relay in there))
        await until(lambda: asyncio.all_tasks() <= before)


async def test_a_session_may_be_cancelled_while_it_opens() -> None:
    async with relays("slow-handshake") as (there,):
        there.delay_s = 1.0
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), session_with(there):
                pytest.fail("it has not greeted yet")
        assert time.monotonic() - began < 0.9


async def test_relays_at_one_host_are_told_apart() -> None:
    async with relays("") as (there,):
        async with session_with(f"{there.url}/a", f"{there.url}/b", there.url, there.url) as session:
            host = there.url.removeprefix("ws://")
            assert session.open_relays == (host, f"{host} (2)", f"{host} (3)")
            inbox = Inbox()
            subscription = await session.subscribe(RESPONSES, inbox)
            assert subscription.heard == set(session.open_relays)
        assert there.connections == 3


async def test_trust_is_asked_for_once_and_only_where_tls_is_spoken(tmp_path: Path) -> None:
    pem, asked = certificate_file(tmp_path), 0

    def trust() -> ssl.SSLContext:
        nonlocal asked
        asked += 1
        return trusting(pem)

    tls = server_context(pem)
    async with LyingRelay(tls=tls) as one, LyingRelay(tls=tls) as two, Session([one.url, two.url], trust) as session:
        assert len(session.open_relays) == 2
        assert (await session.publish(request())).is_accepted
    assert asked == 1


async def test_a_hidden_relay_and_an_open_one_are_used_together() -> None:
    hidden = "relayrelayrelayrelayrelayrelayrelayrelayrelayrelayrelayr.onion"
    async with relays("", "") as (one, two), Socks({hidden: two.port}).serving() as tor:
        async with Session([one.url, f"ws://{hidden}"], no_tls, tor.address) as session:
            await session.publish(request())
            await until(lambda: len(one.published) == len(two.published) == 1)
        assert tor.asked == [(hidden, 80)]
