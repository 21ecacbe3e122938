"""Whether a text is JSON, and if not, where it breaks and what is missing there, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import accumulate

import msgspec

CHECKED_CHARACTERS = 1_000_000
_LAID_OUT_BYTES = 8_000_000
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

_WORDS = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after the name",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing",
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
    "Unterminated string starting at": "a text is not closed with a double quote",
    "Invalid control character at": "a line break or control character stands inside a text",
    "Invalid \\escape": "a backslash is followed by something JSON does not know",
    "Invalid \\uXXXX escape": "a \\u is not followed by four hexadecimal digits",
    "Extra data": "there is something after the end",
}


@dataclass(frozen=True, slots=True)
class JsonProblem:
    """Where a text stops being JSON: ``line`` and ``column`` from 1 (0: not known), ``position`` from 0."""

    message: str
    line: int
    column: int
    position: int

    def sentence(self) -> str:
        if not self.line:
            return f"Not valid JSON: {self.message}."
        return f"Not valid JSON: line {self.line}, character {self.column}: {self.message}."


class _NumberError(ValueError):
    """NaN or Infinity, which Python reads and JSON does not know (RFC 8259, section 6)."""


def _refuse(constant: str) -> None:
    raise _NumberError(f"{constant} is not a number in JSON")


# Numbers stay texts: a number of 5,000 digits is JSON, and is not ours to convert.
_READER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse)


def check(text: str) -> JsonProblem | None:
    """The first problem of a text that should be JSON, or None. Over a million characters are not checked."""
    if len(text) > CHECKED_CHARACTERS:
        return None
    try:
        _READER.decode(text)
    except json.JSONDecodeError as error:
        words = _WORDS.get(error.msg.removesuffix(": "), "something unexpected stands")
        return JsonProblem(words, error.lineno, error.colno, error.pos)
    except _NumberError as error:
        return JsonProblem(str(error), 0, 0, 0)
    except RecursionError:
        return JsonProblem("it is nested too deeply to be checked", 0, 0, 0)
    return None


def formatted(text: str | bytes) -> bytes | None:
    """The same JSON with two spaces per level; numbers, order, repeated names and escapes as written.

    None where the text is no JSON, is nested too deeply, or could not be laid out unchanged.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if _laid_out_size(raw) > _LAID_OUT_BYTES:
        return None
    try:
        return msgspec.json.format(raw, indent=2)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None


def _laid_out_size(raw: bytes) -> int:
    """At most how many bytes the laid-out text has: half a megabyte of brackets could become 500 MB."""
    brackets = raw.translate(None, _NO_BRACKETS)
    deepest = max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)
    lines = len(brackets) + raw.count(b",")
    return len(raw) + 2 * max(deepest, 0) * lines
