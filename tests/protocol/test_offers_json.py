"""x402 and Fewsats offers are listed with price and chain, from headers and bodies."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.offers_json import MOST_OFFERS, offers_in_header, offers_in_json


def x402(*accepts: object) -> dict[str, object]:
    return {"x402Version": 2, "accepts": list(accepts)}


def test_the_live_capture_lists_both_chains(vectors: Any) -> None:
    header = vectors("402index/x402-v2-ping.json")["paymentRequiredHeader"]
    offers = offers_in_header(header)
    assert [(o.kind, o.title, o.price, o.payable) for o in offers] == [
        ("x402", "x402 on Base", "0.01 USDC", False),
        ("x402", "x402 on Solana", "0.01 USDC", False),
    ]
    assert offers[0].reason == "Paid with a token on Base: not with Lightning."


def test_x402_over_lightning_is_told_apart() -> None:
    entry = {
        "network": "bip122:000000000019d6689c085ae165831e93",
        "amount": "21000",
        "extra": {"invoice": "lnbc1"},
    }
    (offer,) = offers_in_json(x402(entry), "raw")
    assert (offer.title, offer.price, offer.payable) == ("x402 over Lightning", "21 sats", False)


def test_the_first_version_names_its_amount_otherwise() -> None:
    entry = {"network": "base-sepolia", "maxAmountRequired": "1500000", "extra": {"name": "USDC"}}
    (offer,) = offers_in_json(x402(entry), "raw")
    assert (offer.title, offer.price) == ("x402 on Base Sepolia", "1.50 USDC")


def test_an_unknown_token_is_counted_in_its_units() -> None:
    (offer,) = offers_in_json(x402({"network": "eip155:5", "amount": "7", "asset": "0xabc"}), "raw")
    assert (offer.title, offer.price) == ("x402 on eip155:5", "7 units 0xabc")


def test_fewsats_offers_are_listed() -> None:
    body = {
        "offers": [
            {
                "id": "a",
                "amount": 100,
                "currency": "USD",
                "title": "Ten credits",
                "payment_methods": ["lightning"],
            },
            {"offer_id": "b", "amount": 999, "description": "A hundred"},
            "junk",
        ],
        "payment_context_token": "t",
        "payment_request_url": "https://api.example.com/pay",
    }
    first, second = offers_in_json(body, "raw")
    assert (first.kind, first.title, first.price) == ("Fewsats", "Fewsats: Ten credits", "1.00 USD")
    assert "(lightning)" in first.reason
    assert (second.title, second.price, second.payable) == ("Fewsats: A hundred", "9.99 USD", False)


def test_offers_of_a_shop_are_not_fewsats_offers() -> None:
    assert offers_in_json({"offers": [{"title": "Socks"}]}, "raw") == ()


def test_hidden_characters_never_reach_a_title() -> None:
    (offer,) = offers_in_json(x402({"network": "ba\u202ese\x00", "amount": "1", "asset": "\u200b"}), "raw")
    assert (offer.title + offer.reason + str(offer.price)).isprintable()


def test_a_long_list_is_cut() -> None:
    assert len(offers_in_json(x402(*[{"network": "base"}] * 500), "raw")) == MOST_OFFERS


@given(st.text())
def test_an_unreadable_header_is_no_offer(text: str) -> None:
    assert offers_in_header(text) == ()
    assert offers_in_header(base64.b64encode(json.dumps(text).encode()).decode()) == ()
