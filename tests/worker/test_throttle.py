"""Progress is thinned, and its last value always arrives."""

from __future__ import annotations

import asyncio

import pytest

from l402desk.worker.throttle import Throttle

pytestmark = pytest.mark.anyio


async def test_the_first_value_goes_at_once_and_the_newest_after_the_interval() -> None:
    sent: list[object] = []
    throttle = Throttle(sent.append, interval_s=0.02)
    for value in range(100):
        throttle.report(value)
    assert sent == [0]
    await asyncio.sleep(0.1)
    assert sent == [0, 99]


async def test_flushing_sends_what_waits_and_nothing_afterwards() -> None:
    sent: list[object] = []
    throttle = Throttle(sent.append, interval_s=60)
    throttle.report("a")
    throttle.report("b")
    throttle.flush()
    throttle.report("late")
    throttle.flush()
    assert sent == ["a", "b"]


async def test_none_is_a_value_too() -> None:
    sent: list[object] = []
    throttle = Throttle(sent.append)
    throttle.report(None)
    throttle.flush()
    assert sent == [None]


async def test_no_more_than_twenty_values_a_second_pass() -> None:
    sent: list[object] = []
    throttle = Throttle(sent.append)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while loop.time() < begun + 0.4:
        throttle.report(loop.time())
        await asyncio.sleep(0)
    throttle.flush()
    elapsed = loop.time() - begun
    assert 2 <= len(sent) <= elapsed * 20 + 2
