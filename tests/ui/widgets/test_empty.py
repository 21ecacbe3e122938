"""An empty place says why, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.empty import EmptyState


def test_it_says_what_to_do_and_offers_to_do_it(qtbot: QtBot, dressed: Appearance) -> None:
    made = EmptyState("key", "No tokens yet", "They appear here.", name="noTokens", button_text="Open the sandbox")
    qtbot.addWidget(made)
    assert [part.text() for part in made.findChildren(QLabel)] == ["No tokens yet", "They appear here."]
    assert made.button is not None
    assert made.button.objectName() == "noTokensButton"
    with qtbot.waitSignal(made.pressed):
        QTest.mouseClick(made.button, Qt.MouseButton.LeftButton)


def test_a_long_sentence_wraps_inside_a_narrow_page(qtbot: QtBot, dressed: Appearance) -> None:
    made = EmptyState("key", "No tokens yet", "word " * 60, name="noTokens")
    qtbot.addWidget(made)
    assert made.button is None
    made.resize(340, 480)
    made.show()
    sentence = made.findChildren(QLabel)[1]
    assert sentence.width() <= 340
    assert sentence.height() >= sentence.heightForWidth(sentence.width())
