"""The rows of a field table: a blank one at the end that grows, switches, removal with undo, small updates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from l402desk.ui.request.fields_model import NAME, REMOVE, VALUE, FieldsModel
from l402desk.ui.request.query import Param

ROWS = st.lists(st.sampled_from([Param(name, "1") for name in "abcd"]), max_size=6)


@pytest.fixture
def model(qtbot: QtBot) -> FieldsModel:
    made = FieldsModel()
    made.set_rows([Param("a", "1"), Param("b", "2", enabled=False)])
    return made


def type_into(model: FieldsModel, row: int, column: int, text: str) -> bool:
    return model.setData(model.index(row, column), text)


def test_the_model_keeps_qts_contract_through_edits(model: FieldsModel, qtmodeltester: Any) -> None:
    qtmodeltester.check(model)
    type_into(model, 2, NAME, "c")
    model.remove(0)
    model.bring_back()
    model.set_rows([Param("x", "1")])
    qtmodeltester.check(model)


def test_typing_into_the_blank_row_makes_it_real_and_a_new_blank_follows(model: FieldsModel, qtbot: QtBot) -> None:
    assert model.rowCount() == 3
    with qtbot.waitSignal(model.edited):
        type_into(model, 2, VALUE, "only a value")
    assert model.rowCount() == 4
    assert model.rows[-1] == Param("", "only a value")
    assert model.index(3, NAME).data() == ""


def test_leaving_the_blank_row_empty_changes_nothing(model: FieldsModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.edited):
        type_into(model, 2, NAME, "")
    assert model.rowCount() == 3


def test_retyping_the_same_text_keeps_the_spelling_and_says_nothing(model: FieldsModel, qtbot: QtBot) -> None:
    model.set_rows([Param("q", "a b", True, "q", "a+b")])
    with qtbot.assertNotEmitted(model.edited):
        type_into(model, 0, VALUE, "a b")
    assert model.rows[0].spelled() == "q=a+b"


def test_a_row_is_switched_by_its_check_mark(model: FieldsModel, qtbot: QtBot) -> None:
    index = model.index(0, NAME)
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    with qtbot.waitSignal(model.edited):
        model.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert not model.rows[0].enabled
    assert model.active == 0


def test_a_removed_row_comes_back_where_it_was(model: FieldsModel) -> None:
    before = model.rows
    model.remove(0)
    assert [row.name for row in model.rows] == ["b"]
    model.bring_back()
    assert model.rows == before
    model.bring_back()
    assert model.rows == before


def test_the_blank_row_cannot_be_removed(model: FieldsModel) -> None:
    model.remove(2)
    assert len(model.rows) == 2


@given(ROWS, ROWS)
def test_showing_other_rows_ends_with_exactly_them(old: list[Param], new: list[Param]) -> None:
    model = FieldsModel()
    model.set_rows(old)
    model.set_rows(new)
    assert list(model.rows) == new
    assert model.rowCount() == len(new) + 1


def test_showing_rows_is_no_edit_and_keeps_what_is_shared(model: FieldsModel, qtbot: QtBot) -> None:
    removed: list[tuple[int, int]] = []

    def note(_parent: QModelIndex, first: int, last: int) -> None:
        removed.append((first, last))

    model.rowsRemoved.connect(note)
    with qtbot.assertNotEmitted(model.edited), qtbot.assertNotEmitted(model.modelReset):
        model.set_rows([Param("b", "2", enabled=False)])
    assert removed == [(0, 0)]


def test_every_cell_says_what_it_is_to_a_screen_reader(model: FieldsModel) -> None:
    def spoken(row: int, column: int) -> object:
        return model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken(1, NAME) == "b, switched off"
    assert spoken(1, REMOVE) == "Remove b"
    assert spoken(2, NAME) == "Name of a new row, empty"
