"""One relay is dialled again and again, ever more slowly, for as long as the session lasts."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from l402desk.wallets.errors import NotReached
from l402desk.wallets.nostr.changes import Changes
from l402desk.wallets.nostr.conversation import Conversation
from l402desk.wallets.nostr.line import Line
from l402desk.wallets.nostr.relay import Relay, dial
from l402desk.wallets.nostr.subscription import Subscription
from tests.harness.relay import LyingRelay
from tests.wallets.nostr.test_relay import no_tls

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def kept(line: Line) -> AsyncIterator[Line]:
    task = asyncio.get_running_loop().create_task(line.keep())
    try:
        yield line
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def line_to(there: LyingRelay, changes: Changes, pauses_s: Sequence[float], **subscriptions: Subscription) -> Line:
    async def dialled() -> Relay:
        return await dial(there.url, no_tls, None)

    return Line(
        dialled,
        lambda relay: Conversation(relay, "there", there.url, subscriptions, changes, None),
        changes,
        pauses_s,
    )


async def test_a_relay_that_comes_back_is_reached_again_and_asked_again() -> None:
    changes = Changes()
    asked = Subscription({"kinds": [1]}, print, lambda _: None)
    there = LyingRelay()
    await there.start()
    async with kept(line_to(there, changes, (0.01, 0.02), **{asked.id: asked})) as line:
        assert await changes.until(lambda: "there" in asked.heard, 5)
        await there.stop()
        assert await changes.until(lambda: line.open is None and line.failure is not None, 5)
        assert not asked.heard
        assert line.failure is not None
        await there.start()
        assert await changes.until(lambda: "there" in asked.heard, 5)
        assert line.failure is None
    assert len(there.asked) == 2
    assert line.open is None
    await there.stop()


async def test_what_cannot_be_reached_is_dialled_ever_more_slowly() -> None:
    dialled: list[float] = []

    async def nobody() -> Relay:
        dialled.append(time.monotonic())
        raise NotReached("Nothing listens there.", "")

    changes = Changes()
    line = Line(nobody, lambda _: pytest.fail("nobody is there"), changes, (0.01, 0.05, 0.2))
    assert not line.was_tried
    async with kept(line):
        assert await changes.until(lambda: len(dialled) == 5, 5)
    assert line.was_tried
    assert line.failure is not None
    pauses = [later - sooner for sooner, later in pairwise(dialled)]
    assert all(pause >= least for pause, least in zip(pauses, (0.01, 0.05, 0.2, 0.2), strict=False))


async def test_who_is_waited_for_is_dialled_at_once() -> None:
    dialled = 0

    async def nobody() -> Relay:
        nonlocal dialled
        dialled += 1
        raise NotReached("Nothing listens there.", "")

    changes = Changes()
    async with kept(Line(nobody, lambda _: pytest.fail("nobody is there"), changes, (60.0,))) as line:
        assert await changes.until(lambda: dialled == 1, 5)
        line.hurry()
        assert await changes.until(lambda: dialled == 2, 5)


async def test_a_relay_that_floods_us_is_left_alone_for_long() -> None:
    changes = Changes()
    asked = Subscription({"kinds": [1]}, print, lambda _: None)
    async with LyingRelay("endless") as there, kept(line_to(there, changes, (0.01, 60.0), **{asked.id: asked})) as line:
        assert await changes.until(lambda: line.failure is not None, 20)
        await asyncio.sleep(0.1)
        assert line.open is None
        assert there.connections == 1


async def test_a_relay_that_hangs_up_each_time_is_dialled_ever_more_slowly() -> None:
    changes = Changes()
    async with LyingRelay("hangs-up") as there, kept(line_to(there, changes, (0.01, 0.02, 60.0))):
        assert await changes.until(lambda: there.connections == 3, 5)
        await asyncio.sleep(0.2)
        assert there.connections == 3
