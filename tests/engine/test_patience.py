"""When a wallet is asked again: soon at first, then every minute, also after a clock was set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.engine.patience import LOOK_UP_EVERY_S, due_in, next_look_up, pause_after
from l402desk.ledger.purchases import Purchase
from tests.engine.shop import Buyer, Shop, a_desk

NOW = 1_800_000_000


async def a_purchase(folder: Path) -> Purchase:
    async with a_desk(folder, Shop()) as services:
        view = await Buyer(services).offer()
        assert view.purchase is not None
        return view.purchase


def test_the_pauses_grow_to_a_minute_and_stay_there() -> None:
    pauses = [pause_after(number) for number in range(9)]
    assert pauses == [1.0, 2.0, 4.0, 8.0, 15.0, 30.0, LOOK_UP_EVERY_S, LOOK_UP_EVERY_S, LOOK_UP_EVERY_S]


@pytest.mark.anyio
async def test_a_purchase_is_due_at_once_after_its_pause_and_after_a_clock_was_set_back(tmp_path: Path) -> None:
    purchase = await a_purchase(tmp_path)
    assert due_in(purchase, NOW) == 0
    asked = replace(purchase, look_ups=6, looked_up_at=NOW)
    assert due_in(asked, NOW + 20) == 40
    assert due_in(asked, NOW + 60) == 0
    assert due_in(asked, NOW - 5) == 0


@pytest.mark.anyio
async def test_the_next_look_up_is_that_of_the_first_one_due_and_not_sooner_than_a_second(tmp_path: Path) -> None:
    purchase = await a_purchase(tmp_path)
    later = replace(purchase, look_ups=6, looked_up_at=NOW)
    sooner = replace(purchase, look_ups=4, looked_up_at=NOW)
    assert next_look_up([], NOW) is None
    assert next_look_up([later, sooner], NOW) == 15
    assert next_look_up([purchase], NOW) == 1
