"""What a server demands: every L402 challenge and every other offer in one answer, from headers and body.

One parser for every dialect met (spec, LSAT, joined with other schemes, without commas or quotes, JSON
bodies). It keeps the raw text and the scheme as sent, because the credential goes back byte for byte (law 8),
and it never fails: what cannot be read becomes a ``Note`` that says what is wrong and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from l402desk.protocol.challenge_body import (
    INVOICE_NAMES,
    TOKEN_NAMES,
    BodyFields,
    fields_in,
    first_of,
    read_json,
)
from l402desk.protocol.challenge_grammar import SchemePart, split_challenges
from l402desk.protocol.offers import (
    Offer,
    broken_offer,
    cashu_offer,
    lightning_offer,
    other_scheme_offer,
    payment_hash_offer,
)
from l402desk.protocol.text import visible

MOST_CHALLENGES = 8
"""Schemes read from one answer; the rest is ignored, and a note says so."""
MOST_CHALLENGE_CHARACTERS = 16 * 1024
"""Characters of one challenge; a longer one is ignored, and a note says so."""
MOST_HEADER_CHARACTERS = MOST_CHALLENGES * MOST_CHALLENGE_CHARACTERS

_LIGHTNING = frozenset({"l402", "lsat"})
# Goes into one Authorization header as it is: visible ASCII without a space, so that it cannot end or split
# the line.
_SENDABLE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Challenge:
    """An invoice and the token that its payment activates, as the server sent them; nothing is verified yet.

    ``scheme`` is spelled as sent; ``raw`` is the text of this challenge alone; ``credential`` goes back
    verbatim. ``parameters`` have lower-case names, in the order sent; ``duplicates`` names those sent more
    than once, of which the first counts (so nobody on the way can override a value by adding one).
    """

    scheme: str
    raw: str
    source: str
    version: str | None
    credential_name: str
    credential: str
    invoice: str
    parameters: tuple[tuple[str, str], ...] = ()
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
    for fields in fields_in(document):
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
        kind = part.scheme.upper()
        first: dict[str, str] = {}
        duplicates: list[str] = []
        for name, value in part.parameters:
            if name in first:
                duplicates.append(name)
            else:
                first[name] = value
        invoice = first_of(first, INVOICE_NAMES)
        name = next((n for n in TOKEN_NAMES if first.get(n)), "")
        problem = _problem(part, invoice, first.get(name, ""))
        if problem is not None:
            self.notes.append(problem)
            if part.parameters or part.unclosed:
                self.offers.append(broken_offer(kind, invoice, problem.message, part.raw))
            return
        self._keep(
            Challenge(
                scheme=part.scheme,
                raw=part.raw,
                source="header",
                version=first.get("version"),
                credential_name=name,
                credential=first[name],
                invoice=invoice,
                parameters=part.parameters,
                duplicates=tuple(dict.fromkeys(duplicates)),
            )
        )

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
        size = len(fields.credential) + len(fields.invoice)
        problem = _unusable(fields.credential, size, "the body")
        if problem is not None:
            self.notes.append(problem)
            self.offers.append(broken_offer("L402", fields.invoice, problem.message, _text(body)))
            return
        self._keep(
            Challenge(
                scheme=fields.scheme,
                raw=_text(body),
                source="body",
                version=fields.version,
                credential_name=fields.credential_name,
                credential=fields.credential,
                invoice=fields.invoice,
                parameters=fields.parameters,
            )
        )

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
        self.notes.append(Note(code, message))

    def _note_more(self) -> None:
        if not any(note.code == "too-many" for note in self.notes):
            self._note("too-many", f"Only the first {MOST_CHALLENGES} challenges were read; more were sent.")


def _problem(part: SchemePart, invoice: str, credential: str) -> Note | None:
    """What keeps an L402 part from being a challenge, in words; None when it is one."""
    kind = part.scheme.upper()
    if part.unclosed is not None:
        name = visible(part.unclosed, 40)
        return Note("unclosed-quote", f"The quotation mark of “{name}” in the {kind} challenge is never closed.")
    if not invoice and not credential:
        words = " ".join(part.words)
        said = f" (it says “{visible(words, 60)}”)" if words else ""
        return Note("bare-scheme", f"The header names {kind}, but neither an invoice nor a token{said}.")
    if not invoice:
        return Note("no-invoice", f"The {kind} challenge holds no invoice.")
    if not credential:
        return Note("no-token", f"The {kind} challenge holds an invoice, but no token that its payment activates.")
    return _unusable(credential, len(part.raw), f"the {kind} challenge")


def _unusable(credential: str, size: int, where: str) -> Note | None:
    if size > MOST_CHALLENGE_CHARACTERS:
        return Note("too-long", f"There are {size} characters in {where}: more than {MOST_CHALLENGE_CHARACTERS}.")
    if _SENDABLE.fullmatch(credential) is None:
        return Note("unsendable-token", f"The token in {where} holds characters that no header can send back.")
    return None


def _same_invoice(one: str, other: str) -> bool:
    return one == other or one.strip().lower() == other.strip().lower()


def _text(body: bytes) -> str:
    return body[:MOST_CHALLENGE_CHARACTERS].decode("utf-8", "replace")
