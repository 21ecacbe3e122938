"""From one scheme of a header, or the fields of a JSON body, to a challenge; or to a note that says what it lacks."""

from __future__ import annotations

import re

from l402desk.protocol.challenge_body import INVOICE_NAMES, TOKEN_NAMES, BodyFields, first_of
from l402desk.protocol.challenge_grammar import SchemePart
from l402desk.protocol.challenge_values import MOST_CHALLENGE_CHARACTERS, Challenge, Note
from l402desk.protocol.text import visible

# Goes into one Authorization header as it is: visible ASCII without a space, so that it cannot end or split the line.
_SENDABLE = re.compile(r"[\x21-\x7e]+")


def challenge_of_part(part: SchemePart) -> Challenge | Note:
    """The challenge in an L402 or LSAT part of a header."""
    first: dict[str, str] = {}
    duplicates: list[str] = []
    for name, value in part.parameters:
        if name in first:
            duplicates.append(name)
        else:
            first[name] = value
    invoice = first_of(first, INVOICE_NAMES)
    name = next((token for token in TOKEN_NAMES if first.get(token)), "")
    problem = _problem(part, invoice, first.get(name, ""))
    if problem is not None:
        return problem
    return Challenge(
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


def challenge_of_body(fields: BodyFields, raw: str) -> Challenge | Note:
    """The challenge in a JSON body whose fields name an invoice and a token; ``raw`` is the body's text."""
    problem = _unusable(fields.credential, len(fields.credential) + len(fields.invoice), "the body")
    if problem is not None:
        return problem
    return Challenge(
        scheme=fields.scheme,
        raw=raw,
        source="body",
        version=fields.version,
        credential_name=fields.credential_name,
        credential=fields.credential,
        invoice=fields.invoice,
        parameters=fields.parameters,
    )


def invoice_in(part: SchemePart) -> str:
    """The invoice that a part names, even where it lacks the rest; or an empty text."""
    return first_of(dict(reversed(part.parameters)), INVOICE_NAMES)


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
