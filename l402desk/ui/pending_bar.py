"""The bar at the top of the window that says which payments are not settled; without any it is not there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import elided_label


class PendingBar(QFrame):
    """``ask_requested`` when the user wants the wallets asked once more."""

    ask_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pendingBar")
        self.setProperty("role", "pending")
        self._text = elided_label(name="pendingText")
        self._ask = button("Ask the wallet now", name="pendingAskButton")
        self._ask.clicked.connect(self.ask_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.LARGE, GAP.HAIR, GAP.LARGE, GAP.HAIR)
        row.setSpacing(GAP.SMALL)
        row.addWidget(IconView("clock", "accent"))
        row.addWidget(self._text, 1)
        row.addWidget(self._ask)
        self.hide()

    def show_pending(self, payments: Sequence[str]) -> None:
        """One phrase per payment that is not settled ("21 sats to 127.0.0.1:8402"); none hides the bar."""
        self.setVisible(bool(payments))
        if not payments:
            return
        if len(payments) == 1:
            text = f"A payment is not settled yet: {payments[0]}"
        else:
            text = f"{len(payments)} payments are not settled yet: {'; '.join(payments)}"
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)
            announce(self, text)
