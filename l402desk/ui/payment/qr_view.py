"""A QR code drawn as whole device pixels: black on white with its quiet zone, in both themes."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from l402desk.ui.payment.qr import Modules
from l402desk.ui.style import GAP

QUIET_ZONE = 4
"""Modules of white on each side (ISO/IEC 18004); many a dark theme broke scanning by leaving it out."""
SMALLEST = 320
RING = 6
"""Logical pixels around the paper, for the focus ring: it never touches the code or its quiet zone."""
_USUAL = 61
"""Modules across of an ordinary invoice's code with its quiet zone: keeps the room before the code is there."""
_CHEQUER = QColor("#000000")
_PAPER = QColor("#ffffff")
_ROUND = 8.0


class QrView(QWidget):
    """Shows the modules of one code. `clicked` asks for a larger view; `cover` hides it while it must not be paid."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._modules: Modules = ()
        self._covered_because = ""
        self.setObjectName("invoiceQr")
        self.setAccessibleName("Invoice as QR code")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def is_covered(self) -> bool:
        return bool(self._covered_because)

    @property
    def modules(self) -> Modules:
        return self._modules

    def show_modules(self, modules: Modules) -> None:
        """Draw this code; none leaves an empty frame."""
        self._modules = modules
        self._show_state()
        self.updateGeometry()

    def cover(self, reason: str) -> None:
        """Hide the code behind the reason: an invoice that a wallet is paying must not be paid a second time."""
        self._covered_because = reason
        self._show_state()

    def uncover(self) -> None:
        self.cover("")

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for a code of at least SMALLEST logical pixels in whole device pixels, and for the ring around it."""
        ratio = self.devicePixelRatioF()
        module = math.ceil(SMALLEST * ratio / self._across())
        side = math.ceil(module * self._across() / ratio) + 2 * RING
        return QSize(side, side)

    def module_size(self) -> int:
        """Device pixels a module takes: the largest whole number that fits."""
        if not self._modules:
            return 0
        side = int((min(self.width(), self.height()) - 2 * RING) * self.devicePixelRatioF())
        return max(1, side // self._across())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # from here on a unit is a device pixel
        place = self._place(ratio)
        if self.is_covered or not self._modules:
            self._paint_cover(painter, place, ratio)
        else:
            painter.fillRect(place, _PAPER)
            self._paint_modules(painter, place)
        if self.hasFocus() and self._is_readable():
            self._paint_ring(painter, place, ratio)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_readable():
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._is_readable():
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _across(self) -> int:
        return len(self._modules) + 2 * QUIET_ZONE if self._modules else _USUAL

    def _is_readable(self) -> bool:
        return bool(self._modules) and not self.is_covered

    def _show_state(self) -> None:
        self.setAccessibleDescription(self._covered_because)
        # A code that is not there takes no focus, and no ring makes it look as if it could be pressed.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._is_readable() else Qt.FocusPolicy.NoFocus)
        shape = Qt.CursorShape.PointingHandCursor if self._is_readable() else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        self.update()

    def _place(self, ratio: float) -> QRect:
        """Where the paper lies, in device pixels."""
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        side = self.module_size() * self._across() or min(width, height) - round(2 * RING * ratio)
        top = min((height - side) // 2, round(RING * ratio))  # level with what stands beside it
        return QRect((width - side) // 2, top, side, side)

    def _paint_modules(self, painter: QPainter, place: QRect) -> None:
        size = self.module_size()
        left, top = place.left() + QUIET_ZONE * size, place.top() + QUIET_ZONE * size
        for row, modules in enumerate(self._modules):
            for column, dark in enumerate(modules):
                if dark:
                    painter.fillRect(left + column * size, top + row * size, size, size, _CHEQUER)

    def _paint_cover(self, painter: QPainter, place: QRect, ratio: float) -> None:
        colours = self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.mid().color(), ratio))
        painter.setBrush(colours.base())
        half = ratio / 2
        painter.drawRoundedRect(QRectF(place).adjusted(half, half, -half, -half), _ROUND * ratio, _ROUND * ratio)
        painter.setPen(colours.text().color())
        font = painter.font()
        font.setPixelSize(round(15 * ratio))
        painter.setFont(font)
        margin = round(2 * GAP.HUGE * ratio)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place.adjusted(margin, margin, -margin, -margin), flags, self._covered_because)

    def _paint_ring(self, painter: QPainter, place: QRect, ratio: float) -> None:
        away = (RING - 2) * ratio
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.palette().link().color(), 2 * ratio))
        painter.drawRoundedRect(QRectF(place).adjusted(-away, -away, away, away), RING * ratio, RING * ratio)
