"""A copy of a token that allows less, to hand on: the original stays as it is (facts: l402.md 2.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from l402desk.protocol.caveats import explain
from l402desk.protocol.instants import read_instant
from l402desk.protocol.macaroon import attenuate
from l402desk.protocol.token import Token

_COMPARISON = re.compile(r"(?P<name>[^<>=]+?)(?P<sign>\s*[<=]=?\s*)(?P<value>[^<>=]+)")
_SERVICES = re.compile(r"\s*services\s*=\s*(?P<list>.+)", re.IGNORECASE | re.DOTALL)
_SERVICE = re.compile(r"[A-Za-z0-9_.-]+")
_MILLISECONDS = 10**11
"""From here on `protocol.instants` reads a number as milliseconds: what such a server writes, it wants to read."""


def restrict(token: Token, *caveats: str) -> Token:
    """A copy with these conditions behind its own, under the same scheme and with the same proof.

    Raises MacaroonError where the token is no macaroon or a condition no line of text, TokenError where the copy would
    be too long for a header.
    """
    credential = token.credential
    for caveat in caveats:
        credential = attenuate(credential, caveat)
    return replace(token, credential=credential)


def expiry_caveats(conditions: Sequence[str], until: int) -> tuple[str, ...]:
    """The conditions that end a copy at ``until`` (unix seconds), in the words its own server uses.

    An end that the token names already is named again in the same words; else each of its services gets one as
    aperture reads it (``<service>_valid_until``); a token without either gets ``expires_at``.
    """
    for condition in conditions:
        again = _said_again(condition, until)
        if again:
            return (again,)
    spaced = bool(conditions) and all(" = " in condition for condition in conditions)
    sign = " = " if spaced else "="
    services = _services_of(conditions)
    return tuple(f"{service}_valid_until{sign}{until}" for service in services) or (f"expires_at{sign}{until}",)


def _services_of(conditions: Sequence[str]) -> tuple[str, ...]:
    for condition in conditions:
        found = _SERVICES.fullmatch(condition)
        if found:
            names = (item.partition(":")[0].strip() for item in found["list"].split(","))
            return tuple(dict.fromkeys(name for name in names if _SERVICE.fullmatch(name)))
    return ()


def _said_again(condition: str, until: int) -> str:
    found = _COMPARISON.fullmatch(condition)
    if found is None or explain(condition).expires_at is None:
        return ""
    value = found["value"].strip()
    said = _like(value, until)
    again = f"{found['name']}{found['sign']}{said}".strip()
    return again if again.isprintable() and explain(again).expires_at == read_instant(said) else ""


def _like(value: str, until: int) -> str:
    """The moment written as the value is: in seconds, in milliseconds, or as a date in UTC."""
    if not value.isdecimal():
        moment = datetime.fromtimestamp(until, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(until * 1_000 if int(value) >= _MILLISECONDS else until)
