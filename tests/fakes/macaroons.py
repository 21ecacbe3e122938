"""Macaroons of every family seen in the wild, minted with a fixed key; pymacaroons is the second opinion."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any

import pymacaroons

from l402desk.protocol.errors import MacaroonError

ROOT_KEY = bytes(range(32))
PREIMAGE = bytes(range(100, 132))
PAYMENT_HASH = hashlib.sha256(PREIMAGE).digest()
TOKEN_ID = bytes(range(200, 232))
V0 = b"\0\0" + PAYMENT_HASH + TOKEN_ID

# The Fewsats command line's README: a real macaroon, its preimage, and what an appended caveat makes of it.
FEWSATS = (
    "AgELZmV3c2F0cy5jb20CQgAAFyX9IVFiO7h3jp9XnhSGAeLxjYX/pzN9deVFi1cWm7qfvLMofw1UpSQ0220bo4CBS4cD/dRs+0wTFffn"
    "col/fgACLGZpbGVfaWQ9YjU0ZTJmZjQtMjFhNC00MGFhLTgzMDItOGFiZTkxOWU2NzVlAAIfZXhwaXJlc19hdD0yMDI0LTA1LTI1VDA5"
    "OjQ0OjA1WgAABiDABKr4tgJcADmhUXaRzd45uEqEvWYp9yjVY4AptCbkTQ=="
)
FEWSATS_PREIMAGE = "17ed7e456f217376052487753041f354eb18f85980dd69d904299e3f3ef2519d"
# sats4ai as captured in July 2026: V1, an identifier of 66 bytes that is words and NUL bytes.
SATS4AI = (
    "MDAxOWxvY2F0aW9uIHByb2JlLzAvMC8wCjAwNTJpZGVudGlmaWVyIAAAaWQ2NDQxODhpZAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAowMDI4Y2lkIHRpbWUgPCAyMDI2LTA3LTI5VDA1OjUxOjUzLjA4OVoKMDAxMGNpZCBr"
    "aWQgPSAxCjAwMWFjaWQgbG9jID0gcHJvYmUvMC8wLzAKMDAyZnNpZ25hdHVyZSBi5nGreNPOyjysWUyGnVtu3MXHGLXNAvFsIveK4vBk"
    "rwo="
)


def gob_uint(number: int) -> bytes:
    """An unsigned integer of Go's encoding/gob."""
    if number < 0x80:
        return bytes((number,))
    digits = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes((256 - len(digits),)) + digits


def _message(body: bytes) -> bytes:
    return gob_uint(len(body)) + body


def _text(word: bytes) -> bytes:
    return gob_uint(len(word)) + word


def gob(version: int, payment_hash: bytes, token_id: bytes) -> bytes:
    """struct MacaroonIdentifier {Version uint16; PaymentHash Hash; TokenId [32]byte} as Go encodes it."""
    field = b"\x01%s\x01%s\x00"  # name (1), type id (1), end of the field
    fields = b"".join(
        field % (_text(name), kind)
        for name, kind in ((b"Version", b"\x06"), (b"PaymentHash", b"\xff\x84"), (b"TokenId", b"\xff\x86"))
    )
    struct = b"\xff\x81\x03\x01\x01" + _text(b"MacaroonIdentifier") + b"\x01\xff\x82\x00\x01\x03" + fields + b"\0\0"
    hash_type = b"\xff\x83\x01\x01\x01" + _text(b"Hash") + b"\x01\xff\x84\x00\x01\x06\x01\x40\x00\x00"
    id_type = b"\xff\x85\x01\x01\x01" + _text(b"[32]uint8") + b"\x01\xff\x86\x00\x01\x06\x01\x40\x00\x00"
    value, step = b"\xff\x82", 1
    for item in (version, payment_hash, token_id):
        if isinstance(item, int):
            part = gob_uint(item) if item else b""
        else:
            part = gob_uint(len(item)) + b"".join(map(gob_uint, item)) if any(item) else b""
        value += gob_uint(step) + part if part else b""
        step = 1 if part else step + 1
    return b"".join(map(_message, (struct, hash_type, id_type, value + b"\0")))


IDENTIFIERS: dict[str, bytes] = {
    "v0": V0,
    "v0-hex": V0.hex().encode(),
    "hash": PAYMENT_HASH,
    "hash-hex": PAYMENT_HASH.hex().encode(),
    "hash-tagged": b"\xff" + PAYMENT_HASH,
    "gob": gob(0, PAYMENT_HASH, TOKEN_ID),
    "text": b"\0\0id644188id".ljust(66, b"\0"),
    "unknown": b"\x01\x02\x03\xfe",
}


def mint(identifier: bytes, *, location: str = "lsat", caveats: Sequence[str] = (), version: int = 2) -> Any:
    macaroon = pymacaroons.Macaroon(location=location, identifier=identifier, key=ROOT_KEY, version=version)
    for caveat in caveats:
        macaroon.add_first_party_caveat(caveat)
    return macaroon


def raw_of(macaroon: Any) -> bytes:
    """The binary form as pymacaroons writes it."""
    text = macaroon.serialize()
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def standard(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def chain(identifier: bytes, caveats: Sequence[bytes]) -> bytes:
    """The signature as the paper defines it, without any macaroon library."""
    signature = hmac.new(b"macaroons-key-generator".ljust(32, b"\0"), ROOT_KEY, hashlib.sha256).digest()
    signature = hmac.new(signature, identifier, hashlib.sha256).digest()
    for caveat in caveats:
        signature = hmac.new(signature, caveat, hashlib.sha256).digest()
    return signature


def packet(name: str, data: bytes) -> bytes:
    return f"{4 + len(name) + 1 + len(data) + 1:04x}{name} ".encode() + data + b"\n"


def v1(identifier: bytes, caveats: Sequence[bytes] = (), location: bytes = b"here") -> bytes:
    """V1 by hand: pymacaroons cannot write one whose identifier is no UTF-8."""
    body = packet("location", location) + packet("identifier", identifier)
    body += b"".join(packet("cid", caveat) for caveat in caveats)
    return body + packet("signature", chain(identifier, caveats))


def v2(identifier: bytes, caveats: Sequence[bytes] = (), location: bytes = b"") -> bytes:
    """V2 by hand, without a location unless one is given: pymacaroons always writes the field."""

    def field(kind: int, data: bytes) -> bytes:
        length = len(data)
        return bytes((kind, length)) + data if length < 128 else bytes((kind, length & 127 | 128, length >> 7)) + data

    head = b"\x02" + (field(1, location) if location else b"") + field(2, identifier) + b"\0"
    body = b"".join(field(2, caveat) + b"\0" for caveat in caveats)
    return head + body + b"\0" + field(6, chain(identifier, caveats))


def complaint(call: Callable[[], object]) -> str:
    """What the call complains about, or nothing; any other error than MacaroonError comes through."""
    try:
        call()
    except MacaroonError as error:
        return str(error)
    return ""
