"""What a server demands: every L402 challenge and every other offer in one answer, from headers and body.

One parser for every dialect met (spec, LSAT, joined with other schemes, without commas or quotes, JSON
bodies). It keeps the raw text and the scheme as sent, because the credential goes back byte for byte (law 8),
and it never fails: what cannot be read becomes a ``Note`` that says what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from l402desk.protocol.challenge_body import BodyFields, fields_in, read_json
from l402desk.protocol.challenge_grammar import SchemePart, split_challenges
from l402desk.protocol.challenge_parts import challenge_of_body, challenge_of_part, invoice_in
from l402desk.protocol.challenge_values import (
    MOST_CHALLENGE_CHARACTERS,
    MOST_CHALLENGES,
    MOST_HEADER_CHARACTERS,
    MOST_NOTES,
    Challenge,
    Demand,
    Note,
)
from l402desk.protocol.offers import (
    Offer,
    broken_offer,
    cashu_offer,
    lightning_offer,
    other_scheme_offer,
    payment_hash_offer,
)
from l402desk.protocol.text import visible

__all__ = ["MOST_CHALLENGES", "MOST_CHALLENGE_CHARACTERS", "Challenge", "Demand", "Note", "read_demand"]

_LIGHTNING = frozenset({"l402", "lsat"})


def read_demand(status: int, headers: Iterable[tuple[str, str]], body: bytes = b"") -> Demand:
    """Read an answer's headers, and for a 402 its JSON body. Takes linear time and never raises."""
    reading = _Reading()
    parts: list[SchemePart] = []
    foreign: list[tuple[str, str]] = []
    for name, value in headers:
        lower = name.lower()
        if lower == "www-authenticate":
            reading.split(value, parts)
        elif lower in ("payment-required", "x-cashu"):
            foreign.append((lower, value))
    for part in parts:
        if part.scheme.lower() in _LIGHTNING:
            reading.take_lightning(part)
    document = read_json(body) if status == 402 and body else None
    for fields in islice(fields_in(document), MOST_CHALLENGES):
        reading.take_body(fields, body)
    for part in parts:
        if part.scheme.lower() not in _LIGHTNING:
            reading.take_other(part)
    if foreign or document is not None:
        reading.take_foreign(foreign[:MOST_CHALLENGES], document, body)
    offers = sorted(reading.offers, key=_unpayable) if len(reading.offers) > 1 else reading.offers
    return Demand(status, tuple(reading.challenges), tuple(offers), tuple(reading.notes))


def _unpayable(offer: Offer) -> bool:
    return not offer.payable


class _Reading:
    """What has been found in one answer so far."""

    __slots__ = ("challenges", "headers", "notes", "offers")

    def __init__(self) -> None:
        self.challenges: list[Challenge] = []
        self.offers: list[Offer] = []
        self.notes: list[Note] = []
        self.headers = 0

    def split(self, value: str, parts: list[SchemePart]) -> None:
        """Add the schemes of one WWW-Authenticate value to ``parts``, within the bounds."""
        self.headers += 1
        if len(parts) >= MOST_CHALLENGES:
            self._note_more()
            return
        if len(value) > MOST_HEADER_CHARACTERS:
            self._note("too-long", f"Header {self.headers} has {len(value)} characters and was not read.")
            return
        found = split_challenges(value, MOST_CHALLENGES - len(parts))
        if found.stray:
            shown = visible(found.stray, 40)
            self._note("stray-text", f"Header {self.headers} begins with “{shown}”, which names no scheme.")
        if found.more:
            self._note_more()
        parts += found.parts

    def take_lightning(self, part: SchemePart) -> None:
        """Keep an L402 or LSAT part as a challenge, or tell what it lacks."""
        found = challenge_of_part(part)
        if isinstance(found, Challenge):
            self._keep(found)
            return
        self._keep_note(found)
        if part.parameters or part.unclosed:
            self.offers.append(broken_offer(part.scheme.upper(), invoice_in(part), found.message, part.raw))

    def take_body(self, fields: BodyFields, body: bytes) -> None:
        """Keep what a JSON body says, unless a header has already said it."""
        known = [c for c in self.challenges if _same_invoice(c.invoice, fields.invoice)]
        if not fields.credential:
            if not known and fields.payment_hash:
                self.offers.append(payment_hash_offer(fields.invoice, _text(body)))
            elif not known:
                self._note("no-token", "The body holds an invoice, but no token that its payment activates.")
            return
        if any(c.credential in (fields.credential, fields.other_credential) for c in known):
            return
        if any(c.source == "header" for c in self.challenges):
            self._note("body-differs", "The body names another invoice or token than the header.")
        if len(self.challenges) >= MOST_CHALLENGES:
            self._note_more()
            return
        found = challenge_of_body(fields, _text(body))
        if isinstance(found, Challenge):
            self._keep(found)
            return
        self._keep_note(found)
        self.offers.append(broken_offer("L402", fields.invoice, found.message, _text(body)))

    def take_other(self, part: SchemePart) -> None:
        """Keep any scheme but L402 and LSAT as an offer that this app does not pay."""
        if part.scheme.lower() == "payment":
            from l402desk.protocol.offers_payment import payment_offer  # noqa: PLC0415 - rare

            self.offers.append(payment_offer(part, bool(self.challenges)))
        else:
            self.offers.append(other_scheme_offer(part))

    def take_foreign(self, headers: list[tuple[str, str]], document: object, body: bytes) -> None:
        """Keep the offers of other protocols: x402, Cashu, Fewsats."""
        from l402desk.protocol.offers_json import offers_in_header, offers_in_json  # noqa: PLC0415 - rare

        in_header = False
        for name, value in headers:
            if name == "x-cashu":
                self.offers.append(cashu_offer(value))
            else:
                found = offers_in_header(value)
                in_header = in_header or bool(found)
                self.offers += found
                if not found:
                    self._note("unreadable-header", "The PAYMENT-REQUIRED header (x402) cannot be read.")
        if isinstance(document, Mapping) and not (in_header and "accepts" in document):
            self.offers += offers_in_json(document, _text(body))

    def _keep(self, challenge: Challenge) -> None:
        self.challenges.append(challenge)
        self.offers.append(lightning_offer(challenge))

    def _note(self, code: str, message: str) -> None:
        self._keep_note(Note(code, message))

    def _keep_note(self, note: Note) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(note)

    def _note_more(self) -> None:
        if not any(note.code == "too-many" for note in self.notes):
            self._note("too-many", f"Only the first {MOST_CHALLENGES} challenges were read; more were sent.")


def _same_invoice(one: str, other: str) -> bool:
    return one == other or one.strip().lower() == other.strip().lower()


def _text(body: bytes) -> str:
    return body[:MOST_CHALLENGE_CHARACTERS].decode("utf-8", "replace")
