"""What the page says before any wallet is connected: three ways to pay, the easiest first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import label

_WAYS = (
    (
        "phone",
        "With the wallet on your phone",
        "Nothing to connect. When a page asks for a payment, scan its code and bring the proof of payment home.",
    ),
    (
        "broadcast",
        "With a wallet that pays on a click",
        "Best over Nostr Wallet Connect: Alby Hub, Zeus, coinos and others give this app a budget of its own, and you "
        "can take it back at any time. LND, Core Lightning, LNbits, phoenixd and Electrum connect too.",
    ),
    (
        "coins",
        "With play money",
        "To try everything without a single real sat, start the app with its sandbox: l402desk --sandbox.",
    ),
)


class FirstSteps(QWidget):
    """`add_pressed` when a wallet is to be connected."""

    add_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("walletsFirstSteps")
        self.add: QPushButton = button("Connect a wallet…", name="firstWalletButton", icon="plus")
        self.add.clicked.connect(self.add_pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.MEDIUM)
        self._heading = label("Three ways to pay", role="heading", name="firstStepsHeading")
        column.addWidget(self._heading)
        cards = [_way(*way, self.add if number == 1 else None) for number, way in enumerate(_WAYS)]
        for card in cards:
            column.addWidget(card)
        self._play = cards[-1]
        column.addStretch(1)

    def show_play(self, has_play: bool) -> None:
        """Play money that is there already needs no way to it."""
        self._play.setVisible(not has_play)
        self._heading.setText("Two ways to pay with real money" if has_play else "Three ways to pay")


def _way(icon: str, title: str, sentence: str, act: QPushButton | None) -> Card:
    card = Card(spacing=GAP.HAIR)
    row = QHBoxLayout()
    row.setSpacing(GAP.LARGE)
    said = QVBoxLayout()
    said.setSpacing(GAP.HAIR)
    said.addWidget(label(title, role="strong", wrap=True))
    said.addWidget(label(sentence, role="dim", wrap=True))
    if act is not None:
        said.addSpacing(GAP.HAIR)
        said.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
    row.addWidget(IconView(icon, "dim", 24), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(said, 1)
    card.body.addLayout(row)
    return card
