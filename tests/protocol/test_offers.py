"""Offers say in words what they cost and whether this app can take them."""

from __future__ import annotations

import pytest

from l402desk.protocol.challenge import Challenge
from l402desk.protocol.challenge_grammar import split_challenges
from l402desk.protocol.offers import (
    broken_offer,
    cashu_offer,
    lightning_offer,
    other_scheme_offer,
    payment_hash_offer,
    price_in_prefix,
)


@pytest.mark.parametrize(
    ("invoice", "price"),
    [
        ("lnbc210n1p4x", "21 sats"),
        ("LNBC10N1P4X", "1 sat"),
        ("lightning:lnbcrt20u1p", "2\u202f000 sats"),
        ("lntbs5m1p", "500\u202f000 sats"),
        ("lntb11p1p", None),  # a BOLT 11 amount in pico-bitcoin is a multiple of ten
        ("lnbc10p1p", "0.001 sats"),
        ("lnbc11qq", "100\u202f000\u202f000 sats"),
        ("lnbc1p4xny4", None),  # no amount: the first 1 separates
        ("lnbc22000000" + "1p", None),  # more than there will ever be
        ("lnbc" + "9" * 5_000 + "1p", None),
        ("DEV:abc", None),
        ("", None),
    ],
)
def test_the_price_is_read_from_the_prefix(invoice: str, price: str | None) -> None:
    assert price_in_prefix(invoice) == price


def test_a_challenge_is_the_one_payable_offer() -> None:
    challenge = Challenge("lsat", "raw", "header", None, "macaroon", "m", "lnbc210n1p")
    offer = lightning_offer(challenge)
    assert (offer.kind, offer.payable, offer.price, offer.challenge) == ("LSAT", True, "21 sats", challenge)
    body = lightning_offer(Challenge("L402", "raw", "body", None, "token", "t", "lnbc210n1p"))
    assert body.title == "L402, in the body"


def test_offers_that_cannot_be_paid_say_why() -> None:
    offers = [
        broken_offer("L402", "lnbc210n1p", "There is no token.", "raw"),
        payment_hash_offer("lnbc210n1p", "raw"),
        cashu_offer("creqA"),
        other_scheme_offer(split_challenges("Basic realm=x", 8).parts[0]),
        other_scheme_offer(split_challenges("Zaps x=y", 8).parts[0]),
    ]
    assert [offer.payable for offer in offers] == [False] * 5
    assert all(offer.reason.endswith(".") for offer in offers)
    assert "login" in offers[3].reason
    assert "does not know" in offers[4].reason
