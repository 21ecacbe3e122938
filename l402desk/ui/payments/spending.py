"""The card with the chart: what it shows, its legend, and the bar that is pointed at in words."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from l402desk.ledger.sums import Span
from l402desk.session.payment_listing import DAYS, MONTHS, Summary
from l402desk.ui.colours import colours_now
from l402desk.ui.payments.chart import SpendingChart, slot_colours
from l402desk.ui.payments.chart_bars import OWN, Entry, host_bars, legend, span_bars
from l402desk.ui.payments.sums_strip import breakdown
from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.text import Label, elided_label, label

VIEWS = (f"Last {DAYS} days", f"Last {MONTHS} months", "By host")
BY_HOST = 2


class Swatch(QWidget):
    """A square in the colour of a host."""

    def __init__(self) -> None:
        super().__init__()
        self.slot = 0
        self.setFixedSize(10, 10)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), slot_colours(colours_now())[self.slot])


class SpendingCard(Card):
    """Shows a `Summary`; `span_wanted` carries a `Span` when the other one is asked for."""

    span_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(name="spendingCard", margin=GAP.MEDIUM, spacing=GAP.HAIR)
        self._summary = Summary()
        self.view = QComboBox()
        self.view.setObjectName("spendingBox")
        self.view.setAccessibleName("What the chart shows")
        self.view.addItems(list(VIEWS))
        self.chart = SpendingChart()
        self._words = elided_label(role="small", name="spendingWords")
        self._entries: list[tuple[Swatch, Label, Label]] = [
            (Swatch(), elided_label(mode="middle"), label(role="dim")) for _ in range(OWN + 1)
        ]
        self.view.currentIndexChanged.connect(self._change_view)
        self.chart.pointed.connect(self._point)
        self._lay_out()
        self._point("")

    def _lay_out(self) -> None:
        keys = QGridLayout()
        keys.setHorizontalSpacing(GAP.SMALL)
        keys.setVerticalSpacing(0)
        keys.setColumnStretch(1, 1)
        for line, parts in enumerate(self._entries):
            for at, part in enumerate(parts):
                keys.addWidget(part, line, at)
        beside = QVBoxLayout()
        beside.setSpacing(GAP.SMALL)
        beside.addWidget(self.view)
        beside.addLayout(keys)
        beside.addStretch(1)
        self._side = QWidget()
        self._side.setFixedWidth(232)
        self._side.setLayout(beside)
        beside.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(GAP.LARGE)
        row.addWidget(self.chart, 1)
        row.addWidget(self._side)
        self.body.addLayout(row, 1)
        self.body.addWidget(self._words)

    def show_summary(self, summary: Summary) -> None:
        self._summary = summary
        is_flat = self.view.currentIndex() == BY_HOST
        bars = host_bars(summary) if is_flat else span_bars(summary)
        busiest = max(bars, key=lambda bar: bar.total, default=None)
        highest = f" The highest: {busiest.words}." if busiest is not None and busiest.total else ""
        description = f"{self.view.currentText()}: {breakdown(summary.listed)}.{highest} Arrow keys read the bars."
        self.chart.show_bars(bars, flat=is_flat, description=description)
        entries = legend(summary)
        for number, parts in enumerate(self._entries):
            self._show_entry(parts, entries[number] if number < len(entries) else None)

    def _show_entry(self, parts: tuple[Swatch, Label, Label], entry: Entry | None) -> None:
        swatch, host, amount = parts
        for part in parts:
            part.setVisible(entry is not None)
        if entry is not None:
            swatch.slot = entry.slot
            swatch.update()
            host.setText(entry.host)
            amount.setText(entry.amount)

    @Slot()
    def _change_view(self) -> None:
        index = self.view.currentIndex()
        span = Span.MONTH if index == 1 else Span.DAY
        if index != BY_HOST and span is not self._summary.span:
            self.span_wanted.emit(span)
            return
        self.show_summary(self._summary)

    @Slot(object)
    def _point(self, words: object) -> None:
        self._words.setText(str(words) or "Point at a bar, or press the arrow keys, to read it.")
