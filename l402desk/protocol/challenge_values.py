"""What one answer demands, as values: its challenges, and notes about what could not be used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from l402desk.protocol.offers import Offer

MOST_CHALLENGES = 8
"""Schemes read from one answer; the rest is ignored, and a note says so."""
MOST_CHALLENGE_CHARACTERS = 16 * 1024
"""Characters of one challenge; a longer one is ignored, and a note says so."""
MOST_NOTES = 16
"""Notes kept about one answer: enough to see what is wrong, however long a hostile one goes on."""
MOST_HEADER_CHARACTERS = MOST_CHALLENGES * MOST_CHALLENGE_CHARACTERS


@dataclass(frozen=True, slots=True)
class Challenge:
    """An invoice and the token that its payment activates, as the server sent them; nothing is verified yet.

    ``scheme`` is spelled as sent; ``raw`` is the text of this challenge alone; ``source`` is ``header`` or
    ``body``; ``credential`` goes back verbatim. ``parameters`` have lower-case names, in the order sent;
    ``duplicates`` names those sent more than once, of which the first counts (so nobody on the way can override
    a value by adding one).
    """

    scheme: str
    raw: str = field(repr=False)
    source: str
    version: str | None
    credential_name: str
    credential: str = field(repr=False)
    invoice: str
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the answer that was not used: a stable code and a sentence that is safe to show."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Demand:
    """An answer's challenges in the order sent, its offers (payable ones first), and what was left out."""

    status: int
    challenges: tuple[Challenge, ...] = ()
    offers: tuple[Offer, ...] = ()
    notes: tuple[Note, ...] = ()
