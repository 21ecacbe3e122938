"""What a wallet's server says in words, taken as text that can be worked with: cut, and without our own secrets."""

from __future__ import annotations

MOST = 1_000
"""Characters; beyond them nobody reads, and patterns with a gap in them would search for minutes."""
SHORTEST_SECRET = 8
"""Nobody's secret is shorter, and what is shorter stands in every other sentence by chance."""


def foreign(value: object, *secrets: str) -> str:
    """The text, still to be made visible; empty for what is none. A secret of ours that it repeats becomes ``…``."""
    if not isinstance(value, str):
        return ""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            value = value.replace(secret, "…")
    return value[:MOST]
