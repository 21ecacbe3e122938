"""JSON objects inside tokens, read so that nothing is lost or guessed: repeated names stay visible."""

from __future__ import annotations

import json


class JsonObject(dict[str, object]):
    """A JSON object that remembers its members as they stood, repeated names included."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = tuple(pairs)

    @property
    def has_duplicates(self) -> bool:
        return len(self.pairs) != len(self)


def read_object(raw: bytes) -> JsonObject | None:
    """The object that these bytes are (RFC 8259, UTF-8), or None for anything else. Never raises."""
    if raw[:1] != b"{":
        return None
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=JsonObject)
    except (ValueError, RecursionError):  # bad UTF-8 and numbers without end are ValueErrors too
        return None
    return value if isinstance(value, JsonObject) else None


def value_text(value: object) -> str:
    """A member's value as people read it: text without quotes, everything else as JSON."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return "…"
