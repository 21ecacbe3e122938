"""The body editor says while one types whether it is JSON, and formats it as one undoable step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.request.json_editor import TextBodyEditor


@pytest.fixture
def editor(qtbot: QtBot) -> Iterator[TextBodyEditor]:
    page = QWidget()
    column = QVBoxLayout(page)
    made = TextBodyEditor()
    column.addWidget(made.verdict_bar)
    column.addWidget(made)
    qtbot.addWidget(page)
    page.resize(600, 300)
    page.show()
    yield made
    page.close()


def field(editor: TextBodyEditor) -> QPlainTextEdit:
    found = editor.findChild(QPlainTextEdit, "bodyEditor")
    assert isinstance(found, QPlainTextEdit)
    return found


def verdict(editor: TextBodyEditor) -> str:
    found = editor.verdict_bar.findChild(QLabel, "jsonVerdict")
    assert isinstance(found, QLabel)
    return found.text()


def press(editor: TextBodyEditor, name: str) -> None:
    found = editor.verdict_bar.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    found.click()


def test_a_mistake_is_named_after_a_pause_in_typing(editor: TextBodyEditor, qtbot: QtBot) -> None:
    QTest.keyClicks(field(editor), '{"a": }')
    qtbot.waitUntil(lambda: editor.problem is not None)
    assert "line 1, character 7: a value is missing" in verdict(editor)


def test_go_there_puts_the_cursor_on_the_mistake(editor: TextBodyEditor) -> None:
    editor.set_text('{"a": 1,\n "b": }')
    press(editor, "goToProblemButton")
    cursor = field(editor).textCursor()
    assert (cursor.blockNumber(), cursor.positionInBlock()) == (1, 6)


def test_format_keeps_numbers_and_can_be_undone(editor: TextBodyEditor) -> None:
    editor.set_text('{"n":1.0E+2}')
    press(editor, "formatBodyButton")
    assert editor.text == '{\n  "n": 1.0E+2\n}'
    field(editor).undo()
    assert editor.text == '{"n":1.0E+2}'


def test_broken_json_cannot_be_formatted_but_is_kept(editor: TextBodyEditor) -> None:
    editor.set_text("{")
    button = editor.verdict_bar.findChild(QPushButton, "formatBodyButton")
    assert isinstance(button, QPushButton)
    assert not button.isEnabled()
    assert editor.text == "{"


def test_text_is_not_checked(editor: TextBodyEditor) -> None:
    editor.set_json(False)
    editor.set_text("{")
    assert editor.problem is None


def test_a_text_too_long_to_check_says_so(editor: TextBodyEditor) -> None:
    editor.set_text("[" + "1,\n" * 400_000)
    assert "not checked" in verdict(editor)


def test_long_lines_are_not_wrapped_because_wrapping_them_takes_quadratic_time(
    editor: TextBodyEditor,
) -> None:
    assert field(editor).lineWrapMode() == QPlainTextEdit.LineWrapMode.NoWrap
