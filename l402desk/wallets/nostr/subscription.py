"""What a session asked its relays for: each event that was wanted is delivered once, whoever sends it how often."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.wallets.nostr.errors import BadEvent
from l402desk.wallets.nostr.event import Event
from l402desk.wallets.nostr.filters import Filter, check, matches

MOST_REMEMBERED = 4_096
"""Ids of events that were delivered. Older ones are forgotten: who receives events knows its own requests."""


class Subscription:
    """One filter at all relays of a session, until it is closed.

    ``heard`` are the relays that have sent all they had stored and now send what comes; ``refused`` those that will
    not, with what they say of it (foreign text). Both are of the connections that are open now.
    """

    def __init__(
        self,
        asked: Filter,
        deliver: Callable[[Event], None],
        on_close: Callable[[Subscription], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        check(asked)
        self.id = secrets.token_hex(8)  # says nothing, and is new each time: no relay can guess it
        self.asked: Mapping[str, Any] = dict(asked)
        self.heard: set[str] = set()
        self.refused: dict[str, str] = {}
        self._deliver = deliver
        self._on_close = on_close
        self._clock = clock
        self._known: dict[str, None] = {}

    def offer(self, value: object) -> bool:
        """What a relay sends for this subscription. Is it an event that was asked for, and is it new?"""
        claimed = value.get("id") if isinstance(value, Mapping) else None
        if isinstance(claimed, str) and claimed in self._known:
            return False
        try:
            event = Event.read(value)
        except BadEvent:
            return False
        if not matches(self.asked, event, self._clock()):
            return False
        self._remember(event.id)  # only now: a forged event must not hide the real one of this id
        self._deliver(event)
        return True

    def is_answered_by(self, place: str) -> bool:
        return place in self.heard or place in self.refused

    def leave(self, place: str) -> None:
        """The connection to this relay has ended, and with it what it said of this subscription."""
        self.heard.discard(place)
        self.refused.pop(place, None)

    def close(self) -> None:
        """Nothing more is delivered, and the relays are told so. To close it again does nothing."""
        self._on_close(self)

    def _remember(self, event_id: str) -> None:
        self._known[event_id] = None
        if len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]
