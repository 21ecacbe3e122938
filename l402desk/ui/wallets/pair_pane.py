"""Pairing by a code: this app makes the key and asks for a budget, the wallet's owner agrees, nothing is copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.protocol.amount import Msat
from l402desk.session.wallet_pairing import PairingSession
from l402desk.ui.payment.qr import Modules, QrMaker
from l402desk.ui.payment.qr_view import QrView
from l402desk.ui.style import GAP, set_role
from l402desk.ui.wallets.opening import open_link
from l402desk.ui.widgets.buttons import CopyButton, button
from l402desk.ui.widgets.fields import line_field, number_field
from l402desk.ui.widgets.text import label, sentences

_RENEWALS = (("daily", "each day"), ("weekly", "each week"), ("monthly", "each month"), ("never", "once"))
NARROW = 120
USUAL_BUDGET, MOST_BUDGET = 10_000, 100_000_000
HOW = (
    "1  Say what this app may spend",
    "2  Scan the code with Alby Go or another wallet that connects apps, or open the link where the wallet is",
    "3  Agree there: the wallet answers by itself, and is tried before it is added",
)


class PairPane(QWidget):
    """Shows one wish of `PairingSession` as a code and a link, until a wallet grants it."""

    def __init__(self, pairing: PairingSession) -> None:
        super().__init__()
        self.setObjectName("pairPane")
        self._pairing = pairing
        self._drawn = ""
        self.code = QrView()
        self.code.setObjectName("pairingQr")
        self.code.setAccessibleName("Pairing as QR code")
        self._maker = QrMaker(self)
        self.budget = number_field(
            name="pairBudgetField", label="Budget to ask for, in sats", low=1, high=MOST_BUDGET, suffix=" sats"
        )
        self.budget.setValue(USUAL_BUDGET)
        self.budget.setMinimumWidth(NARROW)  # by itself it is as wide as the largest budget
        self.renews = QComboBox()
        self.renews.setObjectName("pairRenewsBox")
        self.renews.setAccessibleName("How often the budget is renewed")
        for word, said in _RENEWALS:
            self.renews.addItem(said, word)
        self.renews.setCurrentIndex(2)
        self.watch_only = QCheckBox("Watch only: it may not pay")
        self.watch_only.setObjectName("pairWatchBox")
        self.watch_only.setAccessibleName("Watch only: it may not pay")
        self.relays = line_field(
            name="pairRelaysField",
            label="Relays to meet the wallet at, where it does not use Alby's",
            placeholder="its own relay, if it has one: wss://…",
        )
        self.begin = button("Make the code", name="pairButton", icon="broadcast")
        self.stop = button("Stop waiting", name="stopPairingButton", icon="stop")
        self.copy = CopyButton("Copy link", name="copyPairingButton")
        self.open = button("Open in wallet", name="openPairingButton", icon="phone")
        self.hub = button(
            "Open Alby Hub", name="openHubButton", icon="globe", label="Agree in Alby Hub, in the browser"
        )
        self._status = label(name="pairingStatus", role="dim", wrap=True)
        self._lay_out()
        self._connect()
        self.show_pairing()

    def _lay_out(self) -> None:
        ask = QGridLayout()
        ask.setHorizontalSpacing(GAP.SMALL)
        ask.setVerticalSpacing(GAP.SMALL)
        ask.addWidget(self.budget, 0, 0)
        ask.addWidget(self.renews, 0, 1)
        ask.setColumnStretch(0, 1)
        right = QVBoxLayout()
        right.setSpacing(GAP.SMALL)
        right.addWidget(label(HOW[0], role="strong", wrap=True))
        right.addLayout(ask)
        right.addWidget(self.watch_only)
        right.addWidget(self.relays)
        right.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        right.addSpacing(GAP.HAIR)
        for step in HOW[1:]:
            right.addWidget(label(step, role="strong", wrap=True))
        right.addStretch(1)
        right.addWidget(self._status)
        right.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        links = QHBoxLayout()
        links.setSpacing(GAP.SMALL)
        links.addWidget(self.copy, 1)
        links.addWidget(self.open, 1)
        left = QVBoxLayout()
        left.setSpacing(GAP.SMALL)
        left.addWidget(self.code)
        left.addLayout(links)
        left.addWidget(self.hub)
        left.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GAP.MEDIUM, 0, 0)
        row.setSpacing(GAP.LARGE)
        row.addLayout(left)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        self._maker.made.connect(self._draw)
        self.begin.clicked.connect(self._begin)
        self.stop.clicked.connect(self._pairing.stop)
        self.open.clicked.connect(self._open)
        self.hub.clicked.connect(self._open_hub)
        self.watch_only.toggled.connect(self._allow)
        self._pairing.changed.connect(self.show_pairing)

    @Slot()
    def show_pairing(self) -> None:
        """What the session knows now."""
        uri, trouble = self._pairing.uri, self._pairing.trouble
        if uri != self._drawn:
            self._drawn = uri
            self.code.show_modules(())
            if uri:
                self._maker.make(uri)
        self.copy.set_payload(uri)
        self.open.setEnabled(bool(uri))
        self.hub.setEnabled(bool(uri))
        self.stop.setVisible(self._pairing.is_waiting)
        self.begin.setText("Make another code" if uri else "Make the code")
        self._say(trouble is not None)
        self.code.cover("" if uri else "The code comes here")
        self._allow()

    def _say(self, is_trouble: bool) -> None:
        trouble = self._pairing.trouble
        waiting = "Waiting for the wallet. The code holds no secret, and is good as long as this is open."
        said = sentences(trouble.sentence, trouble.remedy) if trouble is not None else ""
        self._status.setText(said or (waiting if self._pairing.is_waiting else ""))
        set_role(self._status, "caution" if is_trouble else "dim")

    @Slot()
    def _allow(self) -> None:
        for part in (self.budget, self.renews):
            part.setEnabled(not self.watch_only.isChecked())

    @Slot()
    def _begin(self) -> None:
        relays = tuple(self.relays.text().replace(",", " ").split())
        watch_only = self.watch_only.isChecked()
        self._pairing.begin(
            budget=None if watch_only else Msat.of_sats(self.budget.value()),
            renews=str(self.renews.currentData()),
            watch_only=watch_only,
            relays=relays,
        )

    @Slot(object, object)
    def _draw(self, text: str, modules: Modules) -> None:
        if text == self._pairing.uri:
            self.code.show_modules(modules)

    @Slot()
    def _open(self) -> None:
        self._tell_opened(open_link(self._pairing.uri), "wallet")

    @Slot()
    def _open_hub(self) -> None:
        self._tell_opened(open_link(self._pairing.hub_url), "browser")

    def _tell_opened(self, is_open: bool, what: str) -> None:
        if not is_open:
            self._status.setText(f"No {what} on this computer opened the link. Scan the code, or copy the link.")
            set_role(self._status, "caution")
