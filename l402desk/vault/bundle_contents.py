"""What a sealed export holds: tokens with all that is known of them, and those that wait for a proof, as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.token import Token
from l402desk.vault.awaiting import PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.foreign.entries import ImportRefused
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import NewToken, TokenState


@dataclass(frozen=True, slots=True)
class Contents:
    """What went into the file, and what comes out of it. ``made_at`` is unix seconds."""

    made_at: int
    tokens: tuple[Carried, ...] = ()
    pending: tuple[PendingToken, ...] = ()


def pack(contents: Contents) -> bytes:
    """The plain bytes that are sealed."""
    value = {
        "made_at": contents.made_at,
        "tokens": [_packed(carried) for carried in contents.tokens],
        "pending": [_packed_pending(pending) for pending in contents.pending],
    }
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def unpack(plain: bytes) -> Contents:
    """Read what was sealed: by this app, but perhaps by somebody else's copy of it. Raises ImportRefused."""
    try:
        value = json.loads(plain)
        return Contents(
            int(value["made_at"]),
            tuple(_unpacked(item) for item in value["tokens"]),
            tuple(_unpacked_pending(item) for item in value["pending"]),
        )
    except (ProtocolError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ImportRefused("What is in this sealed export cannot be read.", "Take another copy of it.") from error


def _packed(carried: Carried) -> dict[str, Any]:
    new, token = carried.token, carried.token.token
    return {
        "scheme": token.scheme,
        "credential": token.credential,
        "preimage": token.preimage.hex,
        **_place(new.origin, new.path, new.reach),
        "method": new.method,
        "title": new.title,
        "note": carried.note,
        "source": new.source,
        "price_msat": None if new.price is None else new.price.value,
        "bought_at": new.bought_at,
        "state": str(new.state),
        "trashed": carried.is_trashed,
        "uses": carried.uses,
        "last_used_at": carried.last_used_at,
        "last_status": carried.last_status,
    }


def _unpacked(item: dict[str, Any]) -> Carried:
    new = NewToken(
        token=Token(_text(item, "scheme"), _text(item, "credential"), Preimage.from_hex(_text(item, "preimage"))),
        origin=_origin(item),
        path=_text(item, "path"),
        method=None if item["method"] is None else _text(item, "method"),
        reach=Reach(item["reach"]),
        title=_text(item, "title"),
        price=_price(item),
        bought_at=_number(item, "bought_at"),
        state=TokenState(item["state"]),
        source=_text(item, "source"),
    )
    _ = new.scope  # ValueError for a path that no URL has
    uses = _number(item, "uses") or 0
    used_at, status = _number(item, "last_used_at"), _number(item, "last_status")
    return Carried(new, _text(item, "note"), uses, used_at, status, item["trashed"] is True)


def _packed_pending(pending: PendingToken) -> dict[str, Any]:
    return {
        "scheme": pending.scheme,
        "credential": pending.credential,
        "payment_hash": pending.payment_hash.hex,
        **_place(pending.origin, pending.path, pending.reach),
        "title": pending.title,
        "note": pending.note,
        "source": pending.source,
        "price_msat": None if pending.price is None else pending.price.value,
        "created_at": pending.created_at,
    }


def _unpacked_pending(item: dict[str, Any]) -> PendingToken:
    return PendingToken(
        _text(item, "scheme"),
        _text(item, "credential"),
        PaymentHash.from_hex(_text(item, "payment_hash")),
        _origin(item),
        _text(item, "path"),
        Reach(item["reach"]),
        _text(item, "source"),
        title=_text(item, "title"),
        note=_text(item, "note"),
        price=_price(item),
        created_at=_number(item, "created_at"),
    )


def _place(origin: Origin, path: str, reach: Reach) -> dict[str, str]:
    return {"origin": str(origin), "path": path, "reach": str(reach)}


def _origin(item: dict[str, Any]) -> Origin:
    """Law 8 holds for a file too: a token that may not travel to its origin is none of ours."""
    origin = Origin.of(_text(item, "origin"))
    if not origin.is_private_enough:
        raise ValueError("plain http")
    return origin


def _text(item: dict[str, Any], name: str) -> str:
    value = item[name]
    if not isinstance(value, str):
        raise TypeError(name)
    value.encode("utf-8")  # UnicodeEncodeError for what no column of the vault can hold
    return value


def _number(item: dict[str, Any], name: str) -> int | None:
    value = item[name]
    if value is not None and (type(value) is not int or not 0 <= value < 2**62):
        raise ValueError(name)
    return value


def _price(item: dict[str, Any]) -> Msat | None:
    value = _number(item, "price_msat")
    return None if value is None else Msat(value)
