"""What stands where nothing is yet: why it is empty, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import label

_WIDEST = 420


class EmptyState(QWidget):
    """An icon, a title, a sentence, and at most one button; ``pressed`` when that is used."""

    pressed = Signal()

    def __init__(self, icon: str, title: str, sentence: str, *, name: str, button_text: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(f"{title}. {sentence}")
        middle = Qt.AlignmentFlag.AlignHCenter
        words = label(sentence, role="dim", wrap=True)
        words.setAlignment(middle)
        words.setMaximumWidth(_WIDEST)
        heading = label(title, role="heading", wrap=True)
        heading.setAlignment(middle)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.HUGE)
        column.setSpacing(GAP.SMALL)
        column.addStretch(2)
        column.addWidget(IconView(icon, "dim", 40), 0, middle)
        column.addSpacing(GAP.HAIR)
        column.addWidget(heading)
        # Between springs, not aligned: an aligned label is not asked how high it is at the width it gets.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(words, 100)
        row.addStretch(1)
        column.addLayout(row)
        self.button: QPushButton | None = None
        if button_text:
            self.button = button(button_text, name=f"{name}Button")
            self.button.clicked.connect(self.pressed)
            column.addSpacing(GAP.SMALL)
            column.addWidget(self.button, 0, middle)
        column.addStretch(3)
