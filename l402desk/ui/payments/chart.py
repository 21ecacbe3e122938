"""The spending chart: a bar a day, a month or a host; read by mouse, by keyboard or by a screen reader."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from l402desk.protocol.amount import MOST, Msat
from l402desk.ui.colours import Colours, colours_now, mix
from l402desk.ui.payments.chart_bars import Bar, nice_top
from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.text import set_tool_tip

_WIDEST, _ROUND, _GAP = 28, 2, 1
NOTHING = "Nothing was paid in this time"
_NEXT = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


def slot_colours(colours: Colours) -> tuple[str, ...]:
    """A colour for each of the dearest hosts, and one for all others; money is amber first."""
    return colours.accent, colours.link, colours.good, mix(colours.link, colours.danger, 0.55), colours.dim


class SpendingChart(QWidget):
    """`pointed` carries the words of the bar under the mouse or the keyboard; empty where there is none."""

    pointed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("spendingChart")
        self.setAccessibleName("Spending chart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._bars: tuple[Bar, ...] = ()
        self._flat = False
        self._chosen = -1

    def show_bars(self, bars: Sequence[Bar], *, flat: bool = False, description: str = "") -> None:
        """Draw these: upright, or ``flat`` with the label before each bar. The description is for screen readers."""
        self._bars, self._flat = tuple(bars), flat
        self.setAccessibleDescription(description)
        self._choose(-1)
        self.update()

    @property
    def chosen(self) -> Bar | None:
        return self._bars[self._chosen] if 0 <= self._chosen < len(self._bars) else None

    def sizeHint(self) -> QSize:
        return QSize(360, 112)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 88)

    # ---- pointing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._bars) - 1
        step = _NEXT.get(Qt.Key(event.key()))
        if last < 0 or (step is None and event.key() not in (Qt.Key.Key_Home, Qt.Key.Key_End)):
            super().keyPressEvent(event)
            return
        if step is None:
            self._choose(0 if event.key() == Qt.Key.Key_Home else last)
        elif self._chosen < 0:
            self._choose(last if not self._flat else 0)
        else:
            self._choose(min(max(self._chosen + step, 0), last))
        if self.chosen is not None:
            announce(self, self.chosen.words)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self._at(event.position().toPoint()))
        set_tool_tip(self, self.chosen.words if self.chosen else "")

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self._choose(-1)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._choose(-1)
        super().focusOutEvent(event)

    def _choose(self, number: int) -> None:
        if number != self._chosen:
            self._chosen = number
            self.pointed.emit(self.chosen.words if self.chosen else "")
            self.update()

    def _at(self, where: QPoint) -> int:
        return next((n for n, place in enumerate(self._places()) if place.contains(where)), -1)

    # ---- drawing

    def _places(self) -> list[QRect]:
        """The whole strip of each bar, label and air included; only those that have room."""
        area = self._area()
        if not self._bars:
            return []
        if self._flat:
            high = self.fontMetrics().height() + GAP.HAIR
            room = max(area.height() // high, 1)
            first = min(max(self._chosen - room + 1, 0), max(len(self._bars) - room, 0))
            shown = range(first, min(first + room, len(self._bars)))
            empty = QRect()
            return [
                QRect(area.left(), area.top() + (n - first) * high, area.width(), high) if n in shown else empty
                for n in range(len(self._bars))
            ]
        wide = area.width() / len(self._bars)
        edges = [area.left() + round(n * wide) for n in range(len(self._bars) + 1)]
        return [QRect(left, area.top(), right - left, area.height()) for left, right in itertools.pairwise(edges)]

    def _area(self) -> QRect:
        below = 0 if self._flat else self.fontMetrics().height() + GAP.HAIR
        above = 0 if self._flat else self.fontMetrics().height()
        return self.rect().adjusted(GAP.HAIR, above + GAP.HAIR, -GAP.HAIR, -below - GAP.HAIR)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_now()
        top = nice_top(max((bar.total for bar in self._bars), default=0))
        if not any(bar.total for bar in self._bars):
            painter.setPen(QColor(colours.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NOTHING)
        elif self._flat:
            self._paint_flat(painter, colours, top)
        else:
            self._paint_upright(painter, colours, top)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.link), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _paint_upright(self, painter: QPainter, colours: Colours, top: int) -> None:
        area, places = self._area(), self._places()
        painter.setPen(QColor(colours.dim))
        painter.drawText(
            QRect(area.left(), 0, area.width(), self.fontMetrics().height() + GAP.HAIR),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            Msat(min(top, MOST)).words(),
        )
        painter.setPen(QPen(QColor(colours.line), 1))
        for y in (area.top(), area.center().y(), area.bottom() + 1):
            painter.drawLine(area.left(), y, area.right(), y)
        for number, (bar, place) in enumerate(zip(self._bars, places, strict=True)):
            if number == self._chosen:
                painter.fillRect(place, QColor(colours.selection))
            wide = min(max(place.width() - 2, 1), _WIDEST)
            column = QRectF(place.center().x() - wide / 2 + 0.5, 0, wide, 0)
            self._paint_parts(painter, colours, bar, column, area.bottom() + 1, area.height() / top)
        self._paint_labels(painter, colours, places)

    def _paint_parts(
        self, painter: QPainter, colours: Colours, bar: Bar, column: QRectF, ground: float, scale: float
    ) -> None:
        shades = slot_colours(colours)
        painter.setPen(Qt.PenStyle.NoPen)
        for slot, msat in bar.parts:
            high = max(msat * scale, 2.0)  # a payment, however small, is seen
            painter.setBrush(QColor(shades[slot]))
            part = QRectF(column.left(), ground - high, column.width(), max(high - _GAP, 1.0))
            painter.drawRoundedRect(part, _ROUND, _ROUND)
            ground -= high

    def _paint_labels(self, painter: QPainter, colours: Colours, places: Sequence[QRect]) -> None:
        painter.setPen(QColor(colours.dim))
        metrics, taken = self.fontMetrics(), self.width() + GAP.SMALL
        step = max(len(self._bars) // 6, 1)
        for number in range(len(self._bars) - 1, -1, -step):  # from today backwards
            text = self._bars[number].label
            wide = metrics.horizontalAdvance(text)
            left = min(max(places[number].center().x() - wide // 2, 0), self.width() - wide)
            if left + wide + GAP.SMALL <= taken:
                painter.drawText(left, self.height() - metrics.descent() - 1, text)
                taken = left

    def _paint_flat(self, painter: QPainter, colours: Colours, top: int) -> None:
        area, metrics, shades = self._area(), self.fontMetrics(), slot_colours(colours)
        longest = max((metrics.horizontalAdvance(bar.label) for bar in self._bars), default=0)
        before = min(longest, area.width() // 3)
        after = max((metrics.horizontalAdvance(_words(bar)) for bar in self._bars), default=0)
        room = max(area.width() - before - after - 2 * GAP.SMALL, 8)
        for number, (bar, place) in enumerate(zip(self._bars, self._places(), strict=True)):
            if place.isEmpty():
                continue
            if number == self._chosen:
                painter.fillRect(place, QColor(colours.selection))
            painter.setPen(QColor(colours.text))
            name = metrics.elidedText(bar.label, Qt.TextElideMode.ElideMiddle, before)
            painter.drawText(QRect(place.left(), place.top(), before, place.height()), _MIDDLE, name)
            wide = max(bar.total * room / top, 2.0)
            left = place.left() + before + GAP.SMALL
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shades[bar.parts[0][0]]))
            painter.drawRoundedRect(QRectF(left, place.top() + 3, wide, place.height() - 6), _ROUND, _ROUND)
            painter.setPen(QColor(colours.dim))
            amount = QRect(round(left + wide) + GAP.SMALL, place.top(), after + GAP.SMALL, place.height())
            painter.drawText(amount, _MIDDLE, _words(bar))


def _words(bar: Bar) -> str:
    return Msat(min(bar.total, MOST)).words()


_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
