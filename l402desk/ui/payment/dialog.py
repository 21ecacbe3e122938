"""The payment: scan the code with a phone and bring the proof home, or pay with a connected wallet."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QElapsedTimer, QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.engine.view import JourneyView
from l402desk.protocol.exchange import Phase
from l402desk.protocol.inspection import Inspection
from l402desk.session.clipboard import SecretClipboard
from l402desk.session.wallets import WalletCard
from l402desk.ui.payment.proof_field import ProofField
from l402desk.ui.payment.qr_side import QrSide
from l402desk.ui.payment.status import STAYS_OPEN, Status, status_of
from l402desk.ui.payment.summary import PaymentSummary
from l402desk.ui.payment.wallet_row import WalletRow
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.countdown import Countdown
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import label, sentences

HOW_TO_PROVE = (
    "When your wallet has paid, its details of the payment show a “preimage” or “proof of payment”. "
    "Paste it here: it is checked on this computer, at once."
)


class PaymentDialog(QDialog):
    """Follows one journey's payment; not modal, and closing it never cancels money that is under way.

    Signals: `wallet_chosen` (a name), `over_budget_chosen` (a name), `proof_given` (a text), `keep_again`.
    """

    wallet_chosen = Signal(object)
    over_budget_chosen = Signal(object)
    proof_given = Signal(object)
    keep_again = Signal()

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self.setObjectName("paymentDialog")
        self.setWindowTitle("Pay")
        self.setModal(False)
        self._view = JourneyView()
        self._wallet = ""
        self._counted: Inspection | None = None
        self._is_expired = False
        self._since = QElapsedTimer()
        self._ticks = QTimer(self, interval=1_000)
        self._secrets = SecretClipboard(self)
        self._summary = PaymentSummary()
        self.qr = QrSide()
        self.proof = ProofField()
        self.wallets = WalletRow()
        self._scan = label("1  Scan with any Lightning wallet", role="strong")
        self._bring = label(role="strong")
        self._budget = label(role="dim", name="paymentBudget", wrap=True)
        self._notice = NoticeBar(name="paymentNotice")
        self._status = label(name="paymentStatus", role="dim", wrap=True)
        self._expiry = Countdown(name="paymentExpiry", clock=clock)
        self._connect()
        self._lay_out()
        self._allow()
        self.setMinimumSize(700, 440)
        self.resize(self.sizeHint())

    def _connect(self) -> None:
        self._ticks.timeout.connect(self._show_status)
        self.wallets.pay_pressed.connect(self._choose_wallet)
        self.proof.proof_given.connect(self.proof_given)
        self.qr.no_wallet_here.connect(self._tell_no_wallet)
        self._notice.action_pressed.connect(self._act)
        self._expiry.expired.connect(self._expire)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(GAP.SMALL)
        right.addWidget(self._summary)
        right.addWidget(self._scan)
        right.addWidget(self._bring)
        right.addWidget(label(HOW_TO_PROVE, role="dim", wrap=True))
        right.addWidget(self.proof)
        right.addWidget(self._notice)
        right.addStretch(1)
        right.addWidget(self._budget)
        right.addWidget(self.wallets)
        state = QHBoxLayout()
        state.setSpacing(GAP.SMALL)
        state.addWidget(self._status, 1)
        state.addWidget(self._expiry)
        right.addLayout(state)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.LARGE)
        row.setSpacing(GAP.HUGE)
        row.addWidget(self.qr, 1)
        row.addLayout(right, 1)

    def sizeHint(self) -> QSize:
        return QSize(880, 500)

    def show_wallets(self, cards: Sequence[WalletCard], *, afresh: bool = False) -> None:
        """The wallets that can pay, and whether a new choice begins; with none, the phone is the way."""
        self.wallets.show_wallets(cards, afresh=afresh)

    def show_view(self, view: JourneyView) -> None:
        """Follow the journey; a payment that has ended closes the dialog."""
        before, self._view = self._view.phase, view
        if view.phase not in STAYS_OPEN:
            self._leave()
            return
        if view.chosen is not None:
            self._show_chosen(view, view.chosen)
        if view.phase is not before:
            self._enter(view.phase)
        self._show_budget()
        self._show_notice()
        self._show_status()
        self._grow()

    def _grow(self) -> None:
        """Make room for all that is said: a squeezed message hides the very amount that is to be paid."""
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            self.resize(self.width(), needed)

    def _show_budget(self) -> None:
        """What this payment leaves of each budget, before any money moves (law 6)."""
        allowance, purchase = self._view.allowance, self._view.purchase
        words = ""
        said_above = self._view.over_budget or self._view.phase is not Phase.OFFERED
        if allowance is not None and purchase is not None and not said_above:
            words = allowance.sentence(purchase.amount, purchase.fee_limit)
            set_role(self._budget, "caution" if allowance.over(purchase.amount, purchase.fee_limit) else "dim")
        self._budget.setText(words)
        self._budget.setVisible(bool(words))

    def _show_chosen(self, view: JourneyView, chosen: Inspection) -> None:
        self._summary.show_inspection(chosen, view.answer)
        self.proof.expect(chosen.payment_hash)
        self.setWindowTitle(f"Pay {chosen.amount.words()}" if chosen.amount else "Pay")
        invoice = chosen.invoice if view.phase is not Phase.RECORDING else None
        self.qr.show_invoice(invoice.text if invoice else "")
        if chosen is not self._counted:
            self._counted = chosen
            self._is_expired = False
            self._expiry.count_to(chosen.invoice.expires_at if chosen.invoice else None)

    def _enter(self, phase: Phase) -> None:
        if phase is Phase.OFFERED:
            self._wallet = ""
        status = self._status_now()
        self._allow()
        if phase is Phase.OFFERED:
            (self.wallets.pay if self.wallets.isVisibleTo(self) else self.proof.field).setFocus()
        announce(self, status.words)
        if status.counts_time and not self._ticks.isActive():
            self._since.start()
            self._ticks.start()
        elif not status.counts_time:
            self._ticks.stop()

    def _leave(self) -> None:
        """Nothing of a payment stays behind: no code to scan, no proof in a field."""
        self._ticks.stop()
        self.proof.expect(None)
        self.qr.show_invoice("")
        self._notice.hide()
        self._allow()
        self._counted = None
        if self.isVisible():
            self.hide()

    def _allow(self) -> None:
        """One rail at a time: an invoice that a wallet was given, or that expired, is offered by no other way."""
        status = self._status_now()
        self.qr.cover(status.cover)
        self._summary.set_open(not status.cover)
        self._scan.setVisible(not status.cover)
        self._bring.setText("If you have the proof already" if status.cover else "2  Bring the proof home")
        offered = self._view.phase is Phase.OFFERED
        self._expiry.setVisible(self._view.phase in (Phase.RECORDING, Phase.OFFERED) and not status.cover)
        self.wallets.setEnabled(offered and not self._wallet and not self._is_expired)
        self.proof.setEnabled(self._view.can_prove)

    def _status_now(self) -> Status:
        return status_of(self._view, self._wallet, is_expired=self._is_expired)

    @Slot()
    def _show_status(self) -> None:
        status = self._status_now()
        seconds = self._since.elapsed() // 1_000 if status.counts_time and self._since.isValid() else 0
        timed = f" {seconds // 60}:{seconds % 60:02}" if status.counts_time else ""
        self._status.setText(f"{status.words}{timed}")
        set_role(self._status, status.role)

    def _show_notice(self) -> None:
        notice, proof = self._view.notice, self._view.unkept_proof
        if notice is None:
            self._notice.hide()
            return
        actions: list[tuple[str, str]] = []
        if proof is not None:
            actions = [("keep", "Try again"), ("copy", "Copy the proof")]
        elif self._view.over_budget:
            actions = [("over-budget", "Pay over the budget")]
        sentence = sentences(notice.sentence, notice.remedy)
        if proof is not None:  # the one time a secret is shown: nowhere else is it safe
            sentence = f"{sentence}\n{_grouped(proof.hex)}"
        self._notice.show_notice(notice.tone, notice.title, sentence, actions)

    @Slot(object)
    def _choose_wallet(self, name: object) -> None:
        self._hand_over(str(name))
        self.wallet_chosen.emit(name)

    def _hand_over(self, wallet: str) -> None:
        self._wallet = wallet
        self._allow()  # a second click has nothing left to press, and the code is covered before the wallet hears of it
        self._show_status()

    @Slot()
    def _expire(self) -> None:
        self._is_expired = True
        self._allow()
        self._show_status()

    @Slot(object)
    def _act(self, word: object) -> None:
        if word == "keep":
            self.keep_again.emit()
        elif word == "over-budget":
            self._hand_over(self.wallets.chosen)
            self.over_budget_chosen.emit(self._wallet)
        elif word == "copy" and self._view.unkept_proof is not None:
            self._secrets.copy(self._view.unkept_proof.hex)

    @Slot()
    def _tell_no_wallet(self) -> None:
        self._notice.show_notice(
            "info",
            "No wallet on this computer opened the invoice",
            "Scan the code with a phone, or copy the invoice.",
        )


def _grouped(digits: str) -> str:
    """Eight by eight, so that all of it is seen and can be written down; a proof is read with spaces in it too."""
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
