"""The Payment scheme is shown with its price, and never taken for something this app can pay."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.challenge_grammar import split_challenges
from l402desk.protocol.offers import Offer
from l402desk.protocol.offers_payment import decode_request, payment_offer, price_of


def offer_of(request: object, method: str = "lightning", has_l402: bool = False, more: str = "") -> Offer:
    encoded = base64.urlsafe_b64encode(json.dumps(request).encode()).decode().rstrip("=")
    header = f'Payment id="i", realm="r", method="{method}", intent="charge", request="{encoded}"{more}'
    return payment_offer(split_challenges(header, 1).parts[0], has_l402)


def test_a_lightning_charge_is_shown_with_its_price() -> None:
    offer = offer_of({"amount": "100", "currency": "sat", "methodDetails": {"invoice": "lnbc1u1p"}})
    assert (offer.kind, offer.title, offer.price) == (
        "Payment",
        "Payment scheme (MPP): lightning charge",
        "100 sats",
    )
    assert not offer.payable
    assert offer.challenge is None


def test_the_reason_points_to_the_l402_beside_it() -> None:
    assert "The same answer offers L402" in offer_of({}, has_l402=True).reason
    assert "only L402" in offer_of({}, has_l402=False).reason


def test_the_invoice_names_the_price_where_the_request_does_not() -> None:
    assert offer_of({"invoice": "lnbc210n1p"}).price == "21 sats"
    assert offer_of({"methodDetails": {"invoice": "lnbc10n1p"}}).price == "1 sat"
    assert offer_of({"depositInvoice": 7, "methodDetails": 7}).price is None


def test_other_methods_are_named() -> None:
    assert (
        offer_of({"amount": "50", "currency": "usd"}, "stripe").reason
        == "Paid by card through Stripe: not with Lightning."
    )
    assert "shells" in offer_of({}, "shells").reason


def test_the_legacy_form_is_read() -> None:
    part = split_challenges('Payment method="lightning", invoice="lnbc210n1p"', 1).parts[0]
    assert payment_offer(part, False).price == "21 sats"
    assert "lacks" not in payment_offer(part, False).reason


def test_an_incomplete_challenge_says_what_it_lacks() -> None:
    part = split_challenges("Payment id=x, realm=y", 1).parts[0]
    assert payment_offer(part, True).reason == "Incomplete: the challenge lacks method, intent, request."


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("50", "usd", "0.50 USD"),
        (1234, "EUR", "12.34 EUR"),
        ("21", "sat", "21 sats"),
        ("21000", "msat", "21 sats"),
        ("7", "shells", "7 shells"),
        ("7.5", "usd", None),
        ("-1", "sat", None),
        ("٣", "sat", None),
        (True, "sat", None),
        ("9" * 40, "sat", None),
        ("9" * 20, "sat", None),
        ("1", None, None),
        (None, "sat", None),
    ],
)
def test_prices_in_words(amount: object, currency: object, words: str | None) -> None:
    assert price_of(amount, currency) == words


@given(st.text())
def test_any_request_is_decoded_to_an_object(text: str) -> None:
    assert isinstance(decode_request(text), dict)


def test_the_public_vectors_are_priced(vectors: Any) -> None:
    cases = vectors("payment-auth.vectors.json")["challengeHeaders"]
    offers = [payment_offer(split_challenges(case["header"], 1).parts[0], False) for case in cases]
    assert [offer.price for offer in offers] == ["100 sats", "3 sats", *["100 sats"] * (len(cases) - 2)]
    assert all("lacks" not in offer.reason for offer in offers)
