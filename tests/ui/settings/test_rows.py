from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.settings.rows import WIDEST, caption, section, table


def test_captions_are_equally_wide_and_sections_are_cards_with_a_heading(qtbot: QtBot) -> None:
    content = QVBoxLayout()
    content.addLayout(table((("A", QWidget()), ("A longer one", QWidget()))))
    card = section("A title", content)
    qtbot.addWidget(card)
    assert [made.text() for made in card.findChildren(QLabel)] == ["A title", "A", "A longer one"]
    assert card.maximumWidth() == WIDEST
    assert caption("A").minimumWidth() == caption("A longer one").minimumWidth() > 0
    other = section("Another", QWidget())
    qtbot.addWidget(other)
    assert other.body.count() == 2
