"""The rail shows the pages there are, labelled, and is worked by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.page import LazyPage
from l402desk.ui.rail import Rail
from l402desk.ui.style import Appearance

PAGES = [
    LazyPage("requests", "Requests", "send", QWidget),
    LazyPage("settings", "Settings", "gear", QWidget),
    LazyPage("vault", "Vault", "key", QWidget),
]


@pytest.fixture
def rail(qtbot: QtBot, dressed: Appearance) -> Rail:
    made = Rail(PAGES)
    qtbot.addWidget(made)
    made.resize(made.width(), 480)
    made.show()
    return made


def button(rail: Rail, page: str) -> QToolButton:
    found = rail.findChild(QToolButton, f"{page}RailButton")
    assert found is not None
    return found


def test_there_is_one_labelled_button_per_page_and_no_other(rail: Rail) -> None:
    assert {b.text() for b in rail.findChildren(QToolButton)} == {"Requests", "Settings", "Vault"}
    for made in rail.findChildren(QToolButton):
        assert made.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        assert made.accessibleName() == made.text()


def test_no_label_is_wider_than_its_button(rail: Rail) -> None:
    for made in rail.findChildren(QToolButton):
        assert made.fontMetrics().horizontalAdvance(made.text()) <= made.width()


def test_the_settings_are_at_the_foot(rail: Rail) -> None:
    assert button(rail, "settings").y() > button(rail, "vault").y() + 100


def test_a_press_asks_for_the_page(qtbot: QtBot, rail: Rail) -> None:
    with qtbot.waitSignal(rail.chosen) as asked:
        QTest.mouseClick(button(rail, "vault"), Qt.MouseButton.LeftButton)
    assert asked.args == ["vault"]


def test_only_the_open_page_is_marked(rail: Rail) -> None:
    rail.mark("vault")
    rail.mark("settings")
    assert [b.text() for b in rail.findChildren(QToolButton) if b.isChecked()] == ["Settings"]
    with pytest.raises(KeyError):
        rail.mark("nowhere")


def test_arrows_move_between_the_pages(qtbot: QtBot, rail: Rail) -> None:
    rail.mark("requests")
    button(rail, "requests").setFocus()
    qtbot.waitUntil(button(rail, "requests").hasFocus)
    with qtbot.waitSignal(rail.chosen):
        QTest.keyClick(button(rail, "requests"), Qt.Key.Key_Down)
        QTest.keyClick(button(rail, "vault"), Qt.Key.Key_Space)
    assert button(rail, "vault").hasFocus()


def test_the_tool_tip_tells_the_shortcut(rail: Rail) -> None:
    assert "Ctrl+3" in button(rail, "vault").toolTip()
