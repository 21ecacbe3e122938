"""Names and values are edited with the keyboard alone: typing, Tab, Delete, Ctrl+Z."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.ui.request.field_table import FieldTable
from l402desk.ui.request.fields_model import NAME, REMOVE, VALUE, FieldsModel
from l402desk.ui.request.query import Param


@pytest.fixture
def model(qtbot: QtBot) -> FieldsModel:
    made = FieldsModel()
    made.set_rows([Param("a", "1"), Param("b", "2")])
    return made


@pytest.fixture
def table(qtbot: QtBot, model: FieldsModel) -> FieldTable:
    made = FieldTable(model, name="paramsTable", label="Query parameters")
    qtbot.addWidget(made)
    made.resize(500, 200)
    made.show()
    return made


def editor_of(table: FieldTable) -> QLineEdit:
    editors = table.findChildren(QLineEdit, "cellEditor")
    assert editors
    return editors[-1]  # an earlier one may be waiting to be deleted


def go_to(table: FieldTable, row: int, column: int) -> None:
    table.setCurrentIndex(table.model().index(row, column))


def test_a_new_row_is_typed_without_the_mouse(table: FieldTable, model: FieldsModel, qtbot: QtBot) -> None:
    go_to(table, 2, NAME)
    QTest.keyClicks(table.viewport(), "c")
    QTest.keyClicks(editor_of(table), "ity")
    QTest.keyClick(editor_of(table), Qt.Key.Key_Tab)
    assert table.currentIndex().row() == 2
    assert table.currentIndex().column() == VALUE
    QTest.keyClicks(editor_of(table), "Lisbon")
    QTest.keyClick(editor_of(table), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model.rows[2] == Param("city", "Lisbon"))
    assert model.rowCount() == 4


def test_delete_removes_the_row_and_ctrl_z_brings_it_back(table: FieldTable, model: FieldsModel) -> None:
    go_to(table, 0, VALUE)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert [row.name for row in model.rows] == ["b"]
    QTest.keyClick(table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [row.name for row in model.rows] == ["a", "b"]


def test_the_cross_removes_by_click_and_by_return(table: FieldTable, model: FieldsModel) -> None:
    cross = table.visualRect(model.index(0, REMOVE)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, cross)
    assert [row.name for row in model.rows] == ["b"]
    go_to(table, 0, REMOVE)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert model.rows == ()


def test_delete_inside_an_editor_deletes_a_letter_not_the_row(
    table: FieldTable, model: FieldsModel, qtbot: QtBot
) -> None:
    go_to(table, 0, VALUE)
    QTest.keyClick(table, Qt.Key.Key_Return)
    editor = editor_of(table)
    editor.setCursorPosition(0)
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: model.rows[0] == Param("a", ""))


def test_tab_in_the_last_value_goes_to_the_next_rows_name(table: FieldTable) -> None:
    go_to(table, 0, VALUE)
    QTest.keyClick(table, Qt.Key.Key_Return)
    QTest.keyClick(editor_of(table), Qt.Key.Key_Tab)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, NAME)


def test_tab_without_an_editor_leaves_the_table(table: FieldTable) -> None:
    assert not table.tabKeyNavigation()


def test_space_switches_the_row(table: FieldTable, model: FieldsModel) -> None:
    go_to(table, 0, NAME)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert not model.rows[0].enabled


def test_one_click_edits_a_value(table: FieldTable, model: FieldsModel) -> None:
    place = table.visualRect(model.index(1, VALUE)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert editor_of(table).text() == "2"
