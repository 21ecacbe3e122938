"""The identifier of an L402 macaroon: which family it is of, and which payment it commits to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from l402desk.protocol.proof import PaymentHash

_HEX = re.compile(rb"[0-9a-fA-F]+")
_PRINTABLE = re.compile(rb"[\x20-\x7e]+")
# The first message of a gob stream defines a struct: its length, a negative type id, then field 3 (StructT).
_GOB = re.compile(rb"(?:[\x01-\x7f]|\xff[\x80-\xff]|\xfe[\x01-\xff][\x00-\xff])\xff[\x81-\xff]\x03\x01\x01", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a server wrote into its macaroon to find it again.

    ``family`` is one of ``v0`` (66 bytes: version, payment hash, token id), ``v0-hex`` (the same in
    hexadecimal), ``hash`` (the 32 bytes alone), ``hash-hex``, ``hash-tagged`` (after one byte 0xff), ``gob``
    (a Go struct), ``text`` (words, perhaps padded with NUL bytes), ``unknown``. ``payment_hash`` is None
    where the identifier does not commit to one: such a token cannot be checked against its invoice.
    """

    raw: bytes
    family: str
    version: int | None = None
    payment_hash: PaymentHash | None = None
    token_id: bytes | None = None


def read_identifier(raw: bytes) -> Identifier:
    """Never raises: what is not recognised is of the family ``unknown``."""
    if len(raw) in {64, 132} and _HEX.fullmatch(raw):
        inner = bytes.fromhex(raw.decode("ascii"))
        if len(raw) == 64:
            return Identifier(raw, "hash-hex", payment_hash=PaymentHash(inner))
        return _versioned(raw, inner, "v0-hex")
    # Before the binary families: sats4ai pads its charge number to exactly the 66 bytes of a v0 identifier.
    words = raw.strip(b"\0")
    if _PRINTABLE.fullmatch(words):
        return Identifier(raw, "text", token_id=words)
    if _GOB.match(raw):
        return _from_gob(raw)
    if len(raw) == 66:
        return _versioned(raw, raw, "v0")
    if len(raw) == 32:
        return Identifier(raw, "hash", payment_hash=PaymentHash(raw))
    if len(raw) == 33 and raw[0] == 0xFF:
        return Identifier(raw, "hash-tagged", payment_hash=PaymentHash(raw[1:]))
    return Identifier(raw, "unknown")


def _versioned(raw: bytes, inner: bytes, family: str) -> Identifier:
    """uint16 version, 32 bytes payment hash, 32 bytes token id; only version 0 is laid out like this."""
    version = int.from_bytes(inner[:2], "big")
    if version != 0:
        return Identifier(raw, "unknown", version=version)
    return Identifier(raw, family, 0, PaymentHash(inner[2:34]), inner[34:])


def _from_gob(raw: bytes) -> Identifier:
    """The struct {Version uint16; PaymentHash, TokenId [32]byte} as encoding/gob writes it."""
    if b"PaymentHash" not in raw:
        return Identifier(raw, "gob")
    try:
        version, payment_hash, token_id = _gob_struct(raw, _gob_value(raw))
    except (IndexError, ValueError):
        return Identifier(raw, "gob")
    return Identifier(raw, "gob", version, PaymentHash(payment_hash) if payment_hash else None, token_id)


def _gob_uint(raw: bytes, at: int) -> tuple[int, int]:
    """An unsigned integer and where it ends: one byte below 128, else its length negated, then big-endian."""
    first = raw[at]
    if first < 0x80:
        return first, at + 1
    end = at + 1 + (256 - first)
    return int.from_bytes(raw[at + 1 : end], "big"), end


def _gob_value(raw: bytes) -> int:
    """Where the fields of the value begin: after all messages that define types (they have negative ids)."""
    at = 0
    while True:
        length, start = _gob_uint(raw, at)
        type_id, body = _gob_uint(raw, start)
        if type_id & 1 == 0:  # the lowest bit of a signed gob integer is its sign
            return body
        at = start + length


def _gob_struct(raw: bytes, at: int) -> tuple[int, bytes | None, bytes | None]:
    """Each field tells its distance to the last one; zero fields are left out; distance 0 ends the struct."""
    version = 0
    blobs: dict[int, bytes] = {}
    field = -1
    while True:
        step, at = _gob_uint(raw, at)
        if step == 0:
            return version, blobs.get(1), blobs.get(2)
        field += step
        if field == 0:
            version, at = _gob_uint(raw, at)
            if version > 0xFFFF:
                raise ValueError("another struct")
        elif field <= 2:
            blobs[field], at = _gob_array(raw, at)
        else:
            raise ValueError("another struct")


def _gob_array(raw: bytes, at: int) -> tuple[bytes, int]:
    count, at = _gob_uint(raw, at)
    if count != 32:
        raise ValueError("no array of 32 bytes")
    values = []
    for _ in range(count):
        value, at = _gob_uint(raw, at)
        values.append(value)
    return bytes(values), at
