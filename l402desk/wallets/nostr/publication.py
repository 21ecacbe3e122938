"""One event on its way to several relays, and what each of them says of it."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.protocol.text import visible
from l402desk.wallets.nostr.event import Event

_HAS_IT = "duplicate:"
MOST_SAID = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A relay did not take an event. ``message`` is its own text, cut and made safe to look at; it may be empty."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Published:
    """What the relays said of an event by now. ``unanswered`` got it, or may have, and said nothing yet.

    A refusal proves nothing: who refuses an event has read it, and may have passed it on.
    """

    accepted: tuple[str, ...]
    refused: tuple[Refusal, ...]
    unanswered: tuple[str, ...]

    @property
    def is_accepted(self) -> bool:
        return bool(self.accepted)


class Publication:
    """An event and where it stands. A relay that it was handed to for sending may still not have been sent it."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.expected: set[str] = set()
        self.sent: set[str] = set()
        self._accepted: dict[str, None] = {}
        self._refused: dict[str, str] = {}
        self._lost: set[str] = set()

    @property
    def is_accepted(self) -> bool:
        return bool(self._accepted)

    @property
    def is_over(self) -> bool:
        """Has everybody answered who still can?"""
        return self.expected <= self._accepted.keys() | self._refused.keys() | self._lost

    @property
    def was_sent_nowhere(self) -> bool:
        """Is it certain that no byte of it left?"""
        return not self.sent and self.expected <= self._lost

    def answer(self, place: str, is_taken: bool, message: str) -> None:
        """A relay said OK, true or false. One that refuses what it has already does have it."""
        if is_taken or message.startswith(_HAS_IT):
            self._refused.pop(place, None)
            self._accepted[place] = None
        else:
            self._refused[place] = visible(message, MOST_SAID)

    def lose(self, place: str) -> None:
        """The connection ended before an answer."""
        if place not in self._accepted and place not in self._refused:
            self._lost.add(place)

    def published(self) -> Published:
        said = self._accepted.keys() | self._refused.keys()
        return Published(
            tuple(self._accepted),
            tuple(Refusal(place, message) for place, message in self._refused.items()),
            tuple(sorted(self.expected - said - (self._lost - self.sent))),
        )
