"""Points in time as peers write them: seconds, milliseconds or ISO 8601; out comes unix seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

LATEST = 253_402_300_799
"""9999-12-31 23:59:59 UTC: what a calendar can still show."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_NUMBER = re.compile(r"([0-9]{1,20})(?:\.[0-9]*)?")
# No peer means a time before 1973 or after the year 5000, so the size of a number tells its unit.
_UNITS = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))


def read_instant(text: str) -> int | None:
    """Unix seconds of a number (seconds, or milli-, micro-, nanoseconds by its size) or an ISO 8601 time.

    A time without a zone is taken as UTC. None for anything else, and for what lies beyond the year 9999.
    """
    text = text.strip()
    number = _NUMBER.fullmatch(text)
    if number:
        return _from_number(int(number[1]))
    if len(text) > 64 or not text.isascii():
        return None
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (aware - _EPOCH) // _SECOND
    except (ValueError, OverflowError):
        return None


def _from_number(number: int) -> int | None:
    for bound, per_second in _UNITS:
        if number < bound:
            seconds = number // per_second
            return seconds if seconds <= LATEST else None
    return None


def instant_words(unix: int) -> str:
    """``2026-11-21 13:03 UTC``: absolute, to the minute (rounded down), the same for every reader."""
    try:
        moment = _EPOCH + timedelta(seconds=unix)
    except OverflowError:
        return "a time beyond every calendar"
    return f"{moment.isoformat(' ')[:16]} UTC"
