"""Tokens that are no macaroons: JSON, signed JSON, or nothing that anyone but the server can read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from l402desk.protocol.instants import read_instant
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.protocol.token_json import JsonObject, read_object, value_text
from l402desk.protocol.token_text import from_base64, undressings

MOST_FIELDS = 100

_SIGNED = re.compile(r"([A-Za-z0-9+/_-]+={0,2})\.([0-9a-fA-F]{64})")
_HASH = re.compile(r"[0-9a-fA-F]{64}")
_HASH_NAMES = frozenset({"paymenthash", "hash"})
_EXPIRY_NAMES = frozenset({"exp", "expires", "expiresat", "expiration", "expiry", "validuntil"})


@dataclass(frozen=True, slots=True)
class OpaqueToken:
    """A token to echo and not to understand.

    ``format`` is ``json`` (l402-kit, lightningfaucet), ``json.hmac`` (Alby's helper: JSON, a dot, a MAC in
    hex) or ``opaque``. ``fields`` are the members of the JSON, cleaned for display; what they say is
    unsigned or signed for the server alone. ``expires_at`` is unix seconds. ``reason`` says why a token that
    begins like a macaroon is none.
    """

    format: str
    size: int
    fields: tuple[tuple[str, str], ...] = ()
    payment_hash: PaymentHash | None = None
    expires_at: int | None = None
    signature_hex: str | None = field(default=None, repr=False)
    encoding: str = ""
    reason: str = ""


def read_opaque(token: str, reason: str = "") -> OpaqueToken:
    """Whatever can be told about a text that is no macaroon. Never raises."""
    signed = _SIGNED.fullmatch(token)
    inner = from_base64(signed[1]) if signed else None
    if signed and inner:
        found = read_object(inner.raw)
        if found is not None:
            return _from_json("json.hmac", found, len(inner.raw), inner.encoding, signed[2].lower())
    for dress in undressings(token):
        found = read_object(dress.raw)
        if found is not None:
            return _from_json("json", found, len(dress.raw), dress.encoding, None, reason)
    return OpaqueToken("opaque", len(token), reason=reason)


def _from_json(
    form: str, found: JsonObject, size: int, encoding: str, signature: str | None, reason: str = ""
) -> OpaqueToken:
    shown = tuple((visible(name, 100), visible(value_text(value))) for name, value in found.pairs[:MOST_FIELDS])
    return OpaqueToken(form, size, shown, _payment_hash(found), _expires_at(found), signature, encoding, reason)


def _named(found: JsonObject, names: frozenset[str]) -> list[str]:
    """The values of all members with such a name, in any spelling: ``payment_hash``, ``paymentHash`` …"""
    return [value_text(value) for name, value in found.pairs if name.replace("_", "").lower() in names]


def _payment_hash(found: JsonObject) -> PaymentHash | None:
    hashes = {text.lower() for text in _named(found, _HASH_NAMES) if _HASH.fullmatch(text)}
    # Two that differ commit to nothing: which of them the server honours cannot be told.
    return PaymentHash.from_hex(hashes.pop()) if len(hashes) == 1 else None


def _expires_at(found: JsonObject) -> int | None:
    times = [read_instant(text) for text in _named(found, _EXPIRY_NAMES)]
    return min((time for time in times if time is not None), default=None)
