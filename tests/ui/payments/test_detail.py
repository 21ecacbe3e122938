"""One payment in full: every fact that is known, none that is not, nothing cut off, and the way to its token."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.ledger.rate import Rate
from l402desk.ui.payments.detail import FACTS, PaymentDetail, facts
from l402desk.ui.style import Appearance
from tests.fakes.journeys import HOSTILE, interactive
from tests.fakes.purchased import NOW, Clock, hash_of
from tests.ui.payments.lines import a_line

State = PurchaseState


@pytest.fixture
def detail(qtbot: QtBot, dressed: Appearance) -> PaymentDetail:
    made = PaymentDetail(Clock())
    qtbot.addWidget(made)
    made.resize(328, 600)
    made.show()
    return made


def said(detail: PaymentDetail, name: str) -> str:
    label = detail.findChild(QLabel, name)
    assert label is not None
    return label.text()


def needed_width(detail: PaymentDetail) -> int:
    content = detail._scroll.widget()
    assert content is not None
    return content.minimumSizeHint().width()


def test_a_paid_one_tells_price_fee_worth_token_and_uses() -> None:
    line = a_line(uses=3, rate=Rate("EUR", Decimal(85_000)), automatic=True)
    told = facts(line, NOW)
    assert tuple(told) == FACTS
    assert told["Request"] == "GET /v1/data"
    assert told["Host"] == "https://api.example"
    assert told["Fee"] == "0.3 sats"
    assert told["Worth then"] == "≈ 0.02 EUR"
    assert told["Paid by"] == "Fake wallet, by itself inside your budgets"
    assert told["Delivery"] == "delivered"
    assert told["Last answer"] == "200"
    assert told["Uses"] == "3 times"
    assert told["Each use cost"] == "7.1 sats"
    assert told["Invoice ends"] == ""


def test_an_open_one_tells_how_often_it_was_looked_for() -> None:
    line = a_line(State.UNKNOWN, look_ups=4, looked_up_at=NOW, missed=2)
    told = facts(line, NOW)
    assert told["Looked up"].startswith("4 times, last today ")
    assert told["Looked up"].endswith("; 2 in a row found nothing")
    assert told["Fee"] == "at most 1 sat"
    assert told["Invoice ends"]
    assert told["Settled"] == told["Delivery"] == told["Uses"] == ""


def test_a_token_that_is_gone_and_a_fee_nobody_told_are_said_so() -> None:
    told = facts(a_line(fee=None), NOW)
    assert told["Uses"] == "its token is not in the vault"
    assert told["Fee"] == "not told"
    assert facts(a_line(State.FAILED), NOW)["Fee"] == ""


def test_what_is_not_known_takes_no_room(detail: PaymentDetail) -> None:
    detail.show_line(a_line(State.OFFERED))
    shown = [n for n, name in enumerate(FACTS) if detail._facts[name].isVisible()]
    assert {FACTS[n] for n in shown} == {
        "Request", "Host", "Begun", "Paid by", "Invoice ends", "Scheme", "Payment hash", "Invoice",
    }  # fmt: skip
    assert not detail.token.isVisible()


@pytest.mark.parametrize("state", State)
def test_every_state_is_titled_explained_and_fits_a_narrow_panel(detail: PaymentDetail, state: State) -> None:
    detail.resize(detail.minimumSizeHint().width(), 400)
    detail.show_line(a_line(state, uses=3, delivery=Delivery.UNDELIVERED if state is State.SETTLED else None))
    assert said(detail, "paymentTitle") == "21 sats"
    assert said(detail, "paymentStanding")
    assert said(detail, "paymentExplained").endswith(".")
    assert needed_width(detail) <= detail._scroll.viewport().width()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_neither_breaks_nor_widens_it(detail: PaymentDetail, text: str) -> None:
    detail.show_line(a_line(State.FAILED, reason=text, title=text, path=f"/{text}", rail=text))
    assert detail.width() == 328
    assert needed_width(detail) <= detail._scroll.viewport().width()


def test_hash_and_invoice_are_copied_whole(detail: PaymentDetail) -> None:
    detail.show_line(a_line())
    detail.copy_hash.click()
    assert QGuiApplication.clipboard().text() == hash_of(1).hex
    detail.copy_invoice.click()
    assert QGuiApplication.clipboard().text() == a_line().purchase.invoice


def test_the_token_and_the_exchange_are_asked_for(detail: PaymentDetail, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(detail.token_wanted), qtbot.assertNotEmitted(detail.exchange_wanted):
        detail.token.click()
        detail.exchange.click()
    line = a_line(uses=0)
    detail.show_line(line)
    assert detail.token.isVisible()
    with qtbot.waitSignal(detail.token_wanted) as token:
        detail.token.click()
    with qtbot.waitSignal(detail.exchange_wanted) as exchange:
        detail.exchange.click()
    assert token.args == exchange.args == [line]


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(detail: PaymentDetail) -> None:
    controls = interactive(detail)
    names = [control.objectName() for control in controls]
    assert len(names) >= 8
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(control.accessibleName() for control in controls)
