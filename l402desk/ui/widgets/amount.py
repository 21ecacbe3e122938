"""A price in large type: the figure, and beside it on the same baseline the unit."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from l402desk.protocol.amount import Msat
from l402desk.ui.style import GAP
from l402desk.ui.widgets.text import label


class AmountLabel(QWidget):
    """Shows an amount; None means that the invoice names none."""

    def __init__(self, amount: Msat | None = None, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._figure = label(role="price", selectable=True, name=f"{name}Figure")
        self._unit = label(role="unit", name=f"{name}Unit")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.SMALL)
        row.addWidget(self._figure)
        row.addWidget(self._unit)
        row.addStretch(1)
        self.set_amount(amount)

    def set_amount(self, amount: Msat | None) -> None:
        self._figure.setText("any" if amount is None else amount.figure())
        self._unit.setText("amount" if amount is None else amount.unit)
        words = "the invoice names no amount" if amount is None else amount.words()
        self.setAccessibleName(words)
        self._figure.setAccessibleName(words)

    def text(self) -> str:
        """What stands there: ``21 sats``."""
        return f"{self._figure.text()} {self._unit.text()}"

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._align()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Polish:
            self._align()
        return super().event(event)

    def _align(self) -> None:
        """Both stand on one baseline: the unit is lifted by what the larger type reaches lower."""
        for part in (self._figure, self._unit):
            part.ensurePolished()
        figure, unit = self._figure.fontMetrics(), self._unit.fontMetrics()
        above = figure.ascent() - unit.ascent()
        below = figure.descent() - unit.descent()
        self._unit.setContentsMargins(0, max(above, 0), 0, max(below, 0))
