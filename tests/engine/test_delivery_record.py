"""What an answer to a bought token means, and that it is written down with the purchase."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.client.errors import Kind, Trouble
from l402desk.engine.delivery_record import delivery_of, record_delivery
from l402desk.engine.transcript import read_transcript
from l402desk.protocol.commands import Delivery
from tests.engine.shop import Buyer, Shop, a_desk
from tests.fakes.journeys import answer_of, demand_of

ANSWER = answer_of(demand_of())


@pytest.mark.parametrize(
    ("status", "delivery"),
    [(200, Delivery.DELIVERED), (204, Delivery.DELIVERED), (304, Delivery.DELIVERED), (302, Delivery.UNDELIVERED),
     (401, Delivery.REFUSED), (402, Delivery.REFUSED), (404, Delivery.UNDELIVERED), (500, Delivery.UNDELIVERED),
     (503, Delivery.UNDELIVERED)],
)  # fmt: skip
def test_a_status_says_whether_it_was_delivered(status: int, delivery: Delivery) -> None:
    assert delivery_of(replace(ANSWER, status=status)) is delivery


def test_a_body_that_was_cut_short_was_not_delivered() -> None:
    cut = replace(ANSWER, status=200, trouble=Trouble(Kind.DROPPED, "Cut", "The connection was closed."))
    assert delivery_of(cut) is Delivery.UNDELIVERED


@pytest.mark.anyio
async def test_both_sides_of_a_purchase_are_in_the_ledger_sealed(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        view = await Buyer(services).buy()
        assert view.purchase is not None
        read = read_transcript(await services.ledger.exchange(view.purchase.id))
        assert read.asked is not None
        assert read.delivered is not None
        assert (read.asked.status, read.asked.body, read.delivered.status) == (402, b"pay first", 200)
    raw = sqlite3.connect(tmp_path / "app" / "desk.sqlite3").execute("SELECT exchange FROM purchases").fetchone()[0]
    assert b"pay first" not in raw


@pytest.mark.anyio
async def test_a_transcript_that_does_not_open_keeps_no_delivery_from_being_written(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        view = await Buyer(services).buy()
        assert view.purchase is not None
        await services.database.write(lambda c: c.execute("UPDATE purchases SET exchange = x'00'").rowcount)
        marked = await record_delivery(services, view.purchase, Delivery.DELIVERED, 200, replace(ANSWER, status=200))
        assert marked.last_status == 200
        read = read_transcript(await services.ledger.exchange(view.purchase.id))
        assert (read.asked is None, read.delivered is not None) == (True, True)
