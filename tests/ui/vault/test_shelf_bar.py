"""The shelves: their numbers are told, the empty ones cannot be chosen, and one is always on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.vault.shelf_bar import ShelfBar
from l402desk.vault.wanted import Shelf


@pytest.fixture
def bar(qtbot: QtBot, dressed: Appearance) -> ShelfBar:
    made = ShelfBar()
    qtbot.addWidget(made)
    made.show_tally(
        {Shelf.ALL: 12_345, Shelf.USABLE: 3, Shelf.EXPIRED: 1_000, Shelf.OWED: 0, Shelf.TRASH: 1}, Shelf.ALL
    )
    made.show()
    return made


def switch(bar: ShelfBar, shelf: Shelf) -> QPushButton:
    found = bar.findChild(QPushButton, f"{shelf}ShelfButton")
    assert found is not None
    return found


def test_each_shelf_tells_its_number(bar: ShelfBar) -> None:
    texts = [switch(bar, shelf).text() for shelf in Shelf]
    assert texts == ["All", "Usable 3", "Expired 1,000", "Not delivered", "Trash 1"]
    assert switch(bar, Shelf.ALL).accessibleName() == "All: 12,345"


def test_an_empty_shelf_cannot_be_chosen_unless_it_is_looked_at(bar: ShelfBar) -> None:
    assert not switch(bar, Shelf.OWED).isEnabled()
    bar.show_tally({}, Shelf.TRASH)
    enabled = [shelf for shelf in Shelf if switch(bar, shelf).isEnabled()]
    assert enabled == [Shelf.ALL, Shelf.USABLE, Shelf.TRASH]


def test_a_shelf_is_chosen_by_mouse_and_by_keyboard(bar: ShelfBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.chosen) as told:
        QTest.mouseClick(switch(bar, Shelf.EXPIRED), Qt.MouseButton.LeftButton)
    assert told.args == [Shelf.EXPIRED]
    with qtbot.waitSignal(bar.chosen) as told:
        QTest.keyClick(switch(bar, Shelf.TRASH), Qt.Key.Key_Space)
    assert told.args == [Shelf.TRASH]
    assert [shelf for shelf in Shelf if switch(bar, shelf).isChecked()] == [Shelf.TRASH]
