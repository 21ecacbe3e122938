"""The head of a payment is read from the signed invoice alone."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.payment.summary import PaymentSummary
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.amount import AmountLabel
from tests.fakes.journeys import challenged, demand_of


def said(summary: PaymentSummary, name: str) -> str:
    found = summary.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_amount_host_node_and_verdict_stand_there(qtbot: QtBot, dressed: Appearance) -> None:
    summary, view = PaymentSummary(), challenged()
    qtbot.addWidget(summary)
    summary.show_inspection(view.inspections[0], view.answer)
    amount = summary.findChild(AmountLabel, "paymentAmount")
    assert amount is not None
    assert amount.text() == "21 sats"
    assert said(summary, "paymentHost") == "api.example.com"
    assert said(summary, "paymentPayee") == "node 03e7156a…934dd9ad"
    assert said(summary, "paymentVerdict") == "Safe to pay"


def test_a_refusal_replaces_what_was_said_before(qtbot: QtBot, dressed: Appearance) -> None:
    summary, good, bad = PaymentSummary(), challenged(), challenged(demand_of(wrong_hash=True))
    qtbot.addWidget(summary)
    summary.show_inspection(good.inspections[0], good.answer)
    summary.show_inspection(bad.inspections[0], None)
    assert said(summary, "paymentVerdict") == "Do not pay this"
    assert said(summary, "paymentHost") == ""


def test_what_can_no_longer_be_paid_carries_no_verdict_that_invites(qtbot: QtBot, dressed: Appearance) -> None:
    summary, view = PaymentSummary(), challenged()
    qtbot.addWidget(summary)
    summary.show()
    summary.show_inspection(view.inspections[0], view.answer)
    summary.set_open(False)
    verdict = summary.findChild(QLabel, "paymentVerdict")
    assert verdict is not None
    assert verdict.isHidden()
    assert said(summary, "paymentHeading") == "This payment"
    summary.set_open(True)
    assert verdict.isVisible()
