"""What is said at the terminal names the amount and the place, and what to do; the proof is told in one case alone."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest

from l402desk.cli import send_words as words
from l402desk.client.errors import Kind, SendError, Trouble
from l402desk.engine.view import JourneyView, Notice, Tone
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome as Ended
from l402desk.store.errors import PassphraseNeeded
from tests.cli.purchases import a_purchase
from tests.fakes.challenges import PROOF, judged, mint_demand

PLACE = "21 sats to api.example.com/data"
BILL = judged(mint_demand())[0]


@pytest.mark.parametrize("state", [PurchaseState.INTENT, PurchaseState.SUBMITTED, PurchaseState.UNKNOWN])
def test_an_open_payment_says_to_run_the_same_again(state: PurchaseState) -> None:
    said = words.unresolved(a_purchase(state, reason="The wallet is silent."))
    assert PLACE in said
    assert words.AGAIN in said


def test_a_wallet_that_is_not_there_is_named() -> None:
    said = words.unresolved(a_purchase(reason="It is on its way"), is_connected=False)
    assert "It is on its way. The wallet “home”, which was given the invoice, is not connected now" in said
    assert words.AGAIN not in said


def test_a_payment_without_proof_says_where_to_look_for_it() -> None:
    said = words.unresolved(a_purchase(PurchaseState.PAID_WITHOUT_PROOF))
    assert "l402desk payments resolve an-id" in said
    assert "Nothing is paid again" in said


def test_a_bill_is_told_with_its_price() -> None:
    assert words.say_pay(BILL, ()) == "Payment is required: 21 sats. Add --pay to pay it."


def test_too_much_names_both_amounts() -> None:
    assert words.too_much(Msat.of_sats(100), Msat.of_sats(500)).startswith(
        "You allowed 100 sats with --max-sats; this costs 500 sats."
    )


def test_before_a_payment_amount_wallet_and_fee_are_told_with_every_warning() -> None:
    first, *warnings = words.paying(a_purchase(), "home", BILL).split("\n")
    assert first == f"Paying {PLACE} with “home”, and at most 10 sats for routing."
    assert all(line.startswith("! ") for line in warnings)


@pytest.mark.parametrize(
    ("outcome", "part"), [(Ended.UNDELIVERED, "not delivered yet"), (Ended.NOT_ACCEPTED, "did not accept it")]
)
def test_what_was_paid_and_not_given_is_told(outcome: Ended, part: str) -> None:
    said = words.of_delivery(JourneyView(outcome=outcome), a_purchase(PurchaseState.SETTLED))
    assert PLACE in said
    assert part in said


def test_a_token_that_is_refused_again_names_the_way_to_pay_once_more() -> None:
    refused = replace(a_purchase(PurchaseState.SETTLED), delivery=Delivery.REFUSED)
    assert "pay once more with --no-token" in words.asked_again(refused)
    assert "--no-token" not in words.asked_again(a_purchase(PurchaseState.SETTLED))


def test_what_was_delivered_needs_no_words() -> None:
    assert words.of_delivery(JourneyView(outcome=Ended.DELIVERED), a_purchase(PurchaseState.SETTLED)) == ""
    assert words.of_delivery(JourneyView(outcome=Ended.ANSWERED), None) == ""


def test_a_notice_and_an_error_become_one_line() -> None:
    assert words.of_notice(Notice(Tone.WARNING, "Title", "Why.", "Do this.")) == "Title. Why. Do this."
    assert words.of_notice(None) == ""
    assert words.of_error(SendError(Trouble(Kind.DROPPED, "Lost", "It ended.", "Again."))) == "Lost. It ended. Again."


def test_the_proof_is_told_where_it_is_nowhere_else_and_only_there() -> None:
    assert PROOF.hex in words.unkept(PROOF, None)
    tellers = [
        name for name, f in inspect.getmembers(words, inspect.isfunction) if "Preimage" in str(f.__annotations__)
    ]
    assert tellers == ["unkept"]


def test_a_locked_vault_is_told_with_its_remedy() -> None:
    error = PassphraseNeeded(exists=True)
    assert words.locked_unpaid(error).startswith("Nothing was sent")
    assert error.remedy in words.locked_unpaid(error)
    assert words.locked_unused(error).startswith("The vault is locked, so no token is sent along.")


@pytest.mark.parametrize(
    "said",
    [
        words.refused(judged(mint_demand(msat=None))[0]), words.not_402(401), words.elsewhere("https://b.example/x"),
        words.not_payable(), words.asked_again(a_purchase()),
        words.interrupted_open(a_purchase()), words.interrupted_settled(a_purchase()), words.interrupted_unpaid(),
        words.earlier_unpaid(a_purchase(reason="No route.")), words.no_answer(), words.looking_up(a_purchase()),
    ],
)  # fmt: skip
def test_every_sentence_is_one_line_that_ends(said: str) -> None:
    assert "\n" not in said
    assert said[-1] in ".!" or "https://" in said
