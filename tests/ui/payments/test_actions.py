"""What can be done about a payment: each state offers what helps it, and nothing that could cost money."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.ui.payments.actions import PaymentActions
from l402desk.ui.style import Appearance
from tests.fakes.journeys import interactive
from tests.fakes.purchased import NOW, Clock, preimage_of
from tests.ui.payments.lines import a_line

State = PurchaseState


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def actions(qtbot: QtBot, dressed: Appearance, clock: Clock) -> PaymentActions:
    made = PaymentActions(clock)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def offered(actions: PaymentActions) -> set[str]:
    parts = {
        "ask": actions.ask,
        "deliver": actions.deliver,
        "elsewhere": actions.elsewhere,
        "proof": actions.proof,
        "end": actions.end,
    }
    return {name for name, part in parts.items() if part.isVisible()}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.OFFERED, {"proof"}),
        (State.INTENT, {"ask", "proof"}),
        (State.SUBMITTED, {"ask", "proof"}),
        (State.UNKNOWN, {"ask", "proof"}),
        (State.PAID_WITHOUT_PROOF, {"ask", "proof"}),
        (State.FAILED, {"proof"}),
        (State.SETTLED, {"elsewhere"}),
    ],
)
def test_each_state_offers_what_helps_it(actions: PaymentActions, state: State, expected: set[str]) -> None:
    actions.show_line(a_line(state))
    assert offered(actions) == expected


@pytest.mark.parametrize("delivery", [Delivery.UNDELIVERED, Delivery.REFUSED])
def test_what_was_not_delivered_is_fetched_again_for_free(
    actions: PaymentActions, qtbot: QtBot, delivery: Delivery
) -> None:
    actions.show_line(a_line(delivery=delivery))
    assert offered(actions) == {"deliver", "elsewhere"}
    with qtbot.waitSignal(actions.deliver_pressed) as told:
        actions.deliver.click()
    assert told.args == ["purchase-1", ""]


def test_waiting_is_ended_only_when_nobody_can_pay_and_else_it_says_why_not(
    actions: PaymentActions, clock: Clock, qtbot: QtBot
) -> None:
    words = actions.findChild(QLabel, "endPaymentWords")
    assert words is not None
    actions.show_line(a_line(State.UNKNOWN))
    assert "can still be paid" in words.text()
    assert words.isVisible()
    clock.now = NOW + 3_720
    actions.show_line(a_line(State.UNKNOWN))
    assert not words.isVisible()
    with qtbot.waitSignal(actions.end_pressed) as told:
        actions.end.click()
    assert told.args == ["purchase-1"]


def test_another_address_is_typed_whole_or_as_a_path(actions: PaymentActions, qtbot: QtBot) -> None:
    actions.show_line(a_line(delivery=Delivery.UNDELIVERED))
    assert not actions.address.isVisible()
    actions.elsewhere.click()
    assert actions.address.isVisible()
    assert not actions.send.isEnabled()
    for typed, sent in (
        ("/claim", "https://api.example/claim"),
        (" https://api.example/v1/claim ", "https://api.example/v1/claim"),
    ):
        actions.address.clear()
        QTest.keyClicks(actions.address, typed)
        with qtbot.waitSignal(actions.deliver_pressed) as told:
            actions.send.click()
        assert told.args == ["purchase-1", sent]
    actions.show_line(a_line(number=2, delivery=Delivery.UNDELIVERED))
    assert not actions.address.isVisible()
    assert actions.address.text() == ""


def test_a_refresh_leaves_what_is_being_typed(actions: PaymentActions) -> None:
    actions.show_line(a_line(delivery=Delivery.UNDELIVERED))
    actions.elsewhere.click()
    QTest.keyClicks(actions.address, "/cla")
    actions.show_line(a_line(delivery=Delivery.UNDELIVERED, last_status=503))
    assert actions.address.text() == "/cla"
    assert actions.address.isVisible()


def test_a_proof_is_taken_when_it_is_the_right_one(actions: PaymentActions, qtbot: QtBot) -> None:
    actions.show_line(a_line(State.UNKNOWN))
    with qtbot.assertNotEmitted(actions.proof_given, wait=20):
        QTest.keyClicks(actions.proof.field, preimage_of(2).hex)
    actions.proof.field.clear()
    with qtbot.waitSignal(actions.proof_given) as told:
        QTest.keyClicks(actions.proof.field, preimage_of(1).hex)
    assert told.args == ["purchase-1", preimage_of(1).hex]


def test_while_one_thing_is_done_no_other_is_begun(actions: PaymentActions) -> None:
    actions.show_line(a_line(State.UNKNOWN))
    actions.show_busy(True)
    assert not actions.ask.isEnabled()
    actions.show_busy(False)
    assert actions.ask.isEnabled()


def test_every_control_has_a_name_of_its_own_that_the_pay_dialog_has_not(actions: PaymentActions) -> None:
    controls = interactive(actions)
    names = [control.objectName() for control in controls]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(control.accessibleName() for control in controls)
    assert not {"preimageField", "pastePreimageButton"} & set(names)


def test_before_a_payment_is_chosen_nothing_is_asked_for(actions: PaymentActions, qtbot: QtBot) -> None:
    for signal in (actions.ask_pressed, actions.end_pressed, actions.deliver_pressed, actions.proof_given):
        with qtbot.assertNotEmitted(signal):
            for part in (actions.ask, actions.end, actions.deliver, actions.send):
                part.click()
