"""A question in a dialog of its own: its parts below each other, as high as they need, and the buttons at the foot."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.style import GAP


class ColumnDialog(QDialog):
    """Modal; ``column`` holds the parts. ``width`` and ``least_height`` in logical pixels are what it asks for."""

    def __init__(self, *, name: str, title: str, width: int, least_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setModal(True)
        self._asks_for = QSize(width, least_height)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.LARGE)
        self.column.setSpacing(GAP.MEDIUM)

    def end_with(self, *right: QWidget, left: Iterable[QWidget] = ()) -> None:
        """Close the column with the row of buttons, at the bottom however high the dialog is."""
        self.column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        for part in left:
            row.addWidget(part)
        row.addStretch(1)
        for part in right:
            row.addWidget(part)
        self.column.addLayout(row)

    def sizeHint(self) -> QSize:
        """What is shown now fits in whole, wrapped sentences too."""
        width = self._asks_for.width()
        return QSize(width, max(self.column.heightForWidth(width), self._asks_for.height()))
