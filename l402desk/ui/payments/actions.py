"""What can be done about a payment, by its state: ask the wallet, prove it, fetch what it bought, stop waiting."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l402desk.engine.statement import Line
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.ui.payment.proof_field import ProofField
from l402desk.ui.payments import wording
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button, danger_button, ghost_button, primary_button
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label

_PROVABLE = frozenset(PurchaseState) - {PurchaseState.SETTLED}
_ASKABLE = frozenset(
    {PurchaseState.INTENT, PurchaseState.SUBMITTED, PurchaseState.UNKNOWN, PurchaseState.PAID_WITHOUT_PROOF}
)


class PaymentActions(QWidget):
    """Each signal carries the id of the purchase: `ask_pressed`, `end_pressed`.

    `deliver_pressed` carries the id and an address (empty: the one that asked for the money), `proof_given` the id and
    the digits of the proof.
    """

    ask_pressed = Signal(object)
    end_pressed = Signal(object)
    deliver_pressed = Signal(object, object)
    proof_given = Signal(object, object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._line: Line | None = None
        self._is_busy = False
        self.ask = primary_button("Ask the wallet now", name="askPaymentButton", icon="refresh")
        self.deliver = primary_button("Deliver again", name="deliverAgainButton", icon="download")
        self.elsewhere = ghost_button("Elsewhere…", name="deliverElsewhereButton", label="Deliver to another address")
        self.address = line_field(
            name="deliverAddressField",
            label="Address of the same host that hands out what was paid",
            placeholder="https://… or /claim, on the same host",
            mono=True,
        )
        self.send = button("Send", name="deliverAddressButton", label="Send the token to this address")
        self.proof = ProofField()
        self.proof.field.setObjectName("paymentProofField")  # the pay dialog has its own, by the contract's names
        self.proof.paste.setObjectName("paymentPasteProofButton")
        self.end = danger_button("It was not paid: stop waiting", name="endPaymentButton")
        self._end_words = label(wrap=True, role="small", name="endPaymentWords")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        fetch = QHBoxLayout()
        fetch.setSpacing(GAP.SMALL)
        fetch.addWidget(self.deliver)
        fetch.addWidget(self.elsewhere)
        fetch.addStretch(1)
        self._elsewhere_row = QWidget()
        elsewhere = QHBoxLayout(self._elsewhere_row)
        elsewhere.setContentsMargins(0, 0, 0, 0)
        elsewhere.setSpacing(GAP.SMALL)
        elsewhere.addWidget(self.address, 1)
        elsewhere.addWidget(self.send)
        looks = QHBoxLayout()
        looks.addWidget(self.ask)
        looks.addStretch(1)
        ends = QHBoxLayout()
        ends.addWidget(self.end)
        ends.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GAP.HAIR)
        column.setSpacing(GAP.SMALL)
        column.addLayout(looks)
        column.addLayout(fetch)
        column.addWidget(self._elsewhere_row)
        column.addWidget(self.proof)
        column.addLayout(ends)
        column.addWidget(self._end_words)
        self._elsewhere_row.hide()

    def _connect(self) -> None:
        self.ask.clicked.connect(self._ask)
        self.deliver.clicked.connect(self._deliver)
        self.elsewhere.clicked.connect(self._open_elsewhere)
        self.send.clicked.connect(self._deliver_elsewhere)
        self.address.returnPressed.connect(self._deliver_elsewhere)
        self.address.textChanged.connect(self._dress)
        self.proof.proof_given.connect(self._prove)
        self.end.clicked.connect(self._end)

    def show_line(self, line: Line) -> None:
        """Offer what this payment allows; a field that is being typed in stays while it is the same payment."""
        if self._line is None or self._line.purchase.id != line.purchase.id:
            self.address.clear()
            self._elsewhere_row.hide()
        self._line = line
        self.proof.expect(line.purchase.payment_hash)
        self._dress()

    def show_busy(self, is_busy: bool) -> None:
        """One action at a time."""
        self._is_busy = is_busy
        self._dress()

    @Slot()
    def _dress(self) -> None:
        if self._line is None:
            return
        purchase = self._line.purchase
        is_settled = purchase.state is PurchaseState.SETTLED
        is_owed = is_settled and purchase.delivery is not Delivery.DELIVERED
        self.deliver.setVisible(is_owed)
        self.elsewhere.setText("Elsewhere…" if is_owed else "Fetch from another address…")
        self.elsewhere.setVisible(is_settled)
        self._elsewhere_row.setVisible(is_settled and not self._elsewhere_row.isHidden())
        self.ask.setVisible(purchase.state in _ASKABLE and purchase.rail is not None)
        self.proof.setVisible(purchase.state in _PROVABLE)
        why_not = wording.giving_up(purchase, int(self._clock()))
        may_end = purchase.state in (PurchaseState.SUBMITTED, PurchaseState.UNKNOWN)
        self.end.setVisible(may_end and not why_not)
        self._end_words.setText(why_not)
        self._end_words.setVisible(bool(why_not))
        for part in (self.ask, self.deliver, self.elsewhere, self.end):
            part.setEnabled(not self._is_busy)
        self.send.setEnabled(not self._is_busy and bool(self.address.text().strip()))

    @Slot()
    def _ask(self) -> None:
        if self._line is not None:
            self.ask_pressed.emit(self._line.purchase.id)

    @Slot()
    def _deliver(self) -> None:
        if self._line is not None:
            self.deliver_pressed.emit(self._line.purchase.id, "")

    @Slot()
    def _open_elsewhere(self) -> None:
        self._elsewhere_row.show()
        self.address.setFocus()

    @Slot()
    def _deliver_elsewhere(self) -> None:
        text = self.address.text().strip()
        if self._line is None or not text or self._is_busy:
            return
        origin = str(self._line.purchase.origin)
        self.deliver_pressed.emit(self._line.purchase.id, f"{origin}{text}" if text.startswith("/") else text)

    @Slot(object)
    def _prove(self, digits: object) -> None:
        if self._line is not None:
            self.proof_given.emit(self._line.purchase.id, digits)

    @Slot()
    def _end(self) -> None:
        if self._line is not None:
            self.end_pressed.emit(self._line.purchase.id)
