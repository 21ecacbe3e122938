"""The ``Payment`` scheme (MPP), read for display because servers send it beside L402."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from l402desk.protocol.amount import Msat
from l402desk.protocol.challenge_body import read_json
from l402desk.protocol.challenge_grammar import SchemePart
from l402desk.protocol.errors import AmountError
from l402desk.protocol.offers import MOST_SHOWN, Offer, price_in_prefix
from l402desk.protocol.text import visible

# How many decimal places of a currency its smallest unit is: the scheme counts in smallest units.
_CENTS = frozenset({"usd", "eur", "gbp", "chf", "cad", "aud", "nzd", "sek", "nok", "dkk", "pln"})
_SATS = frozenset({"sat", "sats", "satoshi", "satoshis"})
_MSATS = frozenset({"msat", "msats", "millisatoshi", "millisatoshis"})

_METHODS = {
    "stripe": "Paid by card through Stripe: not with Lightning.",
    "tempo": "Paid with stablecoins on Tempo: not with Lightning.",
    "card": "Paid by card: not with Lightning.",
    "solana": "Paid with tokens on Solana: not with Lightning.",
}
_SPEC_PARAMETERS = ("id", "realm", "method", "intent", "request")


def payment_offer(part: SchemePart, has_l402: bool) -> Offer:
    """The offer in one ``Payment`` challenge. ``has_l402``: the answer also carries an L402 challenge."""
    first: dict[str, str] = {}
    for name, value in part.parameters:
        first.setdefault(name, value)  # a repeated parameter takes the first occurrence
    request = decode_request(first.get("request", ""))
    method = first.get("method", "").lower()
    invoice = _invoice(first, request)
    return Offer(
        kind=part.scheme if part.scheme.lower() != "payment" else "Payment",
        title=_title(method, first.get("intent", "")),
        price=price_of(request.get("amount"), request.get("currency")) or price_in_prefix(invoice),
        payable=False,
        reason=_reason(first, method, has_l402),
        challenge=None,
        raw=part.raw,
    )


def decode_request(text: str) -> Mapping[str, Any]:
    """The JSON object in a base64url ``request`` parameter; an empty one when there is none."""
    try:
        # Standard base64 is met too; both alphabets are read, with or without padding.
        raw = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_")
    except (binascii.Error, ValueError):
        return {}
    value = read_json(raw)
    return value if isinstance(value, dict) else {}


def price_of(amount: object, currency: object) -> str | None:
    """An amount in smallest units and its currency, in words: ``("50", "usd")`` is ``0.50 USD``; or None."""
    if isinstance(amount, bool) or not isinstance(amount, (str, int)) or not isinstance(currency, str):
        return None
    digits = str(amount)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 24):
        return None
    unit, number = currency.strip().lower(), int(digits)
    try:
        if unit in _SATS:
            return Msat.of_sats(number).words()
        if unit in _MSATS:
            return Msat(number).words()
    except AmountError:
        return None
    if unit in _CENTS:
        return f"{number // 100}.{number % 100:02} {unit.upper()}"
    return f"{number} {visible(currency, 20)}"


def _invoice(first: Mapping[str, str], request: Mapping[str, Any]) -> str:
    details = request.get("methodDetails")
    places = (first, request, details if isinstance(details, dict) else {})
    for place in places:
        for name in ("invoice", "depositInvoice"):
            text = place.get(name)
            if isinstance(text, str):
                return text
    return ""


def _title(method: str, intent: str) -> str:
    words = [visible(word, MOST_SHOWN) for word in (method, intent) if word]
    return "Payment scheme (MPP)" + (": " + " ".join(words) if words else "")


def _reason(first: Mapping[str, str], method: str, has_l402: bool) -> str:
    missing = [name for name in _SPEC_PARAMETERS if not first.get(name)]
    if missing and not first.get("invoice"):
        return f"Incomplete: the challenge lacks {', '.join(missing)}."
    if method not in ("lightning", "bolt11", ""):
        shown = visible(method, MOST_SHOWN)
        return _METHODS.get(method, f"Paid through {shown}: not with a Lightning invoice.")
    if has_l402:
        return "This app does not speak the Payment scheme. The same answer offers L402, which it does."
    return "This app does not speak the Payment scheme, only L402."
