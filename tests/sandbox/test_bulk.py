"""Long answers are exactly as long as they say, valid to the last byte, and never hold the loop."""

from __future__ import annotations

import asyncio
import json

import pytest

from l402desk.sandbox import bulk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("mib", [1, 3])
async def test_big_json_is_valid_and_exactly_as_long_as_asked(mib: int) -> None:
    pieces = [piece async for piece in bulk.big_json(mib)]
    assert {len(piece) for piece in pieces} == {bulk.PIECE}
    text = b"".join(pieces)
    assert len(text) == mib * bulk.MIB
    records = json.loads(text)
    assert records[0]["id"] == "00000000"
    assert records[-1] == {"id": "end"}
    assert len({record["id"] for record in records}) == mib * bulk.MIB // bulk.RECORD


async def test_the_loop_runs_between_two_pieces() -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(others())
        pieces = [piece async for piece in bulk.big_json(1)]
        task.cancel()
    assert turns >= len(pieces)


async def test_ten_events_and_an_end() -> None:
    text = b"".join([piece async for piece in bulk.events(0)]).decode()
    events = text.split("\n\n")[:-1]
    assert len(events) == bulk.EVENTS + 1
    assert events[0].startswith("id: 1\nevent: block\ndata: {")
    assert json.loads(events[9].partition("data: ")[2])["block"] == 900_010
    assert events[-1] == "event: end\ndata: {}"
