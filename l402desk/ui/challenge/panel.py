"""The challenge panel: what a 402 asks, explained before any money moves. It stands where the answer will stand."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from l402desk.engine.view import JourneyView
from l402desk.protocol.errors import OriginError
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.origin import Origin
from l402desk.ui.challenge.details import ChallengeDetails
from l402desk.ui.challenge.verdict_card import REQUIRED, VERDICTS, VerdictCard
from l402desk.ui.payment.status import STAYS_OPEN
from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.card import ScrollColumn

NARROW, LOW = 760, 400
"""Logical pixels of width or height below which the two halves stand above each other."""


class ChallengePanel(QWidget):
    """Shows the best challenge of a journey. `pay_requested` carries its index; `again_requested` wants a fresh one."""

    pay_requested = Signal(object)
    again_requested = Signal()

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.setObjectName("challengePanel")
        self._clock = clock
        self._shown: Inspection | None = None
        self.card = VerdictCard(clock)
        self.details = ChallengeDetails()
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        self._halves.setChildrenCollapsible(False)
        self._halves.setHandleWidth(GAP.MEDIUM)
        self._halves.addWidget(self.card)
        self._halves.addWidget(self.details)
        self._halves.setStretchFactor(0, 2)
        self._halves.setStretchFactor(1, 3)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.SMALL)
        scroll = ScrollColumn(name="challengeScroll")  # in a small window nothing is squeezed
        scroll.body.addWidget(self._halves)
        self._column.addWidget(scroll)
        self.card.pay_pressed.connect(self._ask_to_pay)
        QShortcut(QKeySequence("Ctrl+Shift+P"), self, self.card.pay.click)
        self.card.again_pressed.connect(self.again_requested)

    def show_view(self, view: JourneyView) -> None:
        """Show where the journey stands; the same challenge is not drawn twice."""
        inspection = view.chosen or (view.inspections[0] if view.inspections else None)
        if inspection is None:
            return
        if inspection is not self._shown:
            self._shown = inspection
            self.card.show_inspection(inspection, _origin(view), _status(view))
            self.details.show_inspection(inspection, int(self._clock()))
            self.details.show_answer(view.answer, view.demand)
            self._announce(inspection, _status(view))
        self.card.set_payable(view.can_pay, is_under_way=view.phase in STAYS_OPEN)
        self._arrange()

    @Slot()
    def _ask_to_pay(self) -> None:
        self.pay_requested.emit(0)

    def _announce(self, inspection: Inspection, status: str) -> None:
        price = inspection.amount.words() if inspection.amount else "no amount named"
        announce(self, f"{status}: {price}. {VERDICTS[inspection.verdict][1]}.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Above each other the halves scroll as one; the way to pay is on the screen all the same."""
        stacked = self.width() < NARROW or self.height() < LOW
        self._halves.setOrientation(Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal)
        self.card.set_whole(stacked)
        foot = self.card.foot
        height = self.card.minimumSizeHint().height() + (foot.sizeHint().height() if foot.is_pinned else 0)
        pinned = stacked and height > self.height()
        if pinned != foot.is_pinned:
            foot.set_pinned(pinned)
            (self._column if pinned else self.card.body).addWidget(foot)


def _status(view: JourneyView) -> str:
    answer = view.answer
    return REQUIRED if answer is None or answer.status == 402 else f"{answer.status} {answer.reason}".strip()


def _origin(view: JourneyView) -> Origin | None:
    try:
        return Origin.of(view.answer.url) if view.answer else None
    except OriginError:
        return None
