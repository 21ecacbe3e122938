"""Every way to pay that one answer names, in words: which of them the app can take, and why not others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from l402desk.protocol.amount import Msat
from l402desk.protocol.challenge_grammar import SchemePart
from l402desk.protocol.challenge_values import Challenge
from l402desk.protocol.errors import AmountError
from l402desk.protocol.network import PREFIXES
from l402desk.protocol.text import visible

MOST_SHOWN = 80
"""Characters of a foreign word shown in a title or a reason."""

_PRICED = re.compile(r"ln(?:" + "|".join(prefix for prefix, _ in PREFIXES) + r")([1-9][0-9]{0,18})([munp]?)1", re.ASCII)
# BOLT 11: the multiplier in units of 0.1 msat for one, so that pico-bitcoin stay whole.
_TENTHS_OF_MSAT = {
    "": 1_000_000_000_000,
    "m": 1_000_000_000,
    "u": 1_000_000,
    "n": 1_000,
    "p": 1,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to pay. ``price`` is what the offer *says*; what is paid is read from the invoice (law 1).

    ``kind`` is ``L402``, ``LSAT``, ``Payment``, ``x402``, ``Fewsats``, ``payment-hash``, ``Cashu``, or the
    scheme as sent. ``reason`` is a sentence: why the app can or cannot take it. Every text is safe to show
    except ``raw``.
    """

    kind: str
    title: str
    price: str | None
    payable: bool
    reason: str
    challenge: Challenge | None
    raw: str = field(repr=False)


def price_in_prefix(invoice: str) -> str | None:
    """The price that the readable beginning of an invoice names (``lnbc210n1…`` is 21 sats), or None.

    Nothing is verified: this labels a row in a list. An amount below a millisatoshi is no price.
    """
    found = _PRICED.match(invoice.strip().lower().removeprefix("lightning:"))
    if found is None:
        return None
    tenths = int(found[1]) * _TENTHS_OF_MSAT[found[2]]
    if tenths % 10:
        return None
    try:
        return Msat(tenths // 10).words()
    except AmountError:
        return None


def lightning_offer(challenge: Challenge) -> Offer:
    """The offer of a readable L402 or LSAT challenge: the only kind this app pays."""
    kind = challenge.scheme.upper()
    title = "LSAT (the old name of L402)" if kind == "LSAT" else "L402"
    if challenge.source == "body":
        title += ", in the body"
    return Offer(
        kind,
        title,
        price_in_prefix(challenge.invoice),
        True,
        "Paid with any Lightning wallet that hands out the preimage.",
        challenge,
        challenge.raw,
    )


def broken_offer(kind: str, invoice: str, reason: str, raw: str) -> Offer:
    """An L402 or LSAT challenge that lacks something: shown, so that nobody wonders where it went."""
    return Offer(kind, f"{kind}, incomplete", price_in_prefix(invoice), False, reason, None, raw)


def payment_hash_offer(invoice: str, raw: str) -> Offer:
    """An invoice whose payment hash, which anybody can read, is taken as the proof (MaximumSats style)."""
    return Offer(
        "payment-hash",
        "Invoice without a token",
        price_in_prefix(invoice),
        False,
        "The server hands out no token and takes the payment hash as proof: whoever sees the invoice could "
        "use what you paid for.",
        None,
        raw,
    )


def cashu_offer(value: str) -> Offer:
    """A Cashu payment request (NUT-18, NUT-24) in an ``X-Cashu`` header."""
    return Offer(
        "Cashu",
        "Cashu ecash",
        None,
        False,
        "Paid with ecash tokens of a Cashu mint: not with a Lightning invoice.",
        None,
        value,
    )


def other_scheme_offer(part: SchemePart) -> Offer:
    """Any other authentication scheme beside the challenge, such as Basic or Bearer."""
    name = visible(part.scheme, MOST_SHOWN)
    known = part.scheme.lower() in ("basic", "bearer", "digest", "negotiate", "dpop", "hoba", "mutual")
    if known:
        reason = f"{name} asks for a login or a key that you already have, not for a payment."
    else:
        reason = f"{name} is a scheme that this app does not know."
    return Offer(part.scheme, f"{name} authentication", None, False, reason, None, part.raw)
