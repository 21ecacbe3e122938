"""The URL and the table say the same whichever side one types in, and nobody's cursor moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.ui.request.fields_model import NAME, VALUE, FieldsModel
from l402desk.ui.request.query import Param, read_params
from l402desk.ui.request.url_params import UrlParams, retype

TEXTS = st.text("ab?=&%#/é+ ", max_size=20)


@pytest.fixture
def url_bar(qtbot: QtBot) -> QLineEdit:
    made = QLineEdit()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def params(url_bar: QLineEdit) -> FieldsModel:
    model = FieldsModel(parent=url_bar)
    UrlParams(url_bar, model, url_bar)
    return model


def test_typing_an_address_fills_the_table(url_bar: QLineEdit, params: FieldsModel) -> None:
    QTest.keyClicks(url_bar, "http://a/?x=1&y=a+b#part")
    assert [(row.name, row.value) for row in params.rows] == [("x", "1"), ("y", "a b")]
    assert url_bar.text() == "http://a/?x=1&y=a+b#part"


@given(st.lists(TEXTS, max_size=6))
def test_the_table_follows_and_never_rewrites_what_is_typed(texts: list[str]) -> None:
    bar, model = QLineEdit(), FieldsModel()
    sync = UrlParams(bar, model, bar)
    for text in texts:
        bar.setText(text)
        assert bar.text() == text
        shown = [row.spelled() for row in model.rows if row.enabled and row]
        assert shown == [row.spelled() for row in read_params(text)]
    sync.deleteLater()


def test_editing_a_row_changes_only_its_part_of_the_url(url_bar: QLineEdit, params: FieldsModel) -> None:
    url_bar.setText("http://a/?x=a+b&y=%e9&z=3#part")
    params.setData(params.index(2, VALUE), "4 5")
    assert url_bar.text() == "http://a/?x=a+b&y=%e9&z=4%205#part"


def test_a_row_switched_off_leaves_the_url_and_stays_in_the_table(url_bar: QLineEdit, params: FieldsModel) -> None:
    url_bar.setText("http://a/?x=1&y=2")
    params.setData(params.index(0, NAME), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert url_bar.text() == "http://a/?y=2"
    assert [row.name for row in params.rows] == ["x", "y"]
    params.setData(params.index(0, NAME), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert url_bar.text() == "http://a/?x=1&y=2"


def test_typing_in_the_middle_of_the_url_keeps_the_cursor_there(url_bar: QLineEdit, params: FieldsModel) -> None:
    url_bar.setText("http://a/?x=1&y=2")
    url_bar.setCursorPosition(len("http://a/?x=1"))
    QTest.keyClicks(url_bar, "23")
    assert url_bar.cursorPosition() == len("http://a/?x=123")
    assert params.rows[0].value == "123"


def test_a_new_row_starts_the_query(url_bar: QLineEdit, params: FieldsModel) -> None:
    url_bar.setText("http://a/p")
    params.setData(params.index(0, NAME), "q")
    assert url_bar.text() == "http://a/p?q="


@given(TEXTS, TEXTS)
def test_retyping_ends_with_the_text_wherever_the_cursor_was(old: str, new: str) -> None:
    line = QLineEdit(old)
    line.setCursorPosition(len(old) // 2)
    retype(line, new)
    assert line.text() == new


def test_retyping_can_be_undone(url_bar: QLineEdit, params: FieldsModel) -> None:
    QTest.keyClicks(url_bar, "http://a/?x=1")
    params.setData(params.index(0, VALUE), "2")
    url_bar.undo()
    assert url_bar.text() == "http://a/?x=1"
    assert params.rows == (Param("x", "1", True, "x", "1"),)
