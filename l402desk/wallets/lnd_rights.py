"""What an LND macaroon may do, read from its identifier (lnd's macaroons/README.md; macaroon-bakery's id.proto)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.instants import read_instant
from l402desk.protocol.macaroon import Macaroon, read_token

VERSION = 3
"""What the identifier of every macaroon that lnd accepts begins with."""
MOST_OPERATIONS = 1_000
_OPERATIONS, _ENTITY, _ACTION = 3, 1, 2
_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5

Operation = tuple[str, str]
"""An entity and an action upon it, like ("offchain", "write"); or "uri" and one method."""
SEND: Operation = ("uri", "/routerrpc.Router/SendPaymentV2")
TRACK: Operation = ("uri", "/routerrpc.Router/TrackPaymentV2")
INFO: Operation = ("uri", "/lnrpc.Lightning/GetInfo")
BALANCE: Operation = ("uri", "/lnrpc.Lightning/ChannelBalance")
NEEDED = (SEND, TRACK, INFO, BALANCE)
BAKE = "lncli bakemacaroon " + " ".join(f"{entity}:{action}" for entity, action in NEEDED)
"""The command that makes a macaroon which can do what this app asks of it, and nothing else."""

_WIDE: dict[Operation, Operation] = {
    SEND: ("offchain", "write"),
    TRACK: ("offchain", "read"),
    INFO: ("info", "read"),
    BALANCE: ("offchain", "read"),
}
_EVERYTHING = frozenset({("offchain", "write"), ("onchain", "write")})
# The least first.
_FURTHER: dict[Operation, str] = {
    ("info", "read"): "read what it knows of the network",
    ("offchain", "read"): "read its channels and all its payments",
    ("peers", "read"): "list its peers",
    ("invoices", "read"): "read its invoices",
    ("message", "read"): "check signatures",
    ("onchain", "read"): "read its on-chain transactions",
    ("address", "read"): "list its addresses",
    ("address", "write"): "make addresses",
    ("invoices", "write"): "make invoices",
    ("message", "write"): "sign messages as the node",
    ("peers", "write"): "connect to peers",
    ("info", "write"): "stop the node",
    ("signer", "read"): "check its signatures",
    ("signer", "generate"): "sign with the node's keys",
    ("offchain", "write"): "manage its channels",
    ("onchain", "write"): "spend on-chain coins",
    ("macaroon", "read"): "list macaroons",
    ("macaroon", "write"): "revoke macaroons",
    ("macaroon", "generate"): "make macaroons that can do everything",
}


@dataclass(frozen=True, slots=True)
class Rights:
    """``granted`` is None where the macaroon does not say: then it is taken for one that may do anything.

    ``expires_at`` is in unix seconds, None where no caveat says so; ``only_from`` the address it is locked to.
    """

    granted: frozenset[Operation] | None
    expires_at: int | None = None
    only_from: str = ""

    def allow(self, operation: Operation) -> bool:
        """May this method be called?"""
        return self.granted is None or operation in self.granted or _WIDE.get(operation) in self.granted

    @property
    def are_everything(self) -> bool:
        """The admin macaroon, or one as good as that."""
        return self.granted is not None and self.granted >= _EVERYTHING

    @property
    def are_least(self) -> bool:
        """Nothing but what this app asks for."""
        return self.granted is not None and self.granted <= set(NEEDED)

    @property
    def further(self) -> tuple[str, ...]:
        """What it may do beyond what this app asks for, the least first."""
        granted = self.granted or frozenset()
        wide = {operation for operation in granted if operation[0] != "uri"}
        words = [said for operation, said in _FURTHER.items() if operation in wide]
        if wide - set(_FURTHER):
            words.append("do what this app has no words for")
        methods = len(granted - wide - set(NEEDED))
        if methods:
            words.append(f"call {methods} more method{'' if methods == 1 else 's'} of LND")
        return tuple(words)

    @property
    def powers(self) -> tuple[str, ...]:
        """What it may do, each beginning with a verb, the least first."""
        if self.granted is None:
            return ()
        words = [
            said
            for operation, said in (
                (INFO, "tell which node this is"),
                (TRACK, "look payments up"),
                (BALANCE, "tell its balance"),
                (SEND, "pay"),
            )
            if self.allow(operation)
        ]
        if self.are_everything:
            return (*words, "do everything else that this node can")
        if words and self.are_least:
            return (*words, "do nothing else")
        return (*words, *self.further)


def read_rights(macaroon: str) -> Rights:
    """The rights of a macaroon in hexadecimal. Never raises: what cannot be read says nothing."""
    try:
        read = read_token(macaroon)
    except MacaroonError:
        return Rights(None)
    if not isinstance(read, Macaroon):
        return Rights(None)
    expiries, addresses = [], []
    for caveat in read.caveats:
        condition, _, value = caveat.text.partition(" ")
        if condition == "time-before":
            expiries.append(read_instant(value))
        elif condition == "ipaddr":
            addresses.append(value)
    said = [instant for instant in expiries if instant is not None]
    return Rights(_operations(read.identifier.raw), min(said, default=None), addresses[0] if addresses else "")


def _operations(identifier: bytes) -> frozenset[Operation] | None:
    """The operations of macaroon-bakery's ``MacaroonId``; None for what is none."""
    if not identifier or identifier[0] != VERSION:
        return None
    found: set[Operation] = set()
    try:
        for number, value in _fields(identifier[1:]):
            if number != _OPERATIONS:
                continue
            parts = [(inner, text.decode("utf-8")) for inner, text in _fields(value)]
            entities = [text for inner, text in parts if inner == _ENTITY]
            found.update((entities[-1], text) for inner, text in parts if inner == _ACTION and entities)
            if len(found) > MOST_OPERATIONS:
                return None
    except ValueError:  # UnicodeDecodeError is one
        return None
    return frozenset(found)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of a protobuf message by number, those of bytes alone. Raises ValueError."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind, number = tag & 7, tag >> 3
        if kind == _VARINT:
            _, at = _varint(message, at)
            continue
        if kind == _BYTES:
            length, at = _varint(message, at)
        elif kind in (_FIXED_64, _FIXED_32):
            length = 8 if kind == _FIXED_64 else 4
        else:
            raise ValueError("not a kind of field")
        if at + length > len(message):
            raise ValueError("cut off")
        if kind == _BYTES:
            yield number, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """A number and where the next thing begins. Raises ValueError."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        value |= (message[at] & 127) << shift
        at += 1
        if message[at - 1] < 128:
            return value, at
    raise ValueError("not a number")
