"""Macaroons written, to hand one on: the bytes of the original, and one more caveat behind them."""

from __future__ import annotations

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon_formats import Condition, Parts

MOST_V1_PACKET = 0xFFFF


def with_caveat(raw: bytes, parts: Parts, caveat: bytes, signature: bytes) -> bytes:
    """The macaroon ``raw``, of which ``parts`` were read, with one more first-party caveat and its signature.

    What came from JSON is written in the binary form of the same version. Raises MacaroonError.
    """
    first_version = parts.format.startswith("v1")
    added = Condition(caveat)
    if first_version:
        start = raw[: parts.tail] or _start_v1(parts)
        return start + _condition_v1(added) + _packet_v1(b"signature", signature)
    start = raw[: parts.tail] or _start_v2(parts)
    return start + _condition_v2(added) + b"\0" + _packet_v2(6, signature)


def _start_v2(parts: Parts) -> bytes:
    location = _packet_v2(1, parts.location) if parts.location else b""
    head = b"\x02" + location + _packet_v2(2, parts.identifier) + b"\0"
    return head + b"".join(map(_condition_v2, parts.conditions))


def _condition_v2(condition: Condition) -> bytes:
    location = _packet_v2(1, condition.location) if condition.location else b""
    proof = b"" if condition.verification_id is None else _packet_v2(4, condition.verification_id)
    return location + _packet_v2(2, condition.raw) + proof + b"\0"


def _packet_v2(kind: int, data: bytes) -> bytes:
    length = bytearray()
    left = len(data)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    length.append(left)
    return bytes((kind,)) + bytes(length) + data


def _start_v1(parts: Parts) -> bytes:
    head = _packet_v1(b"location", parts.location) + _packet_v1(b"identifier", parts.identifier)
    return head + b"".join(map(_condition_v1, parts.conditions))


def _condition_v1(condition: Condition) -> bytes:
    packets = _packet_v1(b"cid", condition.raw)
    if condition.verification_id is not None:
        packets += _packet_v1(b"vid", condition.verification_id) + _packet_v1(b"cl", condition.location)
    return packets


def _packet_v1(name: bytes, data: bytes) -> bytes:
    size = 4 + len(name) + 1 + len(data) + 1
    if size > MOST_V1_PACKET:
        raise MacaroonError("This macaroon does not fit into the format it would have to be written in")
    return f"{size:04x}".encode("ascii") + name + b" " + data + b"\n"
