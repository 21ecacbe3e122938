"""The binary serialisations of a macaroon, V1 packets and V2, taken apart without trust.

The layouts are those of libmacaroons' format.txt and of Go's macaroon.v2; the L402 specification lists other
V2 tags, which nobody uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from l402desk.protocol.errors import MacaroonError

MOST_CAVEATS = 1_000

_END, _LOCATION, _IDENTIFIER, _VERIFICATION, _SIGNATURE = 0, 1, 2, 4, 6
_V1_PACKET = re.compile(rb"([0-9a-fA-F]{4})([a-z]{1,16}) ")
_V1_ROUND = {b"cid": 0, b"vid": 1, b"cl": 2}


@dataclass(frozen=True, slots=True)
class Condition:
    """One caveat as it stands: its text or id, and for a third party's its location and verification id."""

    raw: bytes
    location: bytes = b""
    verification_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A macaroon taken apart. ``tail`` is where the bytes after the last caveat begin (0 in JSON)."""

    format: str
    location: bytes
    identifier: bytes
    conditions: tuple[Condition, ...]
    signature: bytes
    tail: int = 0


def looks_like(raw: bytes) -> str | None:
    """``v2`` or ``v1`` where the first bytes are those of such a macaroon, else None."""
    if raw[:2] in {b"\x02\x01", b"\x02\x02"}:
        return "v2"
    packet = _V1_PACKET.match(raw)
    return "v1" if packet and packet[2] in {b"location", b"identifier"} else None


def read_v2(raw: bytes) -> Parts:
    """The V2 binary format. Raises MacaroonError, trailing bytes included."""
    location, identifier, verification, at = _section(raw, 1)
    if identifier is None or verification is not None:
        raise MacaroonError("This macaroon has no identifier where one belongs", "byte 2")
    conditions: list[Condition] = []
    while True:
        tail = at
        place, text, verification, at = _section(raw, at)
        if text is None:
            if place is not None or verification is not None:
                raise MacaroonError("A caveat of this macaroon has no text", f"byte {tail + 1}")
            break
        if place and verification is None:
            raise MacaroonError("A caveat of this macaroon names a place but no third party", f"byte {tail + 1}")
        if len(conditions) == MOST_CAVEATS:
            raise MacaroonError(f"This macaroon has more than {MOST_CAVEATS} caveats")
        conditions.append(Condition(text, place or b"", verification))
    kind, start, end = _packet(raw, at)
    if kind != _SIGNATURE or end - start != 32:
        raise MacaroonError("This macaroon does not end in a signature of 32 bytes", f"byte {at + 1}")
    _refuse_trailing(raw, end)
    return Parts("v2", location or b"", identifier, tuple(conditions), raw[start:end], tail)


def _section(raw: bytes, at: int) -> tuple[bytes | None, bytes | None, bytes | None, int]:
    """Location, identifier and verification id up to the end mark, and where the next section begins."""
    location = identifier = verification = None
    last = _END
    while True:
        kind, start, end = _packet(raw, at)
        if kind == _END:
            return location, identifier, verification, end
        if kind <= last:
            raise MacaroonError("The fields of this macaroon are out of order", f"byte {at + 1}")
        if kind == _LOCATION:
            location = raw[start:end]
        elif kind == _IDENTIFIER:
            identifier = raw[start:end]
        elif kind == _VERIFICATION:
            verification = raw[start:end]
        else:
            raise MacaroonError(f"This macaroon has a field of the unknown kind {kind}", f"byte {at + 1}")
        last, at = kind, end


def _packet(raw: bytes, at: int) -> tuple[int, int, int]:
    """Kind, and where the data begins and ends: varint kind, varint length, data. The end mark is just 0."""
    kind, start = _varint(raw, at)
    if kind == _END:
        return kind, start, start
    length, start = _varint(raw, start)
    if start + length > len(raw):
        raise MacaroonError("This macaroon is cut off", f"byte {len(raw) + 1}")
    return kind, start, start + length


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 35, 7):  # five digits reach beyond any size that is read
        if at >= len(raw):
            raise MacaroonError("This macaroon is cut off", f"byte {len(raw) + 1}")
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise MacaroonError("A field of this macaroon has an absurd length", f"byte {at + 1}")


def _refuse_trailing(raw: bytes, end: int) -> None:
    # Other readers ignore what follows. Two that disagree about where a token ends can be played off.
    if end != len(raw):
        raise MacaroonError(f"{len(raw) - end} bytes follow the signature of this macaroon", f"byte {end + 1}")


def read_v1(raw: bytes) -> Parts:
    """The V1 packet format: ``<4 hex digits length><name> <data>\\n``. Raises MacaroonError."""
    name, value, at = _v1_packet(raw, 0)
    location = b""
    if name == b"location":
        location = value
        name, value, at = _v1_packet(raw, at)
    if name != b"identifier":
        raise MacaroonError("This macaroon has no identifier where one belongs", f"byte {at + 1}")
    identifier = value
    caveats: list[list[bytes]] = []
    while True:
        tail = at
        name, value, at = _v1_packet(raw, at)
        if name == b"signature":
            break
        place = _V1_ROUND.get(name)
        if place == 0 and len(caveats) < MOST_CAVEATS:
            caveats.append([value])
        elif place and caveats and len(caveats[-1]) == place:
            caveats[-1].append(value)
        else:
            raise MacaroonError("A field of this macaroon is not where it belongs", f"byte {tail + 1}")
    if len(value) != 32:
        raise MacaroonError("The signature of this macaroon does not have 32 bytes", f"byte {tail + 1}")
    _refuse_trailing(raw, at)
    return Parts("v1", location, identifier, tuple(map(_v1_condition, caveats)), value, tail)


def _v1_condition(fields: list[bytes]) -> Condition:
    text, verification, location = (*fields, None, None)[:3]
    assert text is not None
    return Condition(text, location or b"", verification)


def _v1_packet(raw: bytes, at: int) -> tuple[bytes, bytes, int]:
    head = _V1_PACKET.match(raw, at)
    if head is None:
        what = "This macaroon is cut off" if at >= len(raw) else "A field of this macaroon is not readable"
        raise MacaroonError(what, f"byte {at + 1}")
    end = at + int(head[1], 16)
    if end > len(raw):
        raise MacaroonError("This macaroon is cut off", f"byte {len(raw) + 1}")
    if end <= head.end() or raw[end - 1] != 0x0A:
        raise MacaroonError("A field of this macaroon does not end where it says", f"byte {at + 1}")
    return head[2], raw[head.end() : end - 1], end
