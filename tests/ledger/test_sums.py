"""Sums over purchases: the same as adding them up one by one, on days as long as the calendar makes them."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l402desk.ledger.history import PurchaseFilter
from l402desk.ledger.purchases import OPEN, PurchaseState
from l402desk.ledger.rows import SCHEMA
from l402desk.ledger.sums import NOTHING, Span, Spent, Sums
from l402desk.protocol.amount import MOST, Msat
from l402desk.store.database import Database
from tests.fakes.bought import Bought, put
from tests.fakes.purchased import NOW

State = PurchaseState
BERLIN, HAVANA, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana"), ZoneInfo("Pacific/Apia")


def unix(text: str, zone: tzinfo) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.anyio
async def test_what_settled_counts_with_its_fee_and_what_is_open_apart(database: Database) -> None:
    await put(
        database,
        Bought(1, msat=21_000, fee=300),
        Bought(2, msat=500, fee=None, origin="https://other.example"),
        Bought(3, msat=7_000, state=State.SUBMITTED),
        Bought(4, msat=9_000, state=State.UNKNOWN),
        Bought(5, msat=11_000, state=State.PAID_WITHOUT_PROOF),
        Bought(6, msat=13_000, state=State.INTENT),
        Bought(7, msat=99_000, state=State.FAILED),
        Bought(8, msat=99_000, state=State.OFFERED),
    )
    total = await Sums(database).total()
    assert total == Spent(2, Msat(21_500), Msat(300), 4, Msat(40_000))
    assert total.total == Msat(21_800)
    hosts = await Sums(database).by_host()
    assert [(host.origin, host.spent.total) for host in hosts] == [
        ("https://api.example", Msat(21_300)),
        ("https://other.example", Msat(500)),
    ]


@pytest.mark.anyio
async def test_nothing_bought_is_nothing_spent(database: Database) -> None:
    sums = Sums(database)
    assert await sums.total() == NOTHING
    assert await sums.by_host() == ()
    assert await sums.by_span(Span.DAY) == ()
    await put(database, Bought(1, state=State.FAILED))
    assert await sums.by_host() == ()
    assert await sums.by_span(Span.MONTH) == ()


@pytest.mark.anyio
async def test_a_day_has_23_or_25_hours_when_the_clock_is_changed(database: Database) -> None:
    """Berlin 2026: 29 March loses an hour, 25 October gains one."""
    moments = {
        "2026-03-28T23:59:59": 1,
        "2026-03-29T00:00:00": 2,
        "2026-03-29T23:59:59": 4,
        "2026-03-30T00:00:00": 8,
        "2026-10-25T00:00:00": 16,
        "2026-10-25T23:59:59": 32,
        "2026-10-26T00:00:00": 64,
    }
    await put(database, *(Bought(n, unix(text, BERLIN), msat=n) for text, n in moments.items()))
    days = await Sums(database, BERLIN).by_span(Span.DAY)
    assert {day.start.isoformat(): day.spent.paid.value for day in days} == {
        "2026-03-28": 1,
        "2026-03-29": 6,
        "2026-03-30": 8,
        "2026-10-25": 48,
        "2026-10-26": 64,
    }
    months = await Sums(database, BERLIN).by_span(Span.MONTH)
    assert [(month.start, month.spent.paid.value) for month in months] == [
        (date(2026, 3, 1), 15),
        (date(2026, 10, 1), 112),
    ]
    sums = Sums(database, BERLIN)
    assert sums.begin(date(2026, 3, 30)) - sums.begin(date(2026, 3, 29)) == 23 * 3_600
    assert sums.begin(date(2026, 10, 26)) - sums.begin(date(2026, 10, 25)) == 25 * 3_600


@pytest.mark.anyio
async def test_a_day_may_begin_at_one_oclock_or_not_exist(database: Database) -> None:
    """Havana changes its clock at midnight; Apia had no 30 December 2011."""
    skipped = Sums(database, HAVANA)
    first = skipped.begin(date(2026, 3, 8))
    assert skipped.day_of(first) == date(2026, 3, 8)
    assert skipped.day_of(first - 1) == date(2026, 3, 7)
    before, after = unix("2011-12-29T23:59:59", APIA), unix("2011-12-31T00:00:00", APIA)
    assert after - before == 1
    await put(database, Bought(1, before, msat=1), Bought(2, after, msat=2))
    days = await Sums(database, APIA).by_span(Span.DAY)
    assert [(day.start, day.spent.paid.value) for day in days] == [(date(2011, 12, 29), 1), (date(2011, 12, 31), 2)]


@pytest.mark.anyio
async def test_hosts_of_a_day_come_the_dearest_first_and_a_filter_counts(database: Database) -> None:
    await put(
        database,
        Bought(1, NOW, "https://a.example", msat=5),
        Bought(2, NOW, "https://b.example", msat=50),
        Bought(3, NOW + 1, "https://b.example", msat=1, state=State.UNKNOWN),
    )
    (day,) = await Sums(database, BERLIN).by_span(Span.DAY)
    assert [host.origin for host in day.hosts] == ["https://b.example", "https://a.example"]
    assert day.spent == Spent(2, Msat(55), Msat(0), 1, Msat(1))
    (only,) = await Sums(database, BERLIN).by_span(Span.DAY, PurchaseFilter(host="a.example"))
    assert only.spent.total == Msat(5)
    assert await Sums(database, BERLIN).by_span(Span.DAY, PurchaseFilter(until=NOW)) == ()
    assert (await Sums(database, BERLIN).total(PurchaseFilter(since=NOW + 1))).waiting == 1


@pytest.mark.anyio
async def test_clocks_that_were_wrong_do_not_make_it_slow_or_fail(database: Database) -> None:
    await put(database, Bought(1, 0, msat=1), Bought(2, NOW, msat=2), Bought(3, 250_000_000_000, msat=4))
    days = await Sums(database, BERLIN).by_span(Span.DAY)
    assert [day.spent.paid.value for day in days] == [1, 2, 4]


@pytest.mark.anyio
async def test_absurd_amounts_do_not_break_the_sums(database: Database) -> None:
    """Whoever hands out an invoice for all bitcoin and its preimage too must not stop the page for ever."""
    await put(database, *(Bought(n, msat=MOST, fee=MOST) for n in range(1, 12)), Bought(20, NOW + 86_400, msat=5))
    assert (await Sums(database).total()).total == Msat(MOST)
    days = await Sums(database, BERLIN).by_span(Span.DAY)
    assert [day.spent.total.value for day in days] == [MOST, 5]
    assert sum((day.spent for day in days), NOTHING).paid == Msat(MOST)


purchases = st.lists(
    st.builds(
        Bought,
        at=st.integers(unix("2026-03-27T00:00:00", BERLIN), unix("2026-04-02T00:00:00", BERLIN))
        | st.integers(unix("2025-10-24T00:00:00", BERLIN), unix("2025-11-03T00:00:00", BERLIN)),
        origin=st.sampled_from(["https://a.example", "https://b.example", "http://c.example:8402"]),
        msat=st.integers(1, 10**12),
        fee=st.none() | st.integers(0, 10**9),
        state=st.sampled_from(State),
    ),
    max_size=30,
)


def naive(some: Sequence[Bought]) -> Spent:
    settled = [p for p in some if p.state is State.SETTLED]
    waiting = [p for p in some if p.state in OPEN]
    return Spent(
        len(settled),
        Msat(sum(p.msat for p in settled)),
        Msat(sum(p.fee or 0 for p in settled)),
        len(waiting),
        Msat(sum(p.msat for p in waiting)),
    )


@settings(max_examples=60)
@given(purchases=purchases, zone=st.sampled_from([BERLIN, HAVANA, ZoneInfo("UTC"), ZoneInfo("Asia/Kathmandu")]))
def test_the_sums_are_those_of_adding_one_by_one(purchases: list[Bought], zone: ZoneInfo) -> None:
    some = [Bought(n, p.at, p.origin, msat=p.msat, fee=p.fee, state=p.state) for n, p in enumerate(purchases, 1)]
    by_day: dict[date, list[Bought]] = defaultdict(list)
    by_host: dict[str, list[Bought]] = defaultdict(list)
    for purchase in some:
        by_day[datetime.fromtimestamp(purchase.at, zone).date()].append(purchase)
        by_host[purchase.origin].append(purchase)

    async def ask() -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = await Database.open(Path(folder) / "app" / "desk.sqlite", (SCHEMA,))
            try:
                await put(database, *some)
                sums = Sums(database, zone)
                assert await sums.total() == naive(some)
                hosts = {host.origin: host.spent for host in await sums.by_host()}
                assert hosts == _without_nothing({origin: naive(group) for origin, group in by_host.items()})
                days = {day.start: day.spent for day in await sums.by_span(Span.DAY)}
                assert days == _without_nothing({day: naive(group) for day, group in by_day.items()})
                months = await sums.by_span(Span.MONTH)
                assert sum((month.spent for month in months), NOTHING) == naive(some)
            finally:
                await database.close()

    asyncio.run(ask())


def _without_nothing(sums: dict[Any, Spent]) -> dict[Any, Spent]:
    return {key: spent for key, spent in sums.items() if spent.bought or spent.waiting}
