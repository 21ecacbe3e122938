"""The request's parts and its answer: one above the other, side by side in a wide window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from l402desk.ui.style import GAP

WIDE = 1_400  # logical pixels of window width from which the answer stands beside the request
_ABOVE, _BESIDE = (2, 7), (3, 4)  # the request's share and the answer's, until somebody drags the handle


class AnswerSplit(QSplitter):
    """Turns by itself when the window becomes wide or narrow; each way starts with its own shares."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("requestSplit")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP.MEDIUM)
        self._dragged = False
        self.splitterMoved.connect(self._note_drag)

    def _note_drag(self) -> None:
        self._dragged = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.window().width() > WIDE
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.orientation() != wanted:
            self.setOrientation(wanted)
            self._dragged = False
        if not self._dragged:
            first, second = _BESIDE if wide else _ABOVE
            extent = self.width() if wide else self.height()
            self.setSizes([extent * first // (first + second), extent * second // (first + second)])
        super().resizeEvent(event)
