"""The questions about payments: nothing while locked, sums of the right days, and errors in words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from l402desk.engine.statement_file import NotWritten
from l402desk.ledger.history import AMOUNT, EVERYTHING, PurchaseFilter
from l402desk.ledger.purchases import PurchaseState
from l402desk.ledger.sums import NOTHING, Span
from l402desk.protocol.amount import Msat
from l402desk.session.payment_listing import (
    DAYS,
    MONTHS,
    Wanted,
    bar_starts,
    in_words,
    list_numbers,
    read_lines,
    sum_up,
)
from l402desk.store.errors import DiskFull
from tests.fakes.bought import Bought
from tests.session.accounts import an_account

NOON = int(datetime(2026, 3, 29, 12).timestamp())  # in the time zone of this computer, as the page has it
DAY = 24 * 3_600


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    bought = (
        Bought(1, NOON - 60, msat=5_000, fee=100),
        Bought(2, NOON - 3 * DAY, "https://b.example", msat=7_000),
        Bought(3, NOON - 40 * DAY, msat=11_000),
        Bought(4, NOON - 400 * DAY, msat=13_000),
        Bought(5, NOON, state=PurchaseState.UNKNOWN, msat=17_000),
    )
    with an_account(tmp_path, *bought, now=NOON) as services:
        yield services


def test_a_list_counts_what_it_leaves_out(services: Any) -> None:
    wanted = Wanted(PurchaseFilter(host="b.example"), AMOUNT)
    listing = asyncio.run(list_numbers(services, wanted=wanted))
    assert listing.numbers is not None
    assert (listing.wanted, list(listing.numbers), listing.everything) == (wanted, [2], 5)
    everything = asyncio.run(list_numbers(services, wanted=Wanted()))
    assert everything.numbers is not None
    assert (list(everything.numbers), everything.everything) == ([5, 1, 2, 3, 4], 5)
    assert set(asyncio.run(read_lines(services, numbers=[1, 3]))) == {1, 3}


def test_nothing_is_told_while_the_vault_is_locked(services: Any) -> None:
    services.is_unlocked = False
    assert asyncio.run(list_numbers(services, wanted=Wanted())).numbers is None
    assert asyncio.run(read_lines(services, numbers=[1])) == {}
    assert asyncio.run(sum_up(services, wanted=EVERYTHING, span=Span.DAY)).ever == NOTHING


def test_today_this_month_and_ever_count_everything_and_the_bars_what_is_listed(services: Any) -> None:
    summary = asyncio.run(sum_up(services, wanted=PurchaseFilter(host="b.example"), span=Span.DAY))
    assert summary.today.total == Msat(5_100)
    assert summary.today.in_flight == Msat(17_000)
    assert summary.month.total == Msat(12_100)
    assert summary.ever.total == Msat(36_100)
    assert summary.listed.total == Msat(7_000)
    assert [host.origin for host in summary.hosts] == ["https://b.example"]
    assert len(summary.bars) == DAYS
    assert {bar.start: bar.spent.total.value for bar in summary.bars if bar.hosts} == {date(2026, 3, 26): 7_000}


def test_months_reach_back_a_year(services: Any) -> None:
    summary = asyncio.run(sum_up(services, wanted=EVERYTHING, span=Span.MONTH))
    assert len(summary.bars) == MONTHS
    sums = {bar.start: bar.spent.total.value for bar in summary.bars if bar.spent.total}
    assert sums == {date(2026, 2, 1): 11_000, date(2026, 3, 1): 12_100}


def test_bars_end_with_today_and_leave_no_gap() -> None:
    days = bar_starts(date(2026, 3, 1), Span.DAY)
    assert (days[-1], days[-2], len(days)) == (date(2026, 3, 1), date(2026, 2, 28), DAYS)
    months = bar_starts(date(2026, 1, 31), Span.MONTH)
    assert (months[0], months[-2], months[-1]) == (date(2025, 2, 1), date(2025, 12, 1), date(2026, 1, 1))
    assert bar_starts(date(2026, 12, 5), Span.MONTH)[0] == date(2026, 1, 1)


def test_a_filter_that_begins_later_counts_for_the_bars_too(services: Any) -> None:
    summary = asyncio.run(sum_up(services, wanted=PurchaseFilter(since=NOON - DAY), span=Span.DAY))
    assert [bar.spent.total.value for bar in summary.bars if bar.spent.total] == [5_100]


def test_errors_are_told_in_words_and_our_own_by_their_kind(caplog: pytest.LogCaptureFixture) -> None:
    assert in_words(DiskFull()) == f"{DiskFull().sentence} {DiskFull().remedy}"
    assert in_words(NotWritten("a.csv was not written.")) == "a.csv was not written."
    assert "nothing was lost" in in_words(ValueError("a secret 00ff"))
    assert "ValueError" in caplog.text
    assert "00ff" not in caplog.text
