"""The line at the foot of the window: the wallet that would pay, and the state of the vault."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from l402desk.protocol.amount import Msat
from l402desk.ui.style import GAP
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import elided_label, label


class StatusLine(QFrame):
    """Set from outside; it asks nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusLine")
        self.setProperty("role", "status")
        self.setAccessibleName("Status")
        self._dot = IconView("ring", "dim")
        self._wallet = elided_label(role="dim", name="statusWallet")
        self._key = IconView("lock", "dim")
        self._vault = label(role="dim", name="statusVault")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.LARGE, GAP.HAIR, GAP.LARGE, GAP.HAIR)
        row.setSpacing(GAP.HAIR)
        row.addWidget(self._dot)
        row.addWidget(self._wallet, 1)
        row.addSpacing(GAP.MEDIUM)
        row.addWidget(self._key)
        row.addWidget(self._vault)
        self.show_no_wallet()
        self.show_vault("")

    def show_no_wallet(self) -> None:
        self._dot.show_icon("ring", "dim")
        self._wallet.setText("No wallet connected")

    def show_wallet(self, name: str, balance: Msat | None) -> None:
        """A wallet that answers; its balance where it tells one."""
        self._dot.show_icon("dot", "good")
        self._wallet.setText(f"{name} · {balance.words()}" if balance is not None else f"{name} · connected")

    def show_wallet_trouble(self, name: str, what: str) -> None:
        """A wallet that does not: ``what`` in two or three words ("not reachable")."""
        self._dot.show_icon("warning", "caution")
        self._wallet.setText(f"{name} · {what}")

    def show_vault(self, state: str, tokens: int | None = None, *, locked: bool = False) -> None:
        """``state`` in words ("Vault unlocked"); empty shows nothing."""
        count = "" if tokens is None else f" · {tokens} token{'' if tokens == 1 else 's'}"
        self._vault.setText(f"{state}{count}" if state else "")
        self._key.show_icon("lock" if locked else "unlock", "dim")
        self._key.setVisible(bool(state))
