"""The table of tokens: sorted by its headings, and after a refresh where it was left."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.vault.columns import BOUGHT, COLUMNS, EXPIRES
from l402desk.ui.vault.table import TokenTable
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.wanted import Order, OrderBy
from tests.fakes.invoices import NOW
from tests.fakes.journeys import summary
from tests.fakes.purchased import Clock


class Served(TokenTable):
    """A table whose rows come at the next turn of the loop."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.changes: dict[int, TokenSummary] = {}
        self.rows_wanted.connect(self._serve, Qt.ConnectionType.QueuedConnection)

    def _serve(self, numbers: Sequence[int]) -> None:
        self.take_rows({number: self.changes.get(number, summary(number)) for number in numbers})


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def table(qtbot: QtBot, dressed: Appearance, clock: Clock) -> Served:
    made = Served(clock)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def wait_for(qtbot: QtBot, table: TokenTable, title: str) -> None:
    qtbot.waitUntil(lambda: table.current is not None and table.current.title == title)


def numbers(*ranges: range) -> array[int]:
    return array("q", [number for part in ranges for number in part])


def test_the_first_row_is_chosen_and_told_once_it_is_here(qtbot: QtBot, table: Served) -> None:
    told: list[object] = []
    table.chosen.connect(told.append)
    table.show_numbers(numbers(range(1, 9)))
    wait_for(qtbot, table, "service 1")
    assert told[-1] == summary(1)


def test_a_heading_asks_for_its_order(qtbot: QtBot, table: Served) -> None:
    header = table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (BOUGHT, Qt.SortOrder.DescendingOrder)
    with qtbot.waitSignal(table.order_wanted) as told:
        header.setSortIndicator(EXPIRES, Qt.SortOrder.AscendingOrder)
    assert told.args == [Order(OrderBy.EXPIRY, descending=False)]
    with qtbot.waitSignal(table.order_wanted) as told:
        header.setSortIndicator(3, Qt.SortOrder.DescendingOrder)
    assert told.args == [Order(OrderBy.PRICE, descending=True)]


def test_the_keyboard_sorts_by_the_tables_menu(qtbot: QtBot, table: Served) -> None:
    menu = table.findChild(QMenu, "tokenSortMenu")
    assert menu is not None
    assert menu.menuAction() in table.actions()
    assert [action.text() for action in menu.actions()] == [column.heading for column in COLUMNS]
    for descending in (False, True, False):
        with qtbot.waitSignal(table.order_wanted) as told:
            menu.actions()[3].trigger()
        assert told.args == [Order(OrderBy.PRICE, descending=descending)]


def test_what_can_be_done_stands_before_the_sorting_in_the_menu(table: Served) -> None:
    action = QAction("Do it", table)
    table.offer([action])
    assert [entry.text() for entry in table.actions()] == ["Do it", "", "Sort by"]


def test_a_refresh_keeps_the_chosen_row_and_the_place(qtbot: QtBot, table: Served) -> None:
    table.show_numbers(numbers(range(1, 1_000)))
    table.selectRow(500)
    wait_for(qtbot, table, "service 501")
    bar = table.verticalScrollBar()
    bar.setValue(bar.value() - 37)
    before = table.rowViewportPosition(500)
    table.show_numbers(numbers(range(2_000, 2_003), range(1, 1_000)))
    assert table.currentIndex().row() == 503
    assert table.rowViewportPosition(503) == before
    table.show_numbers(numbers(range(2_000, 2_003), range(1, 1_000)))
    assert table.rowViewportPosition(503) == before
    assert table.selectionModel().isRowSelected(503)


def test_a_place_that_is_not_at_the_chosen_row_is_kept_too(qtbot: QtBot, table: Served) -> None:
    table.show_numbers(numbers(range(1, 1_000)))
    wait_for(qtbot, table, "service 1")
    table.verticalScrollBar().setValue(10_000)
    top = table.rowAt(0)
    table.show_numbers(numbers(range(1_000, 1_010), range(1, 1_000)))
    assert table.rowAt(0) == top + 10
    assert table.currentIndex().row() == 10


def test_where_the_chosen_row_went_the_next_one_is_chosen(qtbot: QtBot, table: Served) -> None:
    table.show_numbers(numbers(range(1, 6)))
    table.selectRow(1)
    wait_for(qtbot, table, "service 2")
    table.show_numbers(numbers(range(1, 2), range(3, 6)))
    wait_for(qtbot, table, "service 3")
    table.selectRow(3)
    table.show_numbers(numbers(range(1, 2), range(3, 5)))
    wait_for(qtbot, table, "service 4")
    table.show_numbers(numbers())
    assert table.current is None


def test_another_list_is_shown_from_its_top(qtbot: QtBot, table: Served) -> None:
    table.show_numbers(numbers(range(1, 1_000)))
    table.selectRow(800)
    wait_for(qtbot, table, "service 801")
    table.show_numbers(numbers(range(999, 0, -1)), from_top=True)
    assert table.verticalScrollBar().value() == 0
    assert table.currentIndex().row() == 999 - 801
    table.show_numbers(numbers(range(2_000, 3_000)), from_top=True)
    assert table.currentIndex().row() == 0


def test_a_change_of_the_chosen_token_is_told(qtbot: QtBot, table: Served) -> None:
    table.show_numbers(numbers(range(1, 4)))
    wait_for(qtbot, table, "service 1")
    table.changes[1] = summary(1, title="renamed")
    table.show_numbers(numbers(range(1, 4)))
    wait_for(qtbot, table, "renamed")


def test_time_is_told_for_what_is_in_sight_alone(qtbot: QtBot, table: Served) -> None:
    table.show_numbers(numbers(range(1, 1_000)))
    wait_for(qtbot, table, "service 1")
    table.verticalScrollBar().setValue(10_000)
    with qtbot.waitSignal(table.model().dataChanged) as told:
        table.tick()
    first, last = told.args[0].row(), told.args[1].row()
    assert first == table.rowAt(0)
    assert 5 < last - first < 30


def test_time_runs_only_while_the_table_is_seen(table: Served) -> None:
    assert table._ticks.isActive()
    table.hide()
    assert not table._ticks.isActive()


def test_a_narrow_table_leaves_columns_out(table: Served) -> None:
    assert not any(table.isColumnHidden(column) for column in range(len(COLUMNS)))
    table.resize(240, 400)
    assert [column for column in range(len(COLUMNS)) if not table.isColumnHidden(column)] == [0, EXPIRES]
