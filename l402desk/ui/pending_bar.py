"""The bar at the top of the window that says which payments are open, since when, what is known and what can be done;
without any it is not there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from l402desk.protocol.amount import Msat
from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.countdown import time_left
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import elided_label

TICK_MS = 5_000


@dataclass(frozen=True, slots=True)
class Pending:
    """One open payment. ``since`` is unix seconds, ``known`` what is known of it, in words."""

    amount: Msat
    host: str
    since: int
    known: str

    def words(self, now: float) -> str:
        return f"{self.amount.words()} to {self.host}, {time_left(max(now - self.since, 0))}"


class PendingBar(QFrame):
    """``ask_requested`` when the user wants the wallets asked once more, ``show_requested`` when all is to be seen."""

    ask_requested = Signal()
    show_requested = Signal()

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.setObjectName("pendingBar")
        self.setProperty("role", "pending")
        self._clock = clock
        self._payments: tuple[Pending, ...] = ()
        self._text = elided_label(name="pendingText")
        self._ask = button("Ask the wallet now", name="pendingAskButton")
        self._show = button("Show", name="pendingShowButton", label="Show the open payments")
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._tell)
        self._ask.clicked.connect(self.ask_requested)
        self._show.clicked.connect(self.show_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.LARGE, GAP.HAIR, GAP.LARGE, GAP.HAIR)
        row.setSpacing(GAP.SMALL)
        row.addWidget(IconView("clock", "accent"))
        row.addWidget(self._text, 1)
        row.addWidget(self._ask)
        row.addWidget(self._show)
        self.hide()

    def show_pending(self, payments: Sequence[Pending]) -> None:
        """The payments that are open; none hides the bar."""
        before, self._payments = self._payments, tuple(payments)
        self.setVisible(bool(payments))
        self._tell()
        if payments and self._payments != before:
            announce(self, self._text.text())

    @Slot()
    def _tell(self) -> None:
        if not self._payments:
            return
        now = self._clock()
        count = f"{len(self._payments)} payment{'' if len(self._payments) == 1 else 's'} open"
        each = "; ".join(payment.words(now) for payment in self._payments)
        known = f" · {self._payments[0].known}" if len(self._payments) == 1 else ""
        self._text.setText(f"{count}: {each}{known}")
        self.setAccessibleName(self._text.text())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ticks.stop()
        super().hideEvent(event)
