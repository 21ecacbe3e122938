"""Points in time as other clients write them down: numbers, ISO 8601, and what Go's time.String leaves in SQLite."""

from __future__ import annotations

import re
from datetime import datetime

from l402desk.protocol.instants import read_instant

# "2024-04-25 11:44:08.123456789 +0000 UTC m=+0.1": nanoseconds, a zone apart, its name, a monotonic reading.
_GO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?"
    r" ?(Z|[+-][0-9]{2}:?[0-9]{2})?(?: [A-Z]{1,5}| [+-][0-9]{2})?(?: m=.{1,40})?"
)


def read_moment(value: object, *, local: bool = False) -> int | None:
    """Unix seconds, or None for what is no time since 1970. ``local``: without a zone it is this computer's time."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).strip()
    found = _GO.fullmatch(text)
    if found is not None:
        zone = found[4] or ""
        text = f"{found[1]}T{found[2]}{zone}"
        if local and not zone:
            text = _with_zone(text)
    seconds = read_instant(text)
    return seconds if seconds is not None and seconds > 0 else None


def _with_zone(text: str) -> str:
    try:
        return datetime.fromisoformat(text).astimezone().isoformat()
    except (ValueError, OverflowError, OSError):
        return text
