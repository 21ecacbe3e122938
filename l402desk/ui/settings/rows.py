"""Rows of captions and contents that stand in line over all sections of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.text import label

WIDEST = 760


def caption(text: str) -> QLabel:
    """The left column, equally wide in every section."""
    made = label(text, role="dim")
    made.setMinimumWidth(made.fontMetrics().averageCharWidth() * 24)
    return made


def table(rows: Sequence[tuple[str, QWidget]]) -> QLayout:
    """Captions on the left, contents on the right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP.LARGE)
    grid.setVerticalSpacing(GAP.SMALL)
    grid.setColumnStretch(1, 1)
    for number, (words, content) in enumerate(rows):
        grid.addWidget(caption(words), number, 0)
        grid.addWidget(content, number, 1)
    return grid


def section(title: str, content: QLayout | QWidget) -> Card:
    """A card of the page with its heading."""
    card = Card()
    card.setMaximumWidth(WIDEST)
    card.body.addWidget(label(title, role="heading"))
    if isinstance(content, QWidget):
        card.body.addWidget(content)
    else:
        card.body.addLayout(content)
    return card
