"""What was given to ``l402desk inspect``: told apart by its looks, read, and judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from l402desk.protocol.challenge import Demand, read_demand
from l402desk.protocol.errors import ChallengeError, MacaroonError
from l402desk.protocol.inspection import (
    Circumstances,
    Inspection,
    inspect_credential,
    inspect_demand,
    inspect_invoice,
    inspect_token,
)
from l402desk.protocol.macaroon import Macaroon
from l402desk.protocol.raw_response import RawResponse, looks_like_response, read_raw_response

if TYPE_CHECKING:
    from l402desk.protocol.token import Token

NOT_KNOWN = "This is no challenge, response, invoice, macaroon or token that this app knows"

_PAID = re.compile(r"authorization[ \t]*:|(?:l402|lsat)[ \t]+[^\s\"',]+:[0-9a-f]{64}$", re.IGNORECASE)
_PAIR = re.compile(r"[^\s\"',:]+:[0-9a-f]{64}", re.IGNORECASE)
_INVOICE = re.compile(r"(?:lightning:(?://)?\s*)?ln(?:bc|tb|sb|o1|url)", re.IGNORECASE)
_SCHEME = re.compile(r"(?:l402|lsat|payment)(?![^\s,])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the text was, and the judgement. ``inspections`` are best first and never empty.

    ``kind`` is ``challenge``, ``invoice``, ``macaroon`` or ``token``; ``demand`` and ``response`` are set for
    a challenge, ``paid`` for a token with its proof of payment.
    """

    kind: str
    inspections: tuple[Inspection, ...]
    demand: Demand | None = None
    response: RawResponse | None = None
    paid: Token | None = None


def read_subject(text: str, now: int) -> Subject:
    """Tell what the text is, and judge it at ``now`` (seconds since 1970). Raises ProtocolError for nothing known."""
    text = _unquoted(text.strip(" \t\r\n\ufeff"))
    if not text:
        raise ChallengeError("There is nothing to read")
    if looks_like_response(text) or (_SCHEME.match(text) and not _PAID.match(text)):
        return _challenge(read_raw_response(text), now)
    if _PAID.match(text) or _PAIR.fullmatch(text):
        from l402desk.protocol.token import read_authorization  # noqa: PLC0415 - only for what was paid already

        # A pair alone names no scheme: the one of the specification stands for it.
        paid = read_authorization(f"L402 {text}" if _PAIR.fullmatch(text) else text)
        return Subject("token", (inspect_token(paid, Circumstances(now)),), paid=paid)
    if _INVOICE.match(text):
        return Subject("invoice", (inspect_invoice(text, Circumstances(now)),))
    if text.startswith("{"):
        demand = read_demand(402, (), text.encode("utf-8", "replace"))
        if demand.challenges or demand.offers or demand.notes:
            return _judged(demand, None, now)
    return _credential(text, now)


def _unquoted(text: str) -> str:
    """Copied out of a header or a program, a value often brings its quotes along."""
    for quote in ('"', "'"):
        if len(text) > 2 and text.startswith(quote) and text.endswith(quote) and quote not in text[1:-1]:
            return text[1:-1].strip()
    return text


def _challenge(response: RawResponse, now: int) -> Subject:
    return _judged(read_demand(response.status, response.headers, response.body), response, now)


def _judged(demand: Demand, response: RawResponse | None, now: int) -> Subject:
    """A challenge that this app cannot pay is judged; one that nobody could read is an error."""
    readable = any(offer.payable or offer.kind.upper() not in ("L402", "LSAT") for offer in demand.offers)
    inspections = inspect_demand(demand, Circumstances(now, status=demand.status))
    if readable and inspections:
        return Subject("challenge", inspections, demand, response)
    if demand.notes:
        raise ChallengeError(" ".join(note.message for note in demand.notes).rstrip("."))
    what = "text" if response is None or response.assumed else f"answer has status {demand.status} and"
    raise ChallengeError(f"This {what} holds no challenge")


def _credential(text: str, now: int) -> Subject:
    if any(ch.isspace() for ch in text) and not text.startswith("{"):
        raise ChallengeError(NOT_KNOWN)
    inspection = inspect_credential(text, Circumstances(now))
    if isinstance(inspection.token, Macaroon):
        return Subject("macaroon", (inspection,))
    if text.startswith("{"):
        raise ChallengeError("This JSON holds no challenge, and it is no macaroon")
    if inspection.token is None or inspection.token.format == "opaque":
        reason = "" if inspection.token is None else inspection.token.reason
        raise MacaroonError(reason or NOT_KNOWN)
    return Subject("token", (inspection,))
