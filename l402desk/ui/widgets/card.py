"""The raised surface that things lie on, the thin rule between them, and a column that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from l402desk.ui.style import GAP


class Card(QFrame):
    """A framed surface with rounded corners; ``body`` is its column."""

    def __init__(self, *, name: str = "", margin: int = GAP.LARGE, spacing: int = GAP.MEDIUM) -> None:
        super().__init__()
        self.setProperty("role", "card")
        if name:
            self.setObjectName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)


def rule() -> QFrame:
    """A horizontal line, one pixel high."""
    made = QFrame()
    made.setProperty("role", "rule")
    return made


class ScrollColumn(QScrollArea):
    """A page or panel that may be higher than the window: ``body`` is its column, and only that scrolls."""

    def __init__(self, *, name: str = "", margin: int = 0, spacing: int = GAP.LARGE) -> None:
        super().__init__()
        if name:
            self.setObjectName(name)
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(spacing)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def height_for(self, width: int) -> int:
        """Pixels that everything in it needs at this width: as high as that, it need not scroll."""
        return self.body.totalHeightForWidth(width) if self.body.hasHeightForWidth() else self.body.sizeHint().height()

    def clear(self, keep: int = 0) -> None:
        """Take all but the first ``keep`` items out; their widgets are hidden at once and deleted soon."""
        while (item := self.body.takeAt(keep)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
