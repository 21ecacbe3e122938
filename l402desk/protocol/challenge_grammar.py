"""The tokeniser of ``WWW-Authenticate`` values: cuts every dialect met into schemes with their parameters.

RFC 9110 section 11.6.1 separates parameters by commas and lets a challenge list join several schemes. Servers
also send no comma at all (``L402 version="0" token="…"``), no quotes, single quotes, and ``=`` inside
unquoted base64. So: a *parameter* is ``name = value``; a *word* has no ``=``. A word starts a new scheme when
it comes first, after a comma, or right before a parameter; any other word is kept as loose information
(``L402 price-only``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SEPARATORS = " \t\r\n\f\v,"

# Only single character classes are possessive and every alternative starts differently, so a failed match
# unwinds in linear time. The text is stripped of trailing separators first: then an item matches wherever the
# last one ended.
_ITEM = re.compile(
    r"""(?P<gap>[\s,]*+)(?:
        (?P<name>[^\s,="']++)\s*+=\s*+
            (?: "(?P<double>[^"\\]*+(?:\\.[^"\\]*+)*)" | '(?P<single>[^']*+)' | (?P<plain>[^\s,]*+) )
      | (?P<word>[^\s,]++)
    )""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_PARAMETER_FOLLOWS = re.compile(r"""\s++[^\s,="']++\s*+=""", re.ASCII)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,63}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SchemePart:
    """One scheme of a challenge list with what follows it.

    ``start`` is its first character in the header value; ``raw`` its text as sent; parameter names are in
    lower case (RFC 9110 section 11.2), in the order sent, repeated ones included. ``unclosed`` names the
    parameter whose quotation mark is never closed, or is None.
    """

    scheme: str
    start: int
    raw: str
    parameters: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    unclosed: str | None = None


@dataclass(frozen=True, slots=True)
class ChallengeList:
    """The schemes of one header value. ``stray`` stands before the first; ``more``: some were left out."""

    parts: tuple[SchemePart, ...]
    stray: str = ""
    more: bool = False


class _Open:
    """The scheme being read."""

    __slots__ = ("parameters", "scheme", "start", "unclosed", "words")

    def __init__(self, scheme: str, start: int) -> None:
        self.scheme = scheme
        self.start = start
        self.parameters: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.unclosed: str | None = None

    def close(self, text: str, end: int) -> SchemePart:
        raw = text[self.start : end].rstrip(SEPARATORS)
        return SchemePart(self.scheme, self.start, raw, tuple(self.parameters), tuple(self.words), self.unclosed)


def split_challenges(value: str, most: int) -> ChallengeList:
    """Cut one header value into at most ``most`` schemes. Takes linear time and never raises."""
    text = value.rstrip(SEPARATORS)
    parts: list[SchemePart] = []
    current: _Open | None = None
    for item in _ITEM.finditer(text):
        if item.lastgroup == "word":
            if not _starts_scheme(item, text):
                if current is not None:
                    current.words.append(item["word"])
                continue
            if current is not None:
                parts.append(current.close(text, item.start("word")))
            if len(parts) == most:
                return ChallengeList(tuple(parts), _stray(text, parts), more=True)
            current = _Open(item["word"], item.start("word"))
        elif current is not None and not _take(item, current):
            break
    if current is not None:
        parts.append(current.close(text, len(text)))
    return ChallengeList(tuple(parts), _stray(text, parts))


def _starts_scheme(item: re.Match[str], text: str) -> bool:
    if _SCHEME.fullmatch(item["word"]) is None:
        return False
    return item.start() == 0 or "," in item["gap"] or _PARAMETER_FOLLOWS.match(text, item.end()) is not None


def _take(item: re.Match[str], current: _Open) -> bool:
    """Keep one parameter; False when its quotation mark is never closed, so that nothing is left to read."""
    name = item["name"].lower()
    kind = item.lastgroup
    if kind == "double":
        value = item["double"]
        if "\\" in value:
            value = _ESCAPE.sub(r"\1", value)  # RFC 9110 section 5.6.4: a quoted-pair stands for its second character
    elif kind == "single":
        value = item["single"]
    else:
        value = item["plain"]
        if value.startswith('"'):
            current.unclosed = name
            return False
        if not value.strip("=") and not current.parameters:
            current.words.append(item["name"] + "=" + value)  # the padding of a token68 (RFC 9110 section 11.2)
            return True
    current.parameters.append((name, value))
    return True


def _stray(text: str, parts: list[SchemePart]) -> str:
    return text[: parts[0].start].strip(SEPARATORS) if parts else text.strip(SEPARATORS)
