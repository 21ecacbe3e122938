"""The left column: filter, open by key or click, empty states that say what to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView, QToolButton, QTreeView
from pytestqt.qtbot import QtBot

from l402desk.ui.request.history import TIME
from l402desk.ui.request.start_list import StartList
from tests.ui.request.samples import draft_of
from tests.ui.request.test_collection import ITEMS
from tests.ui.request.test_history import sent


@pytest.fixture
def starts(qtbot: QtBot) -> StartList:
    made = StartList()
    qtbot.addWidget(made)
    made.resize(280, 600)
    made.show()
    return made


def tree(starts: StartList) -> QTreeView:
    found = starts.findChild(QTreeView, "collectionTree")
    assert isinstance(found, QTreeView)
    return found


def table(starts: StartList) -> QTableView:
    found = starts.findChild(QTableView, "historyTable")
    assert isinstance(found, QTableView)
    return found


def type_filter(starts: StartList, text: str) -> None:
    field = starts.findChild(QLineEdit, "collectionFilter")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, text)


def test_empty_lists_say_what_to_do(starts: StartList) -> None:
    shown = " ".join(found.text() for found in starts.findChildren(QLabel) if found.isVisible())
    assert "Type the address of an API" in shown
    assert "--sandbox" in shown
    assert starts.findChildren(QLineEdit, "collectionFilter")[0].isHidden()  # there is nothing to filter
    assert "What you send is listed here" in shown


def test_a_request_is_opened_by_return_and_by_click(starts: StartList, qtbot: QtBot) -> None:
    starts.set_collection(ITEMS)
    view = tree(starts)
    first = view.model().index(0, 0, view.model().index(0, 0))
    view.setCurrentIndex(first)
    with qtbot.waitSignal(starts.draft_chosen) as caught:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [ITEMS[0].draft]
    place = view.visualRect(view.model().index(0, 1, view.model().index(0, 0))).center()
    with qtbot.waitSignal(starts.draft_chosen) as caught:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert caught.args == [ITEMS[0].draft]


def test_a_group_opens_nothing(starts: StartList, qtbot: QtBot) -> None:
    starts.set_collection(ITEMS)
    tree(starts).setCurrentIndex(tree(starts).model().index(0, 0))
    with qtbot.assertNotEmitted(starts.draft_chosen):
        QTest.keyClick(tree(starts), Qt.Key.Key_Return)


def test_the_filter_keeps_what_matches_with_its_group(starts: StartList) -> None:
    starts.set_collection(ITEMS)
    type_filter(starts, "QUOTE")
    model = tree(starts).model()
    assert model.rowCount() == 1
    group = model.index(0, 0)
    assert [model.index(row, 0, group).data() for row in range(model.rowCount(group))] == ["GET  /quote"]


def test_a_filter_without_a_match_says_so(starts: StartList) -> None:
    starts.set_collection(ITEMS)
    type_filter(starts, "zzz")
    empty = starts.findChild(QLabel, "collectionNone")
    assert isinstance(empty, QLabel)
    assert empty.isVisible()
    assert "No request matches" in empty.text()


def test_a_thousand_requests_are_filtered_quickly(starts: StartList, qtbot: QtBot) -> None:
    many = [ITEMS[0].__class__("g", "GET", f"/{n}", f"http://a/{n}", "", draft_of(f"/{n}")) for n in range(1_000)]
    starts.set_collection(many)
    type_filter(starts, "999")
    assert tree(starts).model().rowCount(tree(starts).model().index(0, 0)) == 1


def test_an_earlier_send_is_opened_again(starts: StartList, qtbot: QtBot) -> None:
    starts.add_history(sent("/a"))
    table(starts).setCurrentIndex(table(starts).model().index(0, 1))
    with qtbot.waitSignal(starts.draft_chosen) as caught:
        QTest.keyClick(table(starts), Qt.Key.Key_Return)
    assert caught.args == [draft_of("/a")]


def test_the_minute_gives_way_to_the_path_where_it_is_narrow(starts: StartList) -> None:
    assert not table(starts).isColumnHidden(TIME)
    starts.resize(200, 600)
    assert table(starts).isColumnHidden(TIME)
    assert table(starts).horizontalHeader().length() <= table(starts).width()


def test_the_plus_asks_for_a_new_request(starts: StartList, qtbot: QtBot) -> None:
    button = starts.findChild(QToolButton, "startNewRequestButton")
    assert isinstance(button, QToolButton)
    with qtbot.waitSignal(starts.new_requested):
        button.click()
