"""Payment protocols that answer 402 in JSON without L402: x402 and the Fewsats offers, read for display."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from l402desk.protocol.challenge_body import read_json
from l402desk.protocol.offers import MOST_SHOWN, Offer
from l402desk.protocol.offers_payment import price_of
from l402desk.protocol.text import visible

MOST_OFFERS = 16
"""Offers listed from one JSON document: the largest seen has five."""
_BITCOIN = "bip122:000000000019d6689c085ae165831e93"  # CAIP-2 of Bitcoin mainnet: the genesis block's hash

_CHAINS = {
    "eip155:1": "Ethereum",
    "eip155:137": "Polygon",
    "eip155:8453": "Base",
    "eip155:84532": "Base Sepolia",
    "base": "Base",
    "base-sepolia": "Base Sepolia",
    "solana": "Solana",
    "solana:5eykt4usfv8p8njdtrepy1vzqkqzkvdp": "Solana",
    _BITCOIN: "Bitcoin",
}
_SIX_DECIMALS = frozenset({"usd coin", "usdc", "usdt", "tether usd", "eurc"})
_COINS = {  # contracts that challenges name by address alone
    "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913": "USDC",
    "0x036cbd53842c5426634e7929541ec2318f3dcf7e": "USDC",
    "epjfwdd5aufqssqem2qn1xzybapc8g4weggkzwytdt1v": "USDC",
}


def offers_in_header(value: str) -> tuple[Offer, ...]:
    """The offers in an x402 ``PAYMENT-REQUIRED`` header (base64 of JSON); none if unreadable."""
    try:
        document = read_json(base64.b64decode(value.strip() + "=" * (-len(value.strip()) % 4)))
    except (binascii.Error, ValueError):
        return ()
    return offers_in_json(document, value)


def offers_in_json(document: object, raw: str) -> tuple[Offer, ...]:
    """The x402 and Fewsats offers of a JSON body; none when it is about something else."""
    if not isinstance(document, Mapping):
        return ()
    return tuple(_x402(document, raw)) + tuple(_fewsats(document, raw))


def _x402(document: Mapping[str, Any], raw: str) -> Iterator[Offer]:
    accepts = document.get("accepts")
    if not isinstance(accepts, list):
        return
    for entry in accepts[:MOST_OFFERS]:
        if isinstance(entry, Mapping):
            yield _x402_offer(entry, raw)


def _x402_offer(entry: Mapping[str, Any], raw: str) -> Offer:
    extra = entry.get("extra")
    details = extra if isinstance(extra, Mapping) else {}
    network = _text(entry, "network")
    amount = entry.get("amount", entry.get("maxAmountRequired"))
    chain = _CHAINS.get(network.lower()) or visible(network, MOST_SHOWN) or "an unnamed chain"
    if _text(details, "paymentMethod").lower() == "lightning" or network.lower() == _BITCOIN:
        reason = "x402 over Lightning hands out no token to keep: this app pays L402 only."
        return Offer("x402", "x402 over Lightning", price_of(amount, "msat"), False, reason, None, raw)
    address = _text(entry, "asset")
    asset = _COINS.get(address.lower()) or _text(details, "name") or address
    return Offer(
        "x402",
        f"x402 on {chain}",
        _token_price(amount, asset),
        False,
        f"Paid with a token on {chain}: not with Lightning.",
        None,
        raw,
    )


def _token_price(amount: object, asset: str) -> str | None:
    """Amounts are in the token's smallest unit; its decimals are known only for the common stablecoins."""
    digits = str(amount) if isinstance(amount, (str, int)) and not isinstance(amount, bool) else ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 40):
        return None
    name = visible(asset, 24) or "of an unnamed token"
    if asset.lower() in _SIX_DECIMALS:
        whole, rest = divmod(int(digits), 10**6)
        fraction = f"{rest:06}".rstrip("0")
        return f"{whole}.{fraction:0<2} {name}"
    return f"{int(digits)} units {name}"


def _fewsats(document: Mapping[str, Any], raw: str) -> Iterator[Offer]:
    """“L402 offers” v0.2.2: a list, and a URL that hands out payment details. Not the L402 of this app."""
    offers = document.get("offers")
    if not isinstance(offers, list) or not ("payment_request_url" in document or "payment_context_token" in document):
        return
    for entry in offers[:MOST_OFFERS]:
        if not isinstance(entry, Mapping):
            continue
        title = _text(entry, "title") or _text(entry, "description") or _text(entry, "id") or "offer"
        methods = entry.get("payment_methods")
        named = [m for m in methods if isinstance(m, str)] if isinstance(methods, list) else []
        by = " (" + visible(", ".join(named), MOST_SHOWN) + ")" if named else ""
        yield Offer(
            "Fewsats",
            f"Fewsats: {visible(title, MOST_SHOWN)}",
            price_of(entry.get("amount"), _text(entry, "currency") or "usd"),
            False,
            f"Bought from the server's own payment page{by}: the answer holds no invoice and no token.",
            None,
            raw,
        )


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value.get(name)
    return text if isinstance(text, str) else ""
