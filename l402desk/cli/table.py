"""A table for the terminal: a line for each, what does not fit cut short."""

from __future__ import annotations

from collections.abc import Sequence

from l402desk.cli.page import columns
from l402desk.protocol.text import visible

SHORT_ID = 10
"""Digits of an id that are shown in a table: enough to name a token or a payment among hundreds of thousands."""
_WIDEST = 44


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns two blanks apart, a line break at the end of each line."""
    if not rows:
        return ""
    wide = [max(columns(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = (
        "  ".join(cell + " " * (size - columns(cell)) for cell, size in zip(row, wide, strict=True)) for row in rows
    )
    return "".join(line.rstrip() + "\n" for line in lines)


def cut(text: str) -> str:
    """A text from outside as a cell: visible, and no wider than leaves room for the others."""
    shown = visible(text, 300)
    return shown if columns(shown) <= _WIDEST else shown[: _WIDEST - 1] + "…"
