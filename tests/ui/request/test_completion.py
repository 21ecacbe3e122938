"""Cells complete what is offered for them, and say which cell they are."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCompleter, QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.ui.request.completion import CellEditing
from l402desk.ui.request.field_table import FieldTable
from l402desk.ui.request.fields_model import NAME, VALUE, FieldsModel
from l402desk.ui.request.query import Param


def offer(column: int, name: str) -> tuple[str, ...]:
    return ("Accept", "Authorization") if column == NAME else (f"{name}-value",)


def table_of(qtbot: QtBot) -> FieldTable:
    model = FieldsModel()
    model.set_rows([Param("Accept", "")])
    table = FieldTable(model, name="headersTable", label="Headers", offer=offer, invitation="Add a header")
    qtbot.addWidget(table)
    table.resize(500, 200)
    table.show()
    return table


def completer_in(table: FieldTable, row: int, column: int) -> QCompleter:
    table.setCurrentIndex(table.model().index(row, column))
    QTest.keyClick(table, Qt.Key.Key_Return)
    editors = table.findChildren(QLineEdit, "cellEditor")
    assert editors
    completer = editors[-1].completer()
    assert isinstance(completer, QCompleter)
    return completer


def test_names_complete_whatever_the_case(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    completer = completer_in(table, 1, NAME)
    completer.setCompletionPrefix("AUTH")
    assert completer.currentCompletion() == "Authorization"


def test_values_are_offered_for_the_name_of_their_row(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    completer = completer_in(table, 0, VALUE)
    completer.setCompletionPrefix("acc")
    assert completer.currentCompletion() == "Accept-value"


def test_an_editor_says_which_cell_it_edits(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    completer_in(table, 0, VALUE)
    editor = table.findChild(QLineEdit, "cellEditor")
    assert isinstance(editor, QLineEdit)
    assert editor.accessibleName() == "Value, row 1"


def test_the_invitation_is_painted_and_is_no_text_of_the_cell(qtbot: QtBot) -> None:
    table = table_of(qtbot)
    blank = table.model().index(1, NAME)
    assert blank.data() == ""
    with_words = table.grab().toImage()
    table.setItemDelegate(CellEditing(offer, "", table))
    assert table.grab().toImage() != with_words
