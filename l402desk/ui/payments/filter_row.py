"""Which payments are shown: a text to look for, how far they got, and since when."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from l402desk.ledger.history import PurchaseFilter
from l402desk.ledger.purchases import OPEN, Delivery, PurchaseState
from l402desk.ui.style import GAP
from l402desk.ui.widgets.fields import SearchField

SEARCH_AFTER_MS = 150
STATES: tuple[tuple[str, frozenset[PurchaseState], Delivery | None], ...] = (
    ("Any state", frozenset(), None),
    ("Paid", frozenset({PurchaseState.SETTLED}), None),
    ("Not delivered", frozenset({PurchaseState.SETTLED}), Delivery.UNDELIVERED),
    ("Refused", frozenset({PurchaseState.SETTLED}), Delivery.REFUSED),
    ("Open", OPEN, None),
    ("Failed", frozenset({PurchaseState.FAILED}), None),
    ("Not paid", frozenset({PurchaseState.OFFERED}), None),
)
PERIODS = ("Any time", "Today", "Last 7 days", "Last 30 days", "This month", "This year")


class FilterRow(QWidget):
    """`changed` carries a `PurchaseFilter`, a moment after the last key."""

    changed = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self.search = SearchField(name="paymentSearch", label="Search payments")
        self.states = _box("paymentStateBox", "State of the payments", [words for words, _, _ in STATES])
        self.periods = _box("paymentPeriodBox", "Time of the payments", PERIODS)
        self._typing = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._typing.timeout.connect(self._tell)
        self.search.textChanged.connect(self._tell_soon)
        self.states.currentIndexChanged.connect(self._tell)
        self.periods.currentIndexChanged.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.search, 1)
        row.addWidget(self.states)
        row.addWidget(self.periods)

    def wanted(self) -> PurchaseFilter:
        """The filter as it stands."""
        _words, states, delivery = STATES[max(self.states.currentIndex(), 0)]
        since = _since(self.periods.currentText(), datetime.fromtimestamp(self._clock()))
        return PurchaseFilter(self.search.text().strip(), states=states, since=since, delivery=delivery)

    def clear(self) -> None:
        """Want everything again; `changed` tells so once."""
        for part in (self.search, self.states, self.periods):
            part.blockSignals(True)
        self.search.clear()
        self.states.setCurrentIndex(0)
        self.periods.setCurrentIndex(0)
        for part in (self.search, self.states, self.periods):
            part.blockSignals(False)
        self._tell()

    def count(self, everything: int) -> None:
        """Say how many there are to look through."""
        self.search.setPlaceholderText(f"Search {everything:,} payment{'' if everything == 1 else 's'}")

    @Slot()
    def _tell_soon(self) -> None:
        self._typing.start()

    @Slot()
    def _tell(self) -> None:
        self._typing.stop()
        self.changed.emit(self.wanted())


def _box(name: str, label: str, words: tuple[str, ...] | list[str]) -> QComboBox:
    made = QComboBox()
    made.setObjectName(name)
    made.setAccessibleName(label)
    made.addItems(list(words))
    return made


def _since(period: str, now: datetime) -> int | None:
    """The first second of a period, in local time; a local midnight is no fixed number of seconds ago (DST)."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begins = {
        "Today": midnight,
        "Last 7 days": midnight - timedelta(days=6),
        "Last 30 days": midnight - timedelta(days=29),
        "This month": midnight.replace(day=1),
        "This year": midnight.replace(month=1, day=1),
    }
    return int(begins[period].timestamp()) if period in begins else None
