"""The list of an import or export shows every reason whole, and thousands of lines at once."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import DARK, LIGHT
from l402desk.ui.style import GAP, Appearance
from l402desk.ui.vault.transfer_list import MOST_WRAPPED, TransferList
from l402desk.ui.vault.transfer_words import Line

LONG = "Left out: " + "its address is plain http, and tokens travel over https, to this machine or to .onion only. " * 2


def made(qtbot: QtBot) -> TransferList:
    view = TransferList(name="someList", label="Some lines")
    qtbot.addWidget(view)
    view.resize(500, 300)
    return view


def test_without_lines_it_is_not_there(qtbot: QtBot, dressed: Appearance) -> None:
    view = made(qtbot)
    assert view.isHidden()
    view.show_lines([Line("a", "b")])
    assert not view.isHidden()
    assert view.texts() == [("a", "b")]
    view.show_lines([])
    assert view.isHidden()


def test_a_long_reason_has_the_room_it_needs(qtbot: QtBot, dressed: Appearance) -> None:
    view = made(qtbot)
    view.show_lines([Line("row 3", LONG, "warning"), Line("a.example", "1 token")])
    assert view.rowHeight(0) > 2 * view.fontMetrics().lineSpacing()
    assert view.rowHeight(0) > view.rowHeight(1) == view.verticalHeader().defaultSectionSize()
    narrow = view.rowHeight(0)
    view.show_lines([Line("row 3", "Left out: its address is plain http, and tokens travel over https.", "warning")])
    assert view.rowHeight(0) >= 2 * view.fontMetrics().lineSpacing() + GAP.SMALL, "two lines, and air around them"
    view.show_lines([Line("row 3", LONG, "warning")])
    view.resize(1_400, 300)
    assert view.rowHeight(0) < narrow


def test_a_reason_is_coloured_by_how_serious_it_is_and_follows_the_theme(qtbot: QtBot, dressed: Appearance) -> None:
    view = made(qtbot)
    view.show_lines([Line("row 3", LONG, "warning"), Line("a.example", "1 token")])
    role = Qt.ItemDataRole.ForegroundRole
    model = view.model()
    assert model.index(0, 1).data(role) == QColor(LIGHT.caution)
    assert model.index(0, 0).data(role) is None
    assert model.index(1, 1).data(role) is None
    dressed.choose("dark")
    assert model.index(0, 1).data(role) == QColor(DARK.caution)


def test_ten_thousand_lines_are_shown_at_once(qtbot: QtBot, dressed: Appearance) -> None:
    view = made(qtbot)
    began = time.perf_counter()
    view.show_lines([Line(f"row {n}", LONG, "warning") for n in range(10_000)])
    view.grab()
    assert time.perf_counter() - began < 1
    assert view.rowHeight(9_999) == view.verticalHeader().defaultSectionSize()
    assert "plain http" in str(view.model().index(9_999, 1).data(Qt.ItemDataRole.ToolTipRole))
    view.show_lines([Line(f"row {n}", LONG) for n in range(MOST_WRAPPED)])
    assert view.rowHeight(0) > view.verticalHeader().defaultSectionSize()
