"""What was spent, in a row of figures: today, this month, ever, what is in flight, and what is listed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ledger.sums import Spent
from l402desk.session.payment_listing import Summary
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.text import label


class Tile(QWidget):
    """A caption, an amount, and what it is made of."""

    def __init__(self, caption: str, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._caption = caption
        self._amount = label(role="heading", name=f"{name}Amount")
        self._count = label(role="small", name=f"{name}Count")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(label(caption, role="small"))
        column.addWidget(self._amount)
        column.addWidget(self._count)
        column.addStretch(1)
        self.say("", "")

    def say(self, amount: str, count: str, *, role: str = "small") -> None:
        self._amount.setText(amount)
        self._count.setText(count)
        set_role(self._count, role)
        self.setAccessibleName(f"{self._caption}: {amount}, {count}")


class SumsStrip(Card):
    """Shows a `Summary`; "Shown here" appears when a filter leaves some out."""

    def __init__(self) -> None:
        super().__init__(name="paymentSums", margin=GAP.MEDIUM)
        self._today = Tile("Today", name="sumToday")
        self._month = Tile("This month", name="sumMonth")
        self._ever = Tile("All time", name="sumEver")
        self._flight = Tile("In flight", name="sumInFlight")
        self._listed = Tile("Shown here", name="sumListed")
        row = QHBoxLayout()
        row.setSpacing(GAP.LARGE)
        for tile in (self._today, self._month, self._ever, self._flight, self._listed):
            row.addWidget(tile, 1)
        self.body.addLayout(row)
        self.show_summary(Summary())

    def show_summary(self, summary: Summary) -> None:
        for tile, spent in ((self._today, summary.today), (self._month, summary.month), (self._ever, summary.ever)):
            tile.say(spent.total.words(), payments(spent.bought))
        ever = summary.ever
        words = f"{ever.waiting} open" if ever.waiting else "none open"
        self._flight.say(ever.in_flight.words(), words, role="caution" if ever.waiting else "small")
        self._listed.say(summary.listed.total.words(), payments(summary.listed.bought))
        self._listed.setVisible(not summary.wanted.is_empty)


def payments(count: int) -> str:
    """``1 payment``, ``1,204 payments``."""
    return f"{count:,} payment{'' if count == 1 else 's'}"


def breakdown(spent: Spent) -> str:
    """An amount and what it is made of: ``21 sats in 3 payments, 0.3 sats of it fees``."""
    fees = f", {spent.fees.words()} of it fees" if spent.fees else ""
    open_ones = f"; {spent.in_flight.words()} in flight" if spent.waiting else ""
    return f"{spent.total.words()} in {payments(spent.bought)}{fees}{open_ones}"
