"""Macaroons as lnd bakes them: V2, with macaroon-bakery's protobuf of what they may do as their identifier."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

LEAST = (
    "uri:/routerrpc.Router/SendPaymentV2",
    "uri:/routerrpc.Router/TrackPaymentV2",
    "uri:/lnrpc.Lightning/GetInfo",
    "uri:/lnrpc.Lightning/ChannelBalance",
)
_ENTITIES = ("address", "info", "invoices", "macaroon", "message", "offchain", "onchain", "peers")
READ_ONLY = tuple(f"{entity}:read" for entity in _ENTITIES)
INVOICE = ("address:read", "address:write", "invoices:read", "invoices:write", "onchain:read")
# An admin macaroon of lnd 0.14 to 0.21 byte by byte, its nonce and its signature blotted out.
ADMIN = (
    "0201036c6e6402f801030a10"
    + "a5" * 16
    + "1201301a160a0761646472657373120472656164120577726974651a130a04696e666f120472656164120577726974651a170a08"
    "696e766f69636573120472656164120577726974651a210a086d616361726f6f6e120867656e6572617465120472656164120577"
    "726974651a160a076d657373616765120472656164120577726974651a170a086f6666636861696e120472656164120577726974"
    "651a160a076f6e636861696e120472656164120577726974651a140a057065657273120472656164120577726974651a180a0673"
    "69676e6572120867656e657261746512047265616400000620" + "5e" * 32
)


def varint(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes((*groups, number))


def field(number: int, value: bytes) -> bytes:
    """A protobuf field of bytes."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def identifier(operations: Iterable[str], nonce: bytes | None = None) -> bytes:
    """What ``lncli bakemacaroon`` makes of operations like ``offchain:read`` and ``uri:/lnrpc.Lightning/GetInfo``."""
    actions: dict[str, list[str]] = {}
    for operation in sorted(operations):
        entity, _, action = operation.partition(":")
        actions.setdefault(entity, []).append(action)
    parts = [field(1, secrets.token_bytes(16) if nonce is None else nonce), field(2, b"0")]
    for entity, of_it in actions.items():
        parts.append(field(3, field(1, entity.encode()) + b"".join(field(2, action.encode()) for action in of_it)))
    return b"\x03" + b"".join(parts)


def macaroon_of(raw: bytes, caveats: Sequence[str] = (), signature: bytes = b"\x5e" * 32) -> str:
    """A V2 macaroon with this identifier, in hexadecimal."""
    told = b"\x02" + _packet(1, b"lnd") + _packet(2, raw) + b"\0"
    for caveat in caveats:
        told += _packet(2, caveat.encode()) + b"\0"
    return (told + b"\0" + _packet(6, signature)).hex()


def bake(*operations: str, caveats: Sequence[str] = ()) -> str:
    """A macaroon that may do these, in hexadecimal."""
    return macaroon_of(identifier(operations), caveats, secrets.token_bytes(32))


def _packet(kind: int, value: bytes) -> bytes:
    return varint(kind) + varint(len(value)) + value
