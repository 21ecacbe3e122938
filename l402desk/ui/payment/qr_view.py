"""A QR code drawn as whole device pixels: black on white with its quiet zone, in both themes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from l402desk.ui.payment.qr import Modules
from l402desk.ui.style import GAP

QUIET_ZONE = 4
"""Modules of white on each side (ISO/IEC 18004); many a dark theme broke scanning by leaving it out."""
SMALLEST = 320
_USUAL = 61
"""Modules across of an ordinary invoice's code with its quiet zone: keeps the room before the code is there."""
_CHEQUER = QColor("#000000")
_PAPER = QColor("#ffffff")


class QrView(QWidget):
    """Shows the modules of one code. `clicked` asks for a larger view; `cover` hides it while it must not be paid."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._modules: Modules = ()
        self._covered_because = ""
        self.setObjectName("invoiceQr")
        self.setAccessibleName(self.tr("Invoice as QR code"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def is_covered(self) -> bool:
        return bool(self._covered_because)

    @property
    def modules(self) -> Modules:
        return self._modules

    def show_modules(self, modules: Modules) -> None:
        self._modules = modules
        self.updateGeometry()
        self.update()

    def cover(self, reason: str) -> None:
        """Hide the code behind the reason: an invoice that a wallet is paying must not be paid a second time."""
        self._covered_because = reason
        self.update()

    def uncover(self) -> None:
        self.cover("")

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """At least SMALLEST logical pixels, and a whole number of them per module."""
        across = len(self._modules) + 2 * QUIET_ZONE if self._modules else _USUAL
        side = -(-SMALLEST // across) * across
        return QSize(side, side)

    def module_size(self) -> int:
        """Device pixels a module takes: the largest whole number that fits."""
        if not self._modules:
            return 0
        side = int(min(self.width(), self.height()) * self.devicePixelRatioF())
        return max(1, side // (len(self._modules) + 2 * QUIET_ZONE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # from here on a unit is a device pixel
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        size = self.module_size()
        side = size * (len(self._modules) + 2 * QUIET_ZONE) if size else min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        painter.fillRect(left, top, side, side, _PAPER)
        if self.is_covered:
            self._paint_cover(painter, QRect(left, top, side, side))
        elif size:
            self._paint_modules(painter, left + QUIET_ZONE * size, top + QUIET_ZONE * size, size)
        if self.hasFocus():
            painter.setPen(self.palette().link().color())
            painter.drawRect(left, top, side - 1, side - 1)

    def _paint_modules(self, painter: QPainter, left: int, top: int, size: int) -> None:
        for row, modules in enumerate(self._modules):
            for column, dark in enumerate(modules):
                if dark:
                    painter.fillRect(left + column * size, top + row * size, size, size, _CHEQUER)

    def _paint_cover(self, painter: QPainter, place: QRect) -> None:
        painter.setPen(_CHEQUER)
        font = painter.font()
        font.setPixelSize(round(15 * self.devicePixelRatioF()))
        painter.setFont(font)
        margin = GAP.HUGE
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(margin, margin, -margin, -margin), flags, self._covered_because)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not self.is_covered:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not self.is_covered:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
