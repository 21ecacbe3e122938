from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.ledger.purchases import DELIVERIES, OPEN, STEPS, Delivery, Intent, PurchaseSecrets, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.token import Token
from tests.fakes.purchased import (
    challenge_of,
    credential_of,
    hash_of,
    invoice_of,
    new_intent,
    preimage_of,
)

State = PurchaseState


def test_nothing_leaves_settled() -> None:
    assert STEPS[State.SETTLED] == frozenset()


def test_every_state_can_still_be_settled_by_a_proof() -> None:
    assert all(State.SETTLED in STEPS[state] for state in State if state is not State.SETTLED)


def test_nothing_goes_back_to_an_intent() -> None:
    assert not [state for state in State if State.OFFERED in STEPS[state]]


def test_only_a_payment_leads_out_of_failed_and_only_a_proof_out_of_paid_without_proof() -> None:
    assert STEPS[State.FAILED] == {State.SETTLED, State.PAID_WITHOUT_PROOF}
    assert STEPS[State.PAID_WITHOUT_PROOF] - {State.PAID_WITHOUT_PROOF} == {State.SETTLED}


def test_open_is_whatever_may_have_cost_money_and_is_not_proven() -> None:
    assert frozenset(State) - {State.OFFERED, State.SETTLED, State.FAILED} == OPEN


def test_what_was_delivered_stays_delivered_and_what_was_refused_can_be_tried_again() -> None:
    assert DELIVERIES[Delivery.DELIVERED] == {Delivery.DELIVERED}
    assert Delivery.DELIVERED in DELIVERIES[Delivery.REFUSED]
    assert set(DELIVERIES) == set(Delivery)


def test_every_state_has_words() -> None:
    assert all(state.words for state in State)


def test_amount_and_hash_are_those_of_the_signed_invoice() -> None:
    intent = new_intent(3, msat=5_500)
    assert (intent.amount, intent.payment_hash) == (Msat(5_500), hash_of(3))
    assert (str(intent.origin), intent.path) == ("https://api.example", "/v1/data")


def test_an_invoice_without_an_amount_needs_a_typed_one() -> None:
    assert new_intent(msat=None, typed=1_000).amount == Msat(1_000)
    for typed in (None, 0):
        with pytest.raises(ValueError, match="no amount"):
            new_intent(msat=None, typed=typed)


def test_a_typed_amount_never_replaces_the_invoices_own() -> None:
    with pytest.raises(ValueError, match="not typed"):
        new_intent(msat=21_000, typed=1_000)


def test_an_invoice_of_another_challenge_is_not_paid_under_this_one() -> None:
    with pytest.raises(ValueError, match="not the one"):
        Intent("GET", "https://a.example/", challenge_of(1), read_invoice(invoice_of(2)), Msat(0))


def test_an_invoice_is_the_same_however_the_server_dressed_it() -> None:
    challenge = replace(challenge_of(1), invoice=f" lightning:{invoice_of(1).upper()} ")
    intent = Intent("GET", "https://a.example/", challenge, read_invoice(challenge.invoice), Msat(0))
    assert intent.payment_hash == hash_of(1)


def test_a_proven_purchase_gives_its_token_and_an_unproven_one_none() -> None:
    secrets = PurchaseSecrets("https://a.example/", "LSAT", credential_of(1), b"", preimage_of(1))
    assert secrets.token() == Token("LSAT", credential_of(1), preimage_of(1))
    assert replace(secrets, preimage=None).token() is None


def test_no_repr_shows_a_secret() -> None:
    intent = new_intent(1, "https://api.example/v1?key=canary", request=b"canary")
    secrets = PurchaseSecrets(intent.url, "L402", credential_of(1), b"canary", preimage_of(1))
    for text in (repr(intent), repr(secrets)):
        assert "canary" not in text
        assert credential_of(1) not in text
        assert preimage_of(1).hex not in text
