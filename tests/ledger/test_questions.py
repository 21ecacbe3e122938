"""What the ledger is asked at a start: what is open where, and which failures are doubted once more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.ledger.questions import FAILED_LATELY_S
from l402desk.ledger.rows import SCHEMA
from l402desk.protocol.origin import Origin
from l402desk.store.database import Database
from tests.fakes.purchased import NOW, URL, Clock, claim, new_intent, new_seal

pytestmark = pytest.mark.anyio
HOST = Origin.of(URL)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ledger(tmp_path: Path, clock: Clock) -> AsyncIterator[Ledger]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite", (SCHEMA,))
    yield Ledger(database, new_seal(), clock)
    await database.close()


async def submitted(ledger: Ledger, number: int = 1) -> Purchase:
    return await claim(ledger, (await ledger.offer(new_intent(number), despite=True)).id, despite=True)


async def test_the_newest_open_purchase_of_a_place_is_found_whatever_its_method(ledger: Ledger) -> None:
    assert await ledger.open_at(HOST, "/v1/data") is None
    await submitted(ledger, 1)
    second = await submitted(ledger, 2)
    found = await ledger.open_at(HOST, "/v1/data")
    assert found is not None
    assert found.id == second.id
    assert await ledger.open_at(HOST, "/v1/other") is None
    await ledger.fail(second.id, "no route")
    found = await ledger.open_at(HOST, "/v1/data")
    assert found is not None
    assert found.id != second.id


async def test_a_failure_is_doubted_once_when_its_invoice_has_run_out(ledger: Ledger, clock: Clock) -> None:
    purchase = await submitted(ledger)
    await ledger.fail(purchase.id, "no route")
    assert await ledger.doubtful_failures() == []
    clock.now = purchase.expires_at + 121
    assert [p.id for p in await ledger.doubtful_failures()] == [purchase.id]
    await ledger.looked_up(purchase.id, found=False)
    assert await ledger.doubtful_failures() == []


async def test_an_old_failure_is_not_doubted_any_more(ledger: Ledger, clock: Clock) -> None:
    purchase = await submitted(ledger)
    await ledger.fail(purchase.id, "no route")
    clock.now = NOW + FAILED_LATELY_S + 1
    assert await ledger.doubtful_failures() == []


async def test_look_ups_in_vain_are_counted_in_a_row(ledger: Ledger, clock: Clock) -> None:
    purchase = await submitted(ledger)
    for second in range(3):
        clock.now = NOW + second
        purchase = await ledger.looked_up(purchase.id, found=False)
    assert (purchase.look_ups, purchase.missed, purchase.missed_since, purchase.looked_up_at) == (3, 3, NOW, NOW + 2)
    purchase = await ledger.looked_up(purchase.id, found=True)
    assert (purchase.look_ups, purchase.missed, purchase.missed_since) == (4, 0, None)


@pytest.mark.parametrize(
    ("missed", "for_s", "after_expiry", "lost"),
    [(3, 60, 120, True), (2, 600, 600, False), (30, 59, 600, False), (30, 600, 119, False)],
)
async def test_not_found_ends_a_purchase_only_after_long_enough_and_too_late_to_begin(
    ledger: Ledger, clock: Clock, missed: int, for_s: int, after_expiry: int, lost: bool
) -> None:
    purchase = await submitted(ledger)
    end = purchase.expires_at + after_expiry
    clock.now = end - for_s
    for _ in range(missed):
        purchase = await ledger.looked_up(purchase.id, found=False)
    assert purchase.is_lost(end) is lost
    assert purchase.state is PurchaseState.SUBMITTED
