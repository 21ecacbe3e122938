"""The JSON bodies that come with a 402: read once, within bounds, and searched for an invoice and a token.

Servers that answer in JSON agree on nothing: the fields stand at the top, below ``l402`` (toll-booth),
``detail`` (satring) or ``error``, and the invoice alone has five names. Only names that were met are looked
for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_BODY_BYTES = 256 * 1024
"""Longer bodies are no challenge: the largest seen has 5 KiB."""

INVOICE_NAMES = ("invoice", "payment_request", "paymentrequest", "bolt11", "pr")
"""Names of the invoice in headers and bodies, in lower case, best first."""
TOKEN_NAMES = ("macaroon", "token")
"""Names of the credential. Where a server sends both, older clients and servers agree on ``macaroon``."""
_NESTS = ("l402", "lsat", "detail", "error", "payment", "challenge", "data")
_HASH_NAMES = ("payment_hash", "paymenthash", "r_hash")


@dataclass(frozen=True, slots=True)
class BodyFields:
    """What one JSON object says about an L402 challenge. Strings are as sent, absent ones are empty."""

    scheme: str
    version: str | None
    invoice: str
    credential_name: str
    credential: str
    other_credential: str
    payment_hash: str
    parameters: tuple[tuple[str, str], ...]


def read_json(body: bytes) -> object:
    """The JSON value of a body; None for anything else, too much of it, or nested too deep."""
    if len(body) > MOST_BODY_BYTES or body.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] not in (b"{", b"["):
        return None
    import json  # noqa: PLC0415 - most challenges have no JSON body, and the command should start at once

    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError and a number of 5,000 digits are ValueErrors
        return None
    return value


def fields_in(value: object) -> Iterator[BodyFields]:
    """Every object of the body that names an invoice, outermost first, at most two levels deep."""
    if not isinstance(value, Mapping):
        return
    found = _fields(value)
    if found is not None:
        yield found
    for nest in _nested(value):
        inner = _fields(nest)
        if inner is not None:
            yield inner


def _nested(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name, inner in value.items():
        if name.lower() in _NESTS and isinstance(inner, Mapping):
            yield inner
            for deeper, last in inner.items():
                if deeper.lower() in _NESTS and isinstance(last, Mapping):
                    yield last


def _fields(value: Mapping[str, Any]) -> BodyFields | None:
    texts = {name.lower(): text for name, text in value.items() if isinstance(text, str)}
    invoice = first_of(texts, INVOICE_NAMES)
    if not invoice:
        return None
    named = [(name, texts[name]) for name in TOKEN_NAMES if texts.get(name)]
    name, credential = named[0] if named else ("", "")
    other = named[1][1] if len(named) > 1 else ""
    scheme = texts.get("scheme", "")
    version = value.get("version")
    return BodyFields(
        scheme=scheme if scheme.upper() in ("L402", "LSAT") else "L402",
        version=str(version) if isinstance(version, (str, int)) and not isinstance(version, bool) else None,
        invoice=invoice,
        credential_name=name,
        credential=credential,
        other_credential=other,
        payment_hash=first_of(texts, _HASH_NAMES),
        parameters=tuple(texts.items()),
    )


def first_of(texts: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of the named texts that is not empty, or an empty text."""
    return next((texts[name] for name in names if texts.get(name)), "")
