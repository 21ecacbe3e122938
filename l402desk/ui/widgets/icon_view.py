"""An icon beside text; it is drawn from the theme at each paint, so it is never stale or blurred."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from l402desk.ui.assets import Tint, pixmap


class IconView(QWidget):
    """``size`` logical pixels wide, and at least a line of text high: it sits on the line it belongs to."""

    def __init__(self, name: str, tint: Tint = "normal", size: int = 16) -> None:
        super().__init__()
        self._name = name
        self._tint = tint
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def shown(self) -> tuple[str, Tint]:
        """The name of the icon and its tint."""
        return self._name, self._tint

    def show_icon(self, name: str, tint: Tint = "normal") -> None:
        self._name = name
        self._tint = tint
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, max(self._size, self.fontMetrics().height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = pixmap(self._name, self._size, self._tint, ratio=self.devicePixelRatioF())
        QPainter(self).drawPixmap(0, (self.height() - self._size) // 2, picture)
