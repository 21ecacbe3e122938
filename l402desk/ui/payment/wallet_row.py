"""Paying with a connected wallet: which one, what it holds, and the button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.session.wallets import WalletCard
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.buttons import primary_button
from l402desk.ui.widgets.text import label, visible


class WalletRow(QWidget):
    """Offers the connected wallets; `pay_pressed` carries the name of the chosen one. Hidden where there is none."""

    pay_pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cards: tuple[WalletCard, ...] = ()
        self.box = QComboBox()
        self.box.setObjectName("walletBox")
        self.box.setAccessibleName("Wallet to pay with")
        self.pay = primary_button("Pay", name="payWithWalletButton", icon="bolt")
        # A default button would be pressed by Enter anywhere in the dialog: pasting a proof must never pay.
        self.pay.setDefault(False)
        self._balance = label(role="dim", name="walletBalance")
        self.pay.clicked.connect(self._press)
        self.box.currentIndexChanged.connect(self._show_choice)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.pay)
        row.addStretch(1)
        row.addWidget(self._balance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addWidget(self.box)
        column.addLayout(row)

    def show_wallets(self, cards: Sequence[WalletCard], *, afresh: bool = False) -> None:
        """The wallets, the one to offer first in front. Only ``afresh`` takes it: nothing moves under a pointer."""
        self._cards = tuple(cards)
        chosen = "" if afresh else self.box.currentText()
        self.box.clear()
        self.box.addItems([card.name for card in self._cards])
        self.box.setCurrentIndex(max(self.box.findText(chosen), 0 if self._cards else -1))
        self.box.setVisible(len(self._cards) > 1)
        self.setVisible(bool(self._cards))
        self._show_choice()

    @property
    def chosen(self) -> str:
        """The wallet that stands in the box; empty where there is none."""
        card = self._card()
        return card.name if card is not None else ""

    @Slot()
    def _show_choice(self) -> None:
        card = self._card()
        words = f"Pay with {visible(card.name, 40)}" if card else "Pay"
        self.pay.setText(words.replace("&", "&&"))  # else an ampersand in a name would become an underline
        self.pay.setAccessibleName(words)
        self._balance.setText(_holds(card) if card else "")
        set_role(self._balance, "caution" if card and card.trouble else "dim")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter pays on the button itself only, and not while it is still held down from before."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.pay.hasFocus() and not event.isAutoRepeat():
            self.pay.click()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _press(self) -> None:
        card = self._card()
        if card is not None:
            self.pay_pressed.emit(card.name)

    def _card(self) -> WalletCard | None:
        index = self.box.currentIndex()
        return self._cards[index] if 0 <= index < len(self._cards) else None


def _holds(card: WalletCard) -> str:
    if card.trouble:
        return "does not answer now"
    return card.balance.words() if card.balance is not None else ""
