"""Spans of time in words: one unit, whole numbers, rounded down."""

from __future__ import annotations

_UNITS = ((365 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def duration_words(seconds: int) -> str:
    """``45 seconds``, ``1 hour``, ``3 days``; a negative span is told by its size."""
    size = abs(seconds)
    for length, name in _UNITS:
        # A lone unit is told only when it is exact: 119 minutes are not "1 hour".
        if size >= 2 * length or size == length:
            count = size // length
            return f"1 {name}" if count == 1 else f"{count:,} {name}s"
    return "0 seconds"
