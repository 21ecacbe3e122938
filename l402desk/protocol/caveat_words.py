"""The vocabulary of caveats: one table from the names that servers use to sentences in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import AmountError
from l402desk.protocol.instants import instant_words, read_instant
from l402desk.protocol.text import visible

MOST_SERVICES = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, cleaned for display, and where it names the end of a token, that time in unix seconds."""

    words: str
    expires_at: int | None = None


Sentence = Callable[[str, str], Said | None]
"""From the comparator and the value to a sentence; None where the caveat says something else after all."""
SentenceOf = Callable[[re.Match[str], str, str], Said | None]
"""The same for names that end in a known word; the match gives what stands before it."""


def _short(value: str) -> str:
    return visible(value, 200) or "(nothing)"


def _equals(template: str) -> Sentence:
    """A sentence that holds the value, for a caveat that can only be an equation."""

    def say(comparator: str, value: str) -> Said | None:
        return Said(template.format(_short(value))) if comparator in {"=", "=="} else None

    return say


def _until(comparator: str, value: str) -> Said | None:
    if comparator in {">", ">="}:
        return _not_before(value)
    expires_at = read_instant(value)
    if expires_at is None:
        return Said(f"ends at a time this app cannot read: {_short(value)}")
    return Said(f"valid until {instant_words(expires_at)}", expires_at)


def _time(comparator: str, value: str) -> Said | None:
    return None if comparator in {"=", "=="} else _until(comparator, value)


def _not_before(value: str) -> Said:
    start = read_instant(value)
    if start is None:
        return Said(f"begins at a time this app cannot read: {_short(value)}")
    return Said(f"not valid before {instant_words(start)}")


def _begins(comparator: str, value: str) -> Said | None:
    return _not_before(value) if comparator in {"=", "==", ">", ">="} else None


def _services(comparator: str, value: str) -> Said | None:
    if comparator not in {"=", "=="}:
        return None
    listed = [item.strip() for item in value.split(",") if item.strip()]
    if not listed:
        return Said("for no service at all")
    words = [_service(item) for item in listed[:MOST_SERVICES]]
    if len(listed) > MOST_SERVICES:
        words.append(f"and {len(listed) - MOST_SERVICES} more")
    return Said("; ".join(words))


def _service(item: str) -> str:
    name, colon, tier = item.partition(":")
    if not colon:
        return f"service {_short(name)}"
    return f"service {_short(name)}, {'base tier' if tier.strip() == '0' else f'tier {_short(tier.strip())}'}"


def _path(comparator: str, value: str) -> Said | None:
    if comparator not in {"=", "=="}:
        return None
    return Said(f"only for paths like {_short(value)}" if "*" in value else f"only for the path {_short(value)}")


def _method(comparator: str, value: str) -> Said | None:
    if comparator not in {"=", "=="}:
        return None
    methods = " and ".join(_short(item.strip()) for item in value.split(","))
    return Said(f"only for {methods} requests")


def _challenge(comparator: str, value: str) -> Said | None:
    if comparator not in {"=", "=="}:
        return None
    key = value.split(":")[1] if value.count(":") >= 1 else ""
    return Said(f"the caller has to prove that it holds the key {_key(key)}")


def _key(key: str) -> str:
    return f"{visible(key[:16])}…" if len(key) > 20 else _short(key) if key else "named in it"


def _payment_hash(comparator: str, value: str) -> Said | None:
    return Said(f"belongs to the payment {_key(value)}") if comparator in {"=", "=="} else None


def _credit(comparator: str, value: str) -> Said | None:
    if comparator not in {"=", "=="}:
        return None
    return Said(f"prepaid credit of {_short(value)} for several requests")


WORDS: dict[str, Sentence] = {
    "services": _services,
    "expiration": _until,
    "expiresat": _until,
    "expires": _until,
    "expiry": _until,
    "exp": _until,
    "validuntil": _until,
    "time": _time,
    "notbefore": _begins,
    "validfrom": _begins,
    "paymenthash": _payment_hash,
    "creditbalance": _credit,
    "currency": _equals("its credit is counted in {}"),
    "ip": _equals("only from the network address {}"),
    "clientip": _equals("only from the network address {}"),
    "origin": _equals("only from the origin {}"),
    "host": _equals("only for the host {}"),
    "route": _path,
    "path": _path,
    "requestpath": _path,
    "method": _method,
    "requestmethod": _method,
    "realm": _equals("only for the area “{}” of this server"),
    "challenge": _challenge,
    "fileid": _equals("only for the file {}"),
    "orderid": _equals("only for the order {}"),
    "kid": _equals("sealed with the server's key number {}"),
    "loc": _equals("issued for {}"),
}
"""By the name in lower case without ``_`` and ``-``: ``expires_at`` and ``ExpiresAt`` are the same word."""


def _service_until(found: re.Match[str], comparator: str, value: str) -> Said | None:
    said = _until(comparator, value)
    return said and Said(f"service {_short(found[1])}: {said.words}", said.expires_at)


def _service_from(found: re.Match[str], comparator: str, value: str) -> Said | None:
    said = _begins(comparator, value)
    return said and Said(f"service {_short(found[1])}: {said.words}")


def _capabilities(found: re.Match[str], comparator: str, value: str) -> Said | None:
    if comparator not in {"=", "=="}:
        return None
    listed = ", ".join(_short(item.strip()) for item in value.split(",") if item.strip())
    return Said(
        f"service {_short(found[1])}: only {listed}" if listed else f"service {_short(found[1])}: nothing at all"
    )


_PERIODS = {
    "hourly": " in an hour",
    "daily": " in a day",
    "weekly": " in a week",
    "monthly": " in a month",
    "yearly": " in a year",
}


def _volume(found: re.Match[str], comparator: str, value: str) -> Said | None:
    if comparator in {">", ">="} or not re.fullmatch(r"[0-9]{1,18}", value):
        return None
    number = int(value)
    try:
        amount = Msat(number) if found["unit"].lower() in {"msat", "msats"} else Msat.of_sats(number)
    except AmountError:
        return None
    what = _short(found["what"].replace("_", " "))
    bound = "less than" if comparator == "<" else "at most"
    return Said(f"{what}: {bound} {amount.words()}{_PERIODS.get((found['period'] or '').lower(), '')}")


def _uses(found: re.Match[str], comparator: str, value: str) -> Said | None:
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        return None
    times = "once" if int(value) == 1 else f"{int(value)} times"
    return Said(f"service {_short(found[1])}: good {'less than ' if comparator == '<' else ''}{times}")


WORDS_BY_ENDING: tuple[tuple[re.Pattern[str], SentenceOf], ...] = (
    (re.compile(r"(.+)_valid_until", re.DOTALL), _service_until),
    (re.compile(r"(.+)_valid_from", re.DOTALL), _service_from),
    (re.compile(r"(.+)_max_uses", re.DOTALL), _uses),
    (re.compile(r"(.+)_capabilities", re.DOTALL), _capabilities),
    (
        re.compile(
            r"(?P<what>[A-Za-z0-9_.-]+?)_(?:(?P<period>hourly|daily|weekly|monthly|yearly)_)?volume_"
            r"(?P<unit>m?sats?)"
        ),
        _volume,
    ),
)
