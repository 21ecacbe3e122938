"""A text is changed where it stands: Enter keeps it, Esc does not, and what is typed survives a refresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.vault.inline_edit import InlineEdit
from tests.fakes.journeys import BIDI


@pytest.fixture
def edit(qtbot: QtBot, dressed: Appearance) -> Iterator[InlineEdit]:
    around = QWidget()
    qtbot.addWidget(around)
    made = InlineEdit(name="title", label="Rename", most=20, keys="F2", empty="no name")
    other = QLineEdit()
    other.setObjectName("other")
    column = QVBoxLayout(around)
    column.addWidget(made)
    column.addWidget(other)
    made.show_text("weather")
    around.show()
    around.activateWindow()
    qtbot.waitActive(around)
    yield made
    around.close()


def test_enter_keeps_what_was_typed(edit: InlineEdit, qtbot: QtBot) -> None:
    told: list[object] = []
    edit.written.connect(told.append)
    QTest.mouseClick(edit.pencil, Qt.MouseButton.LeftButton)
    assert edit.field.hasFocus()
    assert edit.field.selectedText() == "weather"
    QTest.keyClicks(edit.field, " Lisbon ")
    QTest.keyClick(edit.field, Qt.Key.Key_Return)
    assert told == ["Lisbon"]
    assert not edit.is_editing
    assert edit.pencil.hasFocus()


def test_esc_leaves_it_as_it_was(edit: InlineEdit, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.written):
        edit.begin()
        QTest.keyClicks(edit.field, "Lisbon")
        QTest.keyClick(edit.field, Qt.Key.Key_Escape)
    assert not edit.is_editing
    assert edit.shown.text() == "weather"
    edit.begin()
    assert edit.field.text() == "weather"


def test_the_same_text_again_is_no_change(edit: InlineEdit, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.written):
        edit.begin()
        QTest.keyClick(edit.field, Qt.Key.Key_Return)


def test_what_was_typed_is_kept_where_the_keyboard_leaves(edit: InlineEdit, qtbot: QtBot) -> None:
    told: list[object] = []
    edit.written.connect(told.append)
    edit.begin()
    QTest.keyClicks(edit.field, "Lisbon")
    other = edit.window().findChild(QLineEdit, "other")
    assert other is not None
    other.setFocus()
    assert told == ["Lisbon"]
    assert other.hasFocus()


def test_a_refresh_does_not_touch_what_is_typed(edit: InlineEdit) -> None:
    edit.begin()
    QTest.keyClicks(edit.field, "Lis")
    edit.show_text("another")
    assert edit.field.text() == "Lis"


def test_nothing_is_said_to_be_nothing_and_foreign_text_is_made_visible(edit: InlineEdit) -> None:
    edit.show_text("")
    assert edit.shown.text() == "no name"
    edit.begin()
    assert edit.field.text() == ""
    edit.show_text(BIDI)
    assert "\u202e" not in edit.shown.text()


def test_no_more_is_typed_than_is_kept(edit: InlineEdit) -> None:
    edit.begin()
    QTest.keyClicks(edit.field, "x" * 50)
    assert len(edit.field.text()) == 20
