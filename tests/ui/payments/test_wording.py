"""Payments in words: every state has them, and each says what to do."""

from __future__ import annotations

from datetime import datetime

import pytest

from l402desk.ledger.purchases import PHONE, Delivery, PurchaseState
from l402desk.ui.colours import LIGHT
from l402desk.ui.payments import wording
from tests.fakes.purchased import NOW
from tests.ui.payments.lines import a_line, a_purchase

State = PurchaseState


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-24T06:21:59", "today 06:21"),
        ("2026-11-23T23:59:00", "yesterday 23:59"),
        ("2026-11-22T00:00:00", "22 Nov 00:00"),
        ("2026-01-02T09:05:00", "2 Jan 09:05"),
        ("2025-12-31T09:05:00", "31 Dec 2025"),
    ],
)
def test_a_moment_is_told_as_people_do(then: str, words: str) -> None:
    assert wording.moment(at(then), at("2026-11-24T12:00:00")) == words


def test_times_beyond_every_calendar_are_no_trouble() -> None:
    assert wording.moment(10**15, NOW)
    assert wording.moment(-1, NOW)


def test_every_state_has_short_words_a_colour_and_a_sentence() -> None:
    said = set()
    for state in State:
        line = a_line(state)
        said.add(wording.standing(line.purchase))
        assert LIGHT[wording.severity(line.purchase)]
        assert wording.explanation(line, NOW).endswith(".")
    assert len(said) == len(State)


def test_what_the_server_did_is_told_apart() -> None:
    refused = a_purchase(delivery=Delivery.REFUSED, last_status=401)
    owed = a_purchase(delivery=Delivery.UNDELIVERED)
    assert wording.standing(refused) == "paid, refused 401"
    assert wording.standing(owed) == "paid, not delivered"
    assert [wording.severity(p) for p in (a_purchase(), owed, refused)] == ["good", "caution", "danger"]
    for delivery in Delivery:
        assert wording.explanation(a_line(delivery=delivery), NOW).startswith("Paid")


def test_an_invoice_that_ran_out_is_told_so() -> None:
    line = a_line(State.OFFERED)
    assert "ran out" in wording.explanation(line, NOW + 3_600)
    assert "ran out" not in wording.explanation(line, NOW)


def test_waiting_can_be_ended_only_when_nobody_can_pay() -> None:
    assert "can still be paid" in wording.giving_up(a_purchase(State.UNKNOWN), NOW)
    assert wording.giving_up(a_purchase(State.UNKNOWN), NOW + 3_720) == ""
    assert wording.giving_up(a_purchase(), NOW) == ""


def test_who_paid_is_named() -> None:
    assert wording.rail(a_purchase()) == "Fake wallet"
    assert wording.rail(a_purchase(rail=PHONE)) == "A phone, by hand"
    assert wording.rail(a_purchase(State.OFFERED)) == "nobody yet"
