"""Who is paid how much, and whether that is safe: the head of the payment."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.protocol.errors import OriginError
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.origin import Origin
from l402desk.ui.challenge.rows import short
from l402desk.ui.challenge.verdict_card import VERDICTS
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.amount import AmountLabel
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import elided_label, label


class PaymentSummary(QWidget):
    """Amount, host, payee and verdict of the invoice that is paid: read from the signed invoice alone (law 1)."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = label("Pay", role="dim", name="paymentHeading")
        self._amount = AmountLabel(name="paymentAmount")
        self._host = elided_label(role="strong", mode="middle", name="paymentHost")
        self._payee = elided_label(role="dim", mode="middle", name="paymentPayee")
        self._icon = IconView("info", "link")
        self._verdict = label(name="paymentVerdict")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GAP.SMALL)
        column.setSpacing(GAP.HAIR)
        column.addWidget(self._heading)
        column.addWidget(self._amount)
        column.addLayout(_row(label("to", role="dim"), self._host))
        column.addWidget(self._payee)
        column.addLayout(_row(self._icon, self._verdict))

    def set_open(self, is_open: bool) -> None:
        """Whether this can still be paid: where it cannot, no verdict invites to it."""
        self._heading.setText("Pay" if is_open else "This payment")
        self._icon.setVisible(is_open)
        self._verdict.setVisible(is_open)

    def show_inspection(self, inspection: Inspection, answer: Answer | None) -> None:
        self._amount.set_amount(inspection.amount)
        self._host.setText(_host(answer))
        payee = inspection.invoice.payee if inspection.invoice else None
        self._payee.setText(f"node {short(payee)}" if payee else "")
        severity, words, role = VERDICTS[inspection.verdict]
        look = look_of(severity)
        self._icon.show_icon(look.icon, look.tint)
        self._verdict.setText(words)
        set_role(self._verdict, role)


def _host(answer: Answer | None) -> str:
    try:
        return Origin.of(answer.url).authority if answer else ""
    except OriginError:
        return ""


def _row(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP.SMALL)
    row.addWidget(first)
    row.addWidget(second, 1)
    return row
