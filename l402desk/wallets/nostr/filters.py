"""What was asked of a relay (NIP-01's filters), held against what it sends: a hostile one sends anything."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from l402desk.wallets.nostr.event import Event

Filter = Mapping[str, Any]
"""As it goes to the relay: ``ids``, ``authors``, ``kinds``, ``#x`` (lists), ``since``, ``until``, ``limit``."""

AHEAD_S = 3_600
"""How far an author's clock may be ahead of ours where ``since`` says that times matter."""
_LISTS = re.compile(r"ids|authors|kinds|#[A-Za-z]")
_NUMBERS = ("since", "until", "limit")


def check(asked: Filter) -> None:
    """Raises ValueError for what is no filter: relays differ in what they make of one."""
    for name, wanted in asked.items():
        is_list = bool(_LISTS.fullmatch(name)) and isinstance(wanted, (list, tuple)) and bool(wanted)
        if not is_list and not (name in _NUMBERS and isinstance(wanted, int)):
            raise ValueError(f"no filter has such a {name}")


def matches(asked: Filter, event: Event, now: float) -> bool:
    """Is this an event that was asked for? ``limit`` is for what is stored and is not looked at; ``now`` in seconds."""
    return (
        _is_one(event.id, asked.get("ids"))
        and _is_one(event.pubkey, asked.get("authors"))
        and _is_one(event.kind, asked.get("kinds"))
        and event.created_at <= asked.get("until", event.created_at)
        and ("since" not in asked or asked["since"] <= event.created_at <= now + AHEAD_S)
        and all(
            not set(wanted).isdisjoint(event.values(name[1])) for name, wanted in asked.items() if name.startswith("#")
        )
    )


def _is_one(value: object, wanted: Collection[object] | None) -> bool:
    return wanted is None or value in wanted
