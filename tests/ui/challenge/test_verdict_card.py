"""The card shows the price and the verdict of one challenge, and gives no way to pay what must not be paid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from l402desk.protocol.origin import Origin
from l402desk.ui.challenge.verdict_card import VerdictCard
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.amount import AmountLabel
from l402desk.ui.widgets.findings import FindingRow
from tests.fakes.challenges import ORIGIN
from tests.fakes.invoices import NOW
from tests.fakes.journeys import HOSTILE, LONGEST, challenged, demand_of
from tests.fakes.purchased import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW + 60)


@pytest.fixture
def card(qtbot: QtBot, dressed: Appearance, clock: Clock) -> VerdictCard:
    made = VerdictCard(clock)
    qtbot.addWidget(made)
    made.resize(420, 460)
    made.show()
    return made


def show(card: VerdictCard, origin: Origin | None = ORIGIN, **how: object) -> None:
    card.show_inspection(challenged(demand_of(**how)).inspections[0], origin)  # type: ignore[arg-type]
    card.set_payable(True)


def said(card: QWidget, name: str) -> str:
    found = card.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_the_price_the_host_the_payee_and_the_verdict_are_said(card: VerdictCard) -> None:
    show(card)
    amount = card.findChild(AmountLabel, "challengeAmount")
    assert amount is not None
    assert amount.text() == "21 sats"
    assert said(card, "challengeHost") == "api.example.com"
    assert said(card, "challengePayee") == "node 03e7156a…934dd9ad"
    assert said(card, "challengeVerdict") == "Safe to pay"
    assert card.pay.text() == "Pay 21 sats…"
    assert said(card, "challengeScheme") == "L402"


def test_pay_is_pressed_once_per_click(card: VerdictCard, qtbot: QtBot) -> None:
    show(card)
    with qtbot.waitSignal(card.pay_pressed):
        QTest.mouseClick(card.pay, Qt.MouseButton.LeftButton)


def test_what_may_not_be_paid_has_a_dead_button_and_offers_to_send_again(card: VerdictCard, qtbot: QtBot) -> None:
    show(card, wrong_hash=True)
    card.set_payable(False)
    assert said(card, "challengeVerdict") == "Do not pay this"
    assert not card.pay.isEnabled()
    with qtbot.assertNotEmitted(card.pay_pressed):
        QTest.mouseClick(card.pay, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.again_pressed):
        QTest.mouseClick(card.again, Qt.MouseButton.LeftButton)


def test_an_invoice_that_expires_under_the_eyes_is_no_longer_payable(card: VerdictCard, clock: Clock) -> None:
    show(card)
    assert card.pay.isEnabled()
    clock.now = NOW + 3_601
    card._expiry.tick()
    assert not card.pay.isEnabled()
    assert card.again.isVisible()
    assert said(card, "challengeVerdict") == "Expired: this can no longer be paid"
    card.set_payable(True)  # a view that was made before the end changes nothing
    assert not card.pay.isEnabled()


def test_a_fresh_challenge_is_payable_after_an_expired_one(card: VerdictCard, clock: Clock) -> None:
    show(card, expiry=30)
    assert not card.pay.isEnabled()
    show(card)
    assert card.pay.isEnabled()
    assert said(card, "challengeVerdict") == "Safe to pay"


def test_a_payment_under_way_is_shown_again_even_after_the_invoice_expired(card: VerdictCard, clock: Clock) -> None:
    show(card, expiry=30)
    card.set_payable(False, is_under_way=True)
    assert card.pay.isEnabled()
    assert card.pay.text() == "Show the payment…"
    assert not card.again.isVisible()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_description_is_text_and_is_not_clipped(card: VerdictCard, text: str) -> None:
    show(card, description=text)
    purpose = card.findChild(QLabel, "challengePurpose")
    assert purpose is not None
    assert purpose.textFormat() is Qt.TextFormat.PlainText
    assert card.minimumSizeHint().width() < 420
    card.resize(420, card.minimumSizeHint().height())
    assert purpose.height() >= purpose.heightForWidth(purpose.width())
    assert card.pay.geometry().bottom() < card.height()
    assert "\u202e" not in purpose.text()


def test_the_rest_of_a_long_description_is_counted_and_in_the_tool_tip(card: VerdictCard) -> None:
    show(card, description=LONGEST)
    assert said(card, "challengePurpose").endswith("characters)”")
    purpose = card.findChild(QLabel, "challengePurpose")
    assert purpose is not None
    assert "The 639th byte" in purpose.toolTip()


def test_the_findings_are_listed_the_worst_first_and_spoken_with_their_weight(card: VerdictCard) -> None:
    show(card, wrong_hash=True)
    rows = [row for row in card.findChildren(FindingRow) if row.objectName().startswith("finding-")]
    assert rows[0].severity == "danger"
    assert rows[0].accessibleName().startswith("Danger: ")


def test_a_second_challenge_leaves_nothing_of_the_first_in_the_list(card: VerdictCard, qtbot: QtBot) -> None:
    show(card, wrong_hash=True)
    show(card)
    qtbot.waitUntil(gone(card, "finding-hash-mismatch"))
    assert card.findChild(FindingRow, "finding-hash-matches") is not None


def gone(card: VerdictCard, name: str) -> Callable[[], bool]:
    return lambda: card.findChild(FindingRow, name) is None


def test_the_route_is_named_where_it_is_not_https(card: VerdictCard) -> None:
    show(card, Origin.of("http://127.0.0.1:8402/"))
    assert said(card, "challengeRoute") == "over http, this computer only"
    show(card, Origin.of("http://example.com/"))
    assert said(card, "challengeRoute") == "over plain http"
    show(card, None)
    assert said(card, "challengeHost") == "an unknown host"


def test_an_invoice_without_an_amount_says_so(card: VerdictCard) -> None:
    show(card, msat=None)
    amount = card.findChild(AmountLabel, "challengeAmount")
    assert amount is not None
    assert amount.accessibleName() == "the invoice names no amount"
    assert card.pay.text() == "Pay…"
