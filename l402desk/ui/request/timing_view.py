"""Where the time of a request went, as named bars on one common scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from l402desk.client.answer import Timings
from l402desk.ui.colours import colours_now
from l402desk.ui.request.body_text import time_words
from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import ScrollColumn
from l402desk.ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a request's journey: its name in words, and how long it took in milliseconds."""

    name: str
    ms: float
    role: str = "link"  # the colour of the bar, a role of the theme; "accent" is for money

    def __post_init__(self) -> None:
        if not self.name or not self.ms >= 0:
            raise ValueError("a step has a name and a duration of zero or more")


def steps_of(timings: Timings) -> tuple[Step, ...]:
    """The measured parts in the order they happened; what was not measured is left out, not shown as zero."""
    connect = [part for part in (timings.dns_ms, timings.connect_ms) if part is not None]
    named = (
        ("Look-up and connection", sum(connect) if connect else None, "link"),
        ("TLS handshake", timings.tls_ms, "link"),
        ("Waiting for the first byte", timings.first_byte_ms, "dim"),
        ("Download", timings.body_ms, "good"),
    )
    return tuple(Step(name, max(ms, 0.0), role) for name, ms, role in named if ms is not None)


class TimingView(ScrollColumn):
    """A row per step: name, bar, figure; below them the total."""

    def __init__(self) -> None:
        super().__init__(name="responseTiming", margin=GAP.LARGE)
        self.setAccessibleName("Timing of the request")
        self._rows = QWidget()
        self.body.addWidget(self._rows)
        self.body.addStretch(1)

    def show_timings(self, timings: Timings, steps: Sequence[Step] = ()) -> None:
        """``steps`` that came before (a first answer, a payment), then the request's own parts, as they happened."""
        parts = (*steps, *steps_of(timings))
        own = timings.total_ms
        extra = sum(step.ms for step in steps)
        self._show_rows(parts, None if own is None else own + extra)

    def _show_rows(self, parts: Sequence[Step], total: float | None) -> None:
        self.body.removeWidget(self._rows)
        self._rows.hide()
        self._rows.deleteLater()
        self._rows = QWidget()
        grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP.LARGE)
        grid.setVerticalSpacing(GAP.SMALL)
        grid.setColumnStretch(1, 1)
        whole = max(total or 0.0, sum(step.ms for step in parts)) or 1.0
        start = 0.0
        for row, step in enumerate(parts):
            grid.addWidget(label(step.name), row, 0)
            grid.addWidget(_Bar(start / whole, step.ms / whole, step), row, 1)
            grid.addWidget(label(time_words(step.ms), name=f"timing{row}"), row, 2, Qt.AlignmentFlag.AlignRight)
            start += step.ms
        if total is not None:
            grid.addWidget(label("Total", role="strong"), len(parts), 0)
            figure = label(time_words(total), role="strong", name="timingTotal")
            grid.addWidget(figure, len(parts), 2, Qt.AlignmentFlag.AlignRight)
        if not parts and total is None:
            grid.addWidget(label("Nothing was measured for this answer.", role="dim"), 0, 0)
        self.body.insertWidget(0, self._rows)


class _Bar(QWidget):
    """One step's place and share of the whole; at least two pixels, so that nothing that happened is lost."""

    def __init__(self, start: float, share: float, step: Step) -> None:
        super().__init__()
        self._start, self._share, self._role = start, share, step.role
        self.setAccessibleName(f"{step.name}: {time_words(step.ms)}")
        self.setMinimumSize(40, 18)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = colours_now()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        place = QRectF(self.rect()).adjusted(0, 5, 0, -5)
        painter.setBrush(QColor(colours.selection))
        painter.drawRoundedRect(place, 4, 4)
        wide = max(place.width() * self._share, 2.0)
        left = min(place.width() * self._start, place.width() - wide)
        painter.setBrush(QColor(colours[self._role]))
        painter.drawRoundedRect(QRectF(left, place.y(), wide, place.height()), min(4.0, wide / 2), 4)
