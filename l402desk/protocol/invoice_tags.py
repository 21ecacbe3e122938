"""The tagged fields of a BOLT11 invoice: each letter's reader, and the walk over them all."""

from __future__ import annotations

import struct
from collections.abc import Callable

from l402desk.protocol.addresses import SCRIPT_HASH, fallback
from l402desk.protocol.amount import Msat
from l402desk.protocol.bech32 import number, octets
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.features import features_of
from l402desk.protocol.invoice_fields import Fields, Hop, Tag
from l402desk.protocol.network import Network
from l402desk.protocol.proof import PaymentHash

HEADER_LENGTH = 3  # one word of type, two of length
HASH_LENGTH, KEY_LENGTH = 52, 53
# Far beyond any sense, but a time stamp plus this still fits the signed 64 bits that databases count in.
MOST = 2**62
_HOP = struct.Struct(">33sQIIH")
_NAMED_AT_MOST = 5


def read_fields(text: str, start: int, digits: bytes, network: Network) -> Fields:
    """Walk over the fields. ``digits`` are their five-bit words, and ``text[start:]`` the letters of these.

    Raises InvoiceError where a field runs over the end, a number is absurd, or there are two payment hashes.
    """
    fields, at, length = Fields(network), 0, len(digits)
    while at < length:
        letter, body = text[start + at], at + HEADER_LENGTH
        end = body + number(digits[at + 1 : body])
        if body > length or end > length:
            raise InvoiceError(
                f"The invoice is malformed: its field “{letter}” runs into the signature",
                f"character {start + at + 1}",
            )
        reader = _READERS.get(letter)
        known = reader is not None and reader(fields, digits[body:end])
        fields.tags.append(Tag(letter, start + at, start + end, known))
        at = end
    return fields


# Each reader returns False for what the specification wants skipped. The lengths of p, s, h and n are fixed;
# a field of another length is skipped, not refused, as the public vector of ignored fields demands.


def _payment_hash(fields: Fields, digits: bytes) -> bool:
    if len(digits) != HASH_LENGTH:
        return False
    if fields.payment_hash is not None:
        raise InvoiceError("The invoice names two payment hashes: it is unclear which payment it asks for", "tag p")
    fields.payment_hash = PaymentHash(octets(digits))
    return True


def _payment_secret(fields: Fields, digits: bytes) -> bool:
    if len(digits) != HASH_LENGTH:
        return False
    if fields.is_first("s"):
        fields.payment_secret = octets(digits)
    return True


def _description(fields: Fields, digits: bytes) -> bool:
    if fields.is_first("d"):
        raw = octets(digits)
        try:
            fields.description = raw.decode("utf-8")
        except UnicodeDecodeError:
            # BOLT 11 binds only the writer to UTF-8. Shown as far as it goes, then, and not paid.
            fields.description = raw.decode("utf-8", "replace")
            fields.blame("unreadable-description", "The description is not valid text (UTF-8)")
    return True


def _description_hash(fields: Fields, digits: bytes) -> bool:
    if len(digits) != HASH_LENGTH:
        return False
    if fields.is_first("h"):
        fields.description_hash = octets(digits)
    return True


def _payee(fields: Fields, digits: bytes) -> bool:
    if len(digits) != KEY_LENGTH:
        return False
    if fields.is_first("n"):
        fields.payee = octets(digits).hex()
    return True


def _expiry(fields: Fields, digits: bytes) -> bool:
    if fields.is_first("x"):
        fields.expiry = _sensible(digits, "x")
    return True


def _final_cltv(fields: Fields, digits: bytes) -> bool:
    if fields.is_first("c"):
        fields.min_final_cltv = _sensible(digits, "c")
    return True


def _sensible(digits: bytes, letter: str) -> int:
    value = number(digits)
    if value > MOST:
        raise InvoiceError("The invoice is malformed: a number in it is absurdly large", f"tag {letter}")
    return value


def _metadata(fields: Fields, digits: bytes) -> bool:
    if fields.is_first("m"):
        fields.metadata = octets(digits)
    return True


def _features(fields: Fields, digits: bytes) -> bool:
    if fields.is_first("9"):
        fields.features = features_of(number(digits))
        unknown = [str(it.bit) for it in fields.features if it.required and not it.known]
        if unknown:
            named = ", ".join(unknown[:_NAMED_AT_MOST]) + (" …" if len(unknown) > _NAMED_AT_MOST else "")
            fields.blame(
                "unknown-required-feature",
                f"The invoice demands features that this app does not know: {named}",
            )
    return True


def _fallback(fields: Fields, digits: bytes) -> bool:
    if not digits or number(digits[:1]) > SCRIPT_HASH:
        return False
    fields.fallbacks.append(fallback(fields.network, number(digits[:1]), octets(digits[1:])))
    return True


def _route_hint(fields: Fields, digits: bytes) -> bool:
    raw = octets(digits)
    if not raw or len(raw) % _HOP.size:
        fields.blame("unreadable-route-hint", "A route hint is malformed, so the way to the payee may be unknown")
        return True
    hops = []
    for node, channel, base, ppm, delta in _HOP.iter_unpack(raw):
        short = f"{channel >> 40}x{channel >> 16 & 0xFFFFFF}x{channel & 0xFFFF}"
        hops.append(Hop(node.hex(), short, Msat(base), ppm, delta))
    fields.route_hints.append(tuple(hops))
    return True


_READERS: dict[str, Callable[[Fields, bytes], bool]] = {
    "p": _payment_hash,
    "s": _payment_secret,
    "d": _description,
    "h": _description_hash,
    "n": _payee,
    "x": _expiry,
    "c": _final_cltv,
    "m": _metadata,
    "9": _features,
    "f": _fallback,
    "r": _route_hint,
}
