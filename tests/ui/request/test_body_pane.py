"""No body stops the window: the text arrives in slices, whole, and is copied as it was sent."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from l402desk.ui.request.body_pane import BodyPane
from l402desk.ui.request.body_text import LINE_CHARACTERS, decoded, displayable, first_lines
from l402desk.ui.style import DARK, LIGHT, Appearance
from tests.ui.request.samples import HOSTILE


@pytest.fixture
def pane(qtbot: QtBot) -> BodyPane:
    made = BodyPane()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def wait_filled(pane: BodyPane, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not pane.is_filling, timeout=20_000)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_arrives_whole_and_no_turn_of_the_loop_takes_long(
    pane: BodyPane, qtbot: QtBot, name: str
) -> None:
    text, _ = first_lines(decoded(HOSTILE[name][: 1 << 20], ""))
    turns: list[float] = []
    start = time.perf_counter()
    pane.show_body(text)
    turns.append(time.perf_counter() - start)
    while pane.is_filling:
        start = time.perf_counter()
        QApplication.processEvents()
        turns.append(time.perf_counter() - start)
    assert pane.toPlainText() == "\n".join(displayable(text)[0])
    # Without slices and cut lines these take 1 to 100 seconds; the bar leaves room for a loaded machine.
    assert max(turns) < 0.5


def test_the_first_screen_is_there_at_once(pane: BodyPane, qtbot: QtBot) -> None:
    pane.show_body("first\n" + "x\n" * 50_000)
    assert pane.toPlainText().startswith("first\n")
    assert pane.is_filling
    wait_filled(pane, qtbot)


def test_another_body_replaces_one_that_is_still_arriving(pane: BodyPane, qtbot: QtBot) -> None:
    pane.show_body("old\n" * 100_000)
    pane.show_body("new")
    wait_filled(pane, qtbot)
    assert pane.toPlainText() == "new"


def test_a_cut_line_is_copied_in_one_piece(pane: BodyPane, qtbot: QtBot) -> None:
    line = "a" * (LINE_CHARACTERS * 3 + 5)
    pane.show_body(f"head\n{line}\ntail")
    wait_filled(pane, qtbot)
    assert pane.blockCount() == 6
    pane.selectAll()
    QTest.keyClick(pane, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"head\n{line}\ntail"


def test_markup_is_shown_as_its_letters(pane: BodyPane, qtbot: QtBot) -> None:
    pane.show_body("<b>bold</b>")
    wait_filled(pane, qtbot)
    assert pane.toPlainText() == "<b>bold</b>"


def test_the_colours_follow_the_theme(pane: BodyPane, qtbot: QtBot, dressed: Appearance) -> None:
    pane.show_body('"a": 1', coloured=True)
    wait_filled(pane, qtbot)

    def colour() -> str:
        block = pane.document().firstBlock()
        ranges = block.layout().formats()
        return str(ranges[0].format.foreground().color().name())

    assert colour() == LIGHT.link
    dressed.choose("dark")
    assert colour() == DARK.link


def test_it_can_be_read_with_the_keyboard_and_not_written(pane: BodyPane, qtbot: QtBot) -> None:
    pane.show_body("x")
    QTest.keyClicks(pane, "typed")
    wait_filled(pane, qtbot)
    assert pane.toPlainText() == "x"
    assert pane.accessibleName()
