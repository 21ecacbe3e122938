"""One payment in full: what it cost, how it stands in words, everything that is known of it, and what can be done."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from l402desk.engine.statement import Line
from l402desk.ledger.purchases import PurchaseState
from l402desk.ui.challenge.rows import clock_time, short
from l402desk.ui.payments import wording
from l402desk.ui.payments.actions import PaymentActions
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.buttons import CopyButton, link_button
from l402desk.ui.widgets.card import Card, ScrollColumn
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import elided_label, label, sentences

FACTS = (
    "Request", "Host", "Begun", "Settled", "Fee", "Worth then", "Paid by", "Delivery", "Last answer", "Looked up",
    "Invoice ends", "Uses", "Each use cost", "Scheme", "Payment hash", "Invoice",
)  # fmt: skip
_ICONS = {"good": "check-circle", "caution": "clock", "danger": "danger", "dim": "info"}


class PaymentDetail(Card):
    """Shows one line. `token_wanted` and `exchange_wanted` carry it.

    What can be done about the payment is told by `buttons`.
    """

    token_wanted = Signal(object)
    exchange_wanted = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name="paymentDetail", spacing=GAP.SMALL)
        self._clock = clock
        self.line: Line | None = None
        self._icon = IconView("info", "dim", 20)
        self._title = label(role="heading", name="paymentTitle")
        self._standing = label(role="strong", name="paymentStanding")
        self._place = elided_label(role="dim", mode="middle", name="paymentPlace")
        self._words = label(wrap=True, name="paymentExplained")
        self._reason = label(wrap=True, role="dim", name="paymentReason")
        self._facts = {name: elided_label(mode="middle", name=f"paymentFact{n}") for n, name in enumerate(FACTS)}
        self._names = {name: label(name, role="dim") for name in FACTS}
        self.copy_hash = CopyButton("Copy hash", name="copyPaymentHashButton", label="Copy the payment hash")
        self.copy_invoice = CopyButton("Copy invoice", name="copyPaidInvoiceButton", label="Copy the invoice")
        self.token = link_button("Show token", name="showTokenButton", icon="key")
        self.exchange = link_button("Show the exchange", name="showExchangeButton", icon="receipt")
        self.buttons = PaymentActions(clock)
        self.token.clicked.connect(self._want_token)
        self.exchange.clicked.connect(self._want_exchange)
        self._scroll = ScrollColumn(name="paymentScroll", spacing=GAP.SMALL)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        head.addWidget(self._icon)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._standing)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP.LARGE)
        grid.setVerticalSpacing(GAP.HAIR)
        grid.setColumnStretch(1, 1)
        for row, name in enumerate(FACTS):
            grid.addWidget(self._names[name], row, 0)
            grid.addWidget(self._facts[name], row, 1)
        links = QHBoxLayout()
        links.setSpacing(GAP.HAIR)
        links.addWidget(self.token)
        links.addWidget(self.exchange)
        links.addStretch(1)
        copies = QHBoxLayout()
        copies.setSpacing(GAP.SMALL)
        copies.addWidget(self.copy_hash)
        copies.addWidget(self.copy_invoice)
        copies.addStretch(1)
        column = self._scroll.body
        for part in (self._words, self._reason):
            column.addWidget(part)
        column.addWidget(self.buttons)
        column.addLayout(grid)
        column.addLayout(links)
        column.addLayout(copies)
        column.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(self._place)
        self.body.addWidget(self._scroll, 1)

    def sizeHint(self) -> QSize:
        return QSize(328, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(304, 160)

    def show_line(self, line: Line) -> None:
        """Show this payment; the same one again changes only what is new."""
        self.line = line
        purchase, now = line.purchase, int(self._clock())
        weight = wording.severity(purchase)
        self._icon.show_icon(_ICONS[weight], "dim" if weight == "dim" else weight)  # type: ignore[arg-type]  # four tints
        self._title.setText(purchase.amount.words())
        self._standing.setText(wording.standing(purchase))
        set_role(self._standing, weight)
        self._place.setText(f"{purchase.title} · {purchase.origin.authority}".removeprefix(" · "))
        self._words.setText(wording.explanation(line, now))
        self._reason.setText(sentences(purchase.reason))
        self._reason.setVisible(bool(purchase.reason))
        for name, text in facts(line, now).items():
            self._facts[name].setText(text)
            for part in (self._names[name], self._facts[name]):
                part.setVisible(bool(text))
        self.copy_hash.set_payload(purchase.payment_hash.hex)
        self.copy_invoice.set_payload(purchase.invoice)
        self.token.setVisible(line.token is not None)
        self.buttons.show_line(line)

    @Slot()
    def _want_exchange(self) -> None:
        if self.line is not None:
            self.exchange_wanted.emit(self.line)

    @Slot()
    def _want_token(self) -> None:
        if self.line is not None and self.line.token is not None:
            self.token_wanted.emit(self.line)


def facts(line: Line, now: int) -> dict[str, str]:
    """Everything known, each under its name; empty where there is nothing to say."""
    purchase, token, each = line.purchase, line.token, line.each
    is_settled = purchase.state is PurchaseState.SETTLED
    look_ups = ""
    if purchase.look_ups:
        last = f", last {wording.moment(purchase.looked_up_at, now)}" if purchase.looked_up_at is not None else ""
        missed = f"; {purchase.missed} in a row found nothing" if purchase.missed else ""
        look_ups = f"{_times(purchase.look_ups)}{last}{missed}"
    return {
        "Request": f"{purchase.method} {purchase.path}",
        "Host": str(purchase.origin),
        "Begun": clock_time(purchase.created_at),
        "Settled": clock_time(purchase.settled_at) if purchase.settled_at is not None else "",
        "Fee": _fee(line),
        "Worth then": "" if purchase.rate is None else purchase.rate.words(line.cost or purchase.amount),
        "Paid by": wording.rail(purchase) + (", by itself inside your budgets" if purchase.automatic else ""),
        "Delivery": str(purchase.delivery) if purchase.delivery is not None else "",
        "Last answer": str(purchase.last_status) if purchase.last_status is not None else "",
        "Looked up": look_ups,
        "Invoice ends": "" if is_settled else clock_time(purchase.expires_at),
        "Uses": _times(token.uses) if token is not None else ("its token is not in the vault" if is_settled else ""),
        "Each use cost": each.words() if each is not None else "",
        "Scheme": purchase.scheme,
        "Payment hash": short(purchase.payment_hash.hex),
        "Invoice": short(purchase.invoice, 12),
    }


def _fee(line: Line) -> str:
    purchase = line.purchase
    if purchase.fee is not None:
        return purchase.fee.words()
    if purchase.state is PurchaseState.SETTLED:
        return "not told"
    return f"at most {purchase.fee_limit.words()}" if purchase.is_open else ""


def _times(count: int) -> str:
    return f"{count:,} time{'' if count == 1 else 's'}"
