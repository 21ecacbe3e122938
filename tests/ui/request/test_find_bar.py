"""Find by keyboard: open, type, next, previous, round the end, close."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.request.find_bar import FindBar


@pytest.fixture
def view(qtbot: QtBot) -> QPlainTextEdit:
    return QPlainTextEdit("One two one\ntwo one.* end")


@pytest.fixture
def bar(view: QPlainTextEdit, qtbot: QtBot) -> Iterator[FindBar]:
    page = QWidget()
    layout = QVBoxLayout(page)
    made = FindBar(view)
    layout.addWidget(made)
    layout.addWidget(view)
    qtbot.addWidget(page)
    page.show()
    yield made
    page.close()


def count(bar: FindBar) -> str:
    found = bar.findChild(QLabel, "findCount")
    assert isinstance(found, QLabel)
    return found.text()


def test_typing_finds_the_first_match_whatever_the_case(bar: FindBar, view: QPlainTextEdit) -> None:
    bar.open_bar()
    QTest.keyClicks(bar.field, "ONE")
    assert count(bar) == "3 found"
    assert view.textCursor().selectionStart() == 0


def test_return_goes_on_and_shift_return_back_round_both_ends(bar: FindBar, view: QPlainTextEdit) -> None:
    bar.open_bar()
    QTest.keyClicks(bar.field, "one")
    starts = []
    for _ in range(3):
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
        starts.append(view.textCursor().selectionStart())
    assert starts == [8, 16, 0]
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert view.textCursor().selectionStart() == 16


def test_what_is_typed_is_plain_text_not_a_pattern(bar: FindBar, view: QPlainTextEdit) -> None:
    bar.open_bar()
    QTest.keyClicks(bar.field, "one.*")
    assert count(bar) == "1 found"
    assert view.textCursor().selectionStart() == 16


def test_nothing_found_says_so(bar: FindBar) -> None:
    bar.open_bar()
    QTest.keyClicks(bar.field, "three")
    assert count(bar) == "not found"


def test_the_selection_is_what_is_looked_for(bar: FindBar, view: QPlainTextEdit) -> None:
    view.find("two")
    bar.open_bar()
    assert bar.field.text() == "two"


def test_escape_closes(bar: FindBar, qtbot: QtBot) -> None:
    bar.open_bar()
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
