"""Columns of a table: figures on the right, headings clear of the sort arrow, and the most telling kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt

from l402desk.ui.widgets.columns import Column, heading, kept

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
WORDS, SIDE = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole


def _text(row: tuple[str, int], _now: int) -> str:
    return row[0]


def _age(row: tuple[str, int], now: int) -> str:
    return str(now - row[1])


COLUMNS = (Column("Name", _text, 100, "name"), Column("Age", _age, 50, "age", is_figure=True))


def test_a_cell_says_what_its_column_is_for_at_a_moment() -> None:
    assert [column.cell(("Ann", 3), 10) for column in COLUMNS] == ["Ann", "7"]


def test_figures_and_their_headings_stand_on_the_right() -> None:
    assert [column.side for column in COLUMNS] == [None, RIGHT]
    assert [heading(COLUMNS, section, ACROSS, SIDE) for section in (0, 1)] == [None, RIGHT]
    assert [heading(COLUMNS, section, ACROSS, WORDS) for section in (0, 1)] == ["Name", "Age"]


def test_the_heading_of_the_sorted_column_is_clear_of_the_arrow() -> None:
    assert heading(COLUMNS, 1, ACROSS, SIDE, sorted_by="age") is None
    assert heading(COLUMNS, 1, ACROSS, SIDE, sorted_by="name") == RIGHT
    assert heading(COLUMNS, 1, ACROSS, WORDS, sorted_by="age") == "Age"


def test_there_is_no_heading_beside_or_below_the_columns() -> None:
    assert heading(COLUMNS, 2, ACROSS, WORDS) is None
    assert heading(COLUMNS, -1, ACROSS, WORDS) is None
    assert heading(COLUMNS, 0, DOWN, WORDS) is None
    assert heading(COLUMNS, 0, ACROSS, Qt.ItemDataRole.ToolTipRole) is None


@pytest.mark.parametrize(
    ("first", "width", "left"),
    [((1, 0), 0, {1}), ((1, 0), 149, {1}), ((1, 0), 150, {0, 1}), ((0, 1), 149, {0}), ((0, 1), -5, {0})],
)
def test_a_narrow_table_keeps_what_tells_most(first: Sequence[int], width: int, left: set[int]) -> None:
    assert kept(COLUMNS, first, width) == left
