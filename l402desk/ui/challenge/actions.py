"""What can be done about a challenge: pay it, or ask for a fresh one; and how long its invoice stays good."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.countdown import Countdown


class ChallengeActions(QFrame):
    """Stands at the foot of the card, or, pinned, in a bar of its own below everything that scrolls."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self.setObjectName("challengeActions")
        self.pay = primary_button("Pay…", name="payButton", icon="bolt")
        self.again = button("Send again", name="sendAgainButton", icon="refresh")
        self.expiry = Countdown(name="challengeExpiry", clock=clock, prefix="Invoice expires in")
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP.SMALL)
        buttons.addWidget(self.pay)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._parts.setSpacing(GAP.SMALL)
        self._parts.addLayout(buttons)
        self._parts.addWidget(self.expiry)
        self.set_pinned(False)

    @property
    def is_pinned(self) -> bool:
        return self._parts.direction() is QBoxLayout.Direction.LeftToRight

    def set_pinned(self, pinned: bool) -> None:
        """In one row with a frame around it, or as part of the card above it."""
        way = QBoxLayout.Direction.LeftToRight if pinned else QBoxLayout.Direction.TopToBottom
        self._parts.setDirection(way)
        sides, ends = (GAP.LARGE, GAP.SMALL) if pinned else (0, 0)
        self._parts.setContentsMargins(sides, ends, sides, ends)
        self.setProperty("role", "card" if pinned else "")
        self.style().unpolish(self)
        self.style().polish(self)
