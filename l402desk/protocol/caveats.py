"""Caveats in plain words: what each condition of a token allows, and until when (facts: l402.md 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from l402desk.protocol.caveat_words import WORDS, WORDS_BY_ENDING, Said
from l402desk.protocol.macaroon import Caveat, Macaroon, OpaqueToken
from l402desk.protocol.text import visible

MOST_READ = 4_096

_COMPARATOR = re.compile(r"[<>=]=?")
_PREIMAGE_VALUE = re.compile(r"preimage\W{0,8}[0-9a-f]{16}", re.IGNORECASE)
_HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A caveat explained. Everything but ``raw`` is cleaned for display and holds no preimage.

    ``condition`` and ``value`` are the two sides of its comparison, None where it is no comparison.
    ``expires_at`` is unix seconds, for a caveat that ends the token's life at a time that can be read.
    """

    raw: str = field(repr=False)
    condition: str | None
    value: str | None
    meaning: str
    expires_at: int | None = None


def explain(raw: str) -> Meaning:
    """Say what a first-party caveat means. Never raises; what is not known is shown as it is."""
    text = raw[:MOST_READ]
    comparator = _COMPARATOR.search(text)
    name = text[: comparator.start()].strip() if comparator else text.strip()
    if "preimage" in name.lower():  # appended by some clients; half of a bearer secret, so it is never shown
        return Meaning(raw, "preimage", _HIDDEN, "carries the proof of payment, which is not shown here")
    if _PREIMAGE_VALUE.search(text):
        return Meaning(raw, visible(name, 100), _HIDDEN, "mentions a proof of payment, which is not shown here")
    if comparator is None:
        return Meaning(raw, None, None, _unknown(raw))
    value = text[comparator.end() :].strip()
    said = _say(name, comparator[0], value)
    words = _unknown(raw) if said is None else said.words
    return Meaning(raw, visible(name, 100), visible(value), words, said.expires_at if said else None)


def _unknown(raw: str) -> str:
    return f"not a condition this app knows: {visible(raw.strip())}"


def _say(name: str, comparator: str, value: str) -> Said | None:
    say = WORDS.get(name.replace("_", "").replace("-", "").lower())
    if say is not None:
        return say(comparator, value)
    for ending, say_of in WORDS_BY_ENDING:
        found = ending.fullmatch(name)
        if found:
            return say_of(found, comparator, value)
    return None


def meaning_of(caveat: Caveat) -> Meaning:
    """Like ``explain``, for a caveat that may be a third party's."""
    if not caveat.is_third_party:
        return explain(caveat.text)
    place = visible(caveat.location, 200) or "a place it does not name"
    return Meaning(caveat.text, None, None, f"needs a second token (a discharge) from {place}; this app cannot get it")


def earliest_expiry(token: Macaroon | OpaqueToken) -> int | None:
    """Unix seconds of the first moment at which a condition of the token ends, None where none is known."""
    if isinstance(token, OpaqueToken):
        return token.expires_at
    return min(_expiries(token.caveats), default=None)


def _expiries(caveats: Iterable[Caveat]) -> Iterable[int]:
    for caveat in caveats:
        expires_at = meaning_of(caveat).expires_at
        if expires_at is not None:
            yield expires_at
