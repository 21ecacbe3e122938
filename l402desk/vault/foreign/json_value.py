"""JSON of other programs: bounded in depth and size, and with the last of repeated names, as those programs read it."""

from __future__ import annotations

import json

from l402desk.vault.foreign.entries import EntryRefused, ImportRefused


def read_json(raw: bytes, name: str) -> object:
    """What the bytes say (RFC 8259, UTF-8). Raises ImportRefused; ``name`` is safe to show."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ImportRefused(f"{name} is no readable JSON.", "Name another file.") from error


def text_in(found: dict[str, object], *names: str) -> str:
    """The first of these members that is there, as text; empty where none is. Raises EntryRefused for another type."""
    for name in names:
        value = found.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise EntryRefused(f"its “{name}” is no text.")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise EntryRefused(f"its “{name}” is no readable text.") from error
        return value
    return ""
