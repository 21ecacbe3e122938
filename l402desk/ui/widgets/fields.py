"""Single-line fields that a screen reader can name; text goes in and out as plain text."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from l402desk.ui.assets import set_icon
from l402desk.ui.style import GAP


def line_field(*, name: str, label: str, placeholder: str = "", mono: bool = False) -> QLineEdit:
    """A field; ``label`` is what a screen reader says, ``placeholder`` stands there while it is empty."""
    made = QLineEdit()
    _name(made, name, label, placeholder)
    if mono:
        made.setProperty("role", "mono")
    return made


def number_field(*, name: str, label: str, low: int, high: int, suffix: str = "") -> QSpinBox:
    """A whole number between ``low`` and ``high``; ``suffix`` is its unit (" sats")."""
    made = QSpinBox()
    made.setObjectName(name)
    made.setAccessibleName(label)
    made.setRange(low, high)
    made.setSuffix(suffix)
    made.setGroupSeparatorShown(True)
    made.lineEdit().setTextMargins(GAP.SMALL, 0, 0, 0)  # a style sheet's padding does not reach inside a spin box
    return made


class SearchField(QLineEdit):
    """A field to look something up in: a glass before it and, while there is text, a cross that clears."""

    def __init__(self, *, name: str, label: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _name(self, name, label, placeholder)
        self.setProperty("search", "true")
        glass = QAction(self)
        set_icon(glass, "search", "dim")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._cross = QAction("Clear", self)
        set_icon(self._cross, "close", "dim")
        self._cross.triggered.connect(self.clear)
        self.addAction(self._cross, QLineEdit.ActionPosition.TrailingPosition)
        self._cross.setVisible(False)
        self.textChanged.connect(self._offer_to_clear)

    def _offer_to_clear(self) -> None:
        self._cross.setVisible(bool(self.text()))


def _name(field: QLineEdit, name: str, label: str, placeholder: str) -> None:
    field.setObjectName(name)
    field.setAccessibleName(label)
    field.setPlaceholderText(placeholder)
