"""The filter: what each choice lets through, and that typing asks once."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from l402desk.ledger.history import PurchaseFilter
from l402desk.ledger.purchases import OPEN, Delivery, PurchaseState
from l402desk.ui.payments.filter_row import PERIODS, STATES, FilterRow
from tests.fakes.purchased import Clock

NOON = int(datetime(2026, 3, 30, 12).timestamp())


@pytest.fixture
def row(qtbot: QtBot) -> FilterRow:
    made = FilterRow(Clock(NOON))
    qtbot.addWidget(made)
    return made


def test_at_first_everything_is_wanted(row: FilterRow) -> None:
    assert row.wanted() == PurchaseFilter()


def test_typing_asks_once_and_ignores_blanks_around(row: FilterRow, qtbot: QtBot) -> None:
    asked: list[object] = []
    row.changed.connect(asked.append)
    with qtbot.waitSignal(row.changed):
        QTest.keyClicks(row.search, " shop ")
    assert asked == [PurchaseFilter("shop")]


def test_every_state_can_be_chosen_and_only_the_first_wants_all(row: FilterRow) -> None:
    wanted = []
    for number in range(len(STATES)):
        row.states.setCurrentIndex(number)
        wanted.append(row.wanted())
    assert wanted[0].is_empty
    assert not any(only.is_empty for only in wanted[1:])
    assert wanted[2] == PurchaseFilter(states=frozenset({PurchaseState.SETTLED}), delivery=Delivery.UNDELIVERED)
    assert wanted[4].states == OPEN


def test_periods_begin_at_a_local_midnight(row: FilterRow) -> None:
    since = {}
    for number, words in enumerate(PERIODS):
        row.periods.setCurrentIndex(number)
        since[words] = row.wanted().since
    assert since == {
        "Any time": None,
        "Today": int(datetime(2026, 3, 30).timestamp()),
        "Last 7 days": int(datetime(2026, 3, 24).timestamp()),
        "Last 30 days": int(datetime(2026, 3, 1).timestamp()),
        "This month": int(datetime(2026, 3, 1).timestamp()),
        "This year": int(datetime(2026, 1, 1).timestamp()),
    }


def test_clearing_asks_once_for_everything(row: FilterRow, qtbot: QtBot) -> None:
    row.search.setText("shop")
    row.states.setCurrentIndex(3)
    row.periods.setCurrentIndex(2)
    asked: list[object] = []
    row.changed.connect(asked.append)
    row.clear()
    qtbot.wait(200)
    assert asked == [PurchaseFilter()]


def test_it_says_how_many_there_are(row: FilterRow) -> None:
    row.count(1)
    assert row.search.placeholderText() == "Search 1 payment"
    row.count(100_000)
    assert row.search.placeholderText() == "Search 100,000 payments"
