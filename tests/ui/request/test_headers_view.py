"""Headers of an answer are shown in order, harmlessly, and copied whole."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from l402desk.ui.request.headers_view import HeadersModel, HeadersView

LONG = "b" * 60_000
HEADERS = (("Set-Cookie", "a=1"), ("Set-Cookie", LONG), ("X-Html", "<b>\u202ex</b>"))


@pytest.fixture
def view(qtbot: QtBot) -> HeadersView:
    made = HeadersView()
    qtbot.addWidget(made)
    made.resize(500, 200)
    made.set_headers(HEADERS)
    made.show()
    return made


def test_the_model_keeps_qts_contract(qtmodeltester: Any) -> None:
    model = HeadersModel()
    model.set_headers(HEADERS)
    qtmodeltester.check(model)


def test_repeated_names_are_rows_of_their_own(view: HeadersView) -> None:
    model = view.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Set-Cookie", "Set-Cookie", "X-Html"]


def test_a_long_value_is_cut_on_the_screen_and_whole_on_the_clipboard(view: HeadersView) -> None:
    assert len(view.model().index(1, 1).data()) < 2_100
    view.selectRow(1)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"Set-Cookie: {LONG}"


def test_copying_the_value_alone(view: HeadersView) -> None:
    view.selectRow(0)
    view.copy_value()
    assert QGuiApplication.clipboard().text() == "a=1"


def test_with_nothing_selected_all_headers_are_copied(view: HeadersView) -> None:
    view.clearSelection()
    view.copy_selected()
    assert QGuiApplication.clipboard().text().count("\n") == 2


def test_hidden_characters_are_marked_and_tool_tips_are_escaped(view: HeadersView) -> None:
    index = view.model().index(2, 1)
    assert index.data() == "<b>‹U+202E›x</b>"
    assert "<b>" not in index.data(Qt.ItemDataRole.ToolTipRole)


def test_the_widget_does_not_grow_with_a_long_value(view: HeadersView) -> None:
    assert view.horizontalHeader().length() <= view.width()
