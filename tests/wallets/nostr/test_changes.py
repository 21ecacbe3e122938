"""Whoever waits looks again at each change, and gives up in time."""

from __future__ import annotations

import asyncio

import pytest

from l402desk.wallets.nostr.changes import Changes

pytestmark = pytest.mark.anyio


async def test_what_holds_already_is_not_waited_for() -> None:
    assert await Changes().until(lambda: True, 0)


async def test_a_change_is_noticed_by_everybody_who_waits() -> None:
    changes, numbers = Changes(), list[int]()

    async def wait_for(count: int) -> bool:
        return await changes.until(lambda: len(numbers) >= count, 5)

    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(wait_for(count)) for count in (1, 2, 2)]
        for number in range(2):
            await asyncio.sleep(0)
            numbers.append(number)
            changes.note()
    assert all(task.result() for task in waiting)


async def test_what_never_holds_is_given_up() -> None:
    changes = Changes()
    assert not await changes.until(lambda: False, 0.01)
    changes.note()
