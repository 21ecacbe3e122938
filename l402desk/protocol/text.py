"""Foreign text made safe to look at: nothing invisible, nothing that reorders, nothing endless (UTR 36)."""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 4
"""Combining marks shown on one base character. Living scripts stay below; more only smears other lines."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and marks by category, but drawn as nothing: they hide text as well as any control character does.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f")
_STACKING = frozenset({"Mn", "Me"})

_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ud800-\udfff"
_DIRECTION = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = r"\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff"
_BLANK_LETTERS = r"\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_TAGS = r"\U000e0000-\U000e0fff"
_SUSPICIOUS = re.compile(
    rf"[{_CONTROL}{_DIRECTION}{_ZERO_WIDTH}{_BLANK_LETTERS}{_TAGS}]"
    r"|[\ufe00-\ufe0f]{2}"  # one selector styles an emoji, a row of them carries a message
    r"|</?[A-Za-z][^<>]{0,300}>|<!|<\?|&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
)


def visible(text: str, limit: int = 500) -> str:
    """The text as one safe line: what would be invisible or reorder its neighbours becomes a mark.

    Control characters become their pictures (``␀``, ``␊``), other hidden ones their number (``‹U+202E›``);
    marks beyond MOST_MARKS on one base are counted, not drawn. ``limit`` counts characters of the input; the
    rest is told as ``… (+n characters)``. Never raises. Markup is left in: show the result as plain text.
    """
    shown = text[: max(limit, 0)]
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(_visible_parts(shown))
    left = len(text) - max(limit, 0)
    return f"{shown}… (+{left} characters)" if left > 0 else shown


def _visible_parts(text: str) -> list[str]:
    parts: list[str] = []
    marks = 0
    for ch in text:
        category = unicodedata.category(ch)
        if category in _STACKING and ch not in _BLANK:
            marks += 1
            if marks <= MOST_MARKS:
                parts.append(ch)
            continue
        if category == "Mc" and ch not in _BLANK:  # stands beside its base and carries on its cluster
            parts.append(ch)
            continue
        if marks > MOST_MARKS:
            parts.append(f"‹+{marks - MOST_MARKS} marks›")
        marks = 0
        parts.append(_mark(ch) if category in _HIDDEN or ch in _BLANK else ch)
    if marks > MOST_MARKS:
        parts.append(f"‹+{marks - MOST_MARKS} marks›")
    return parts


def _mark(ch: str) -> str:
    code = ord(ch)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if ch == "\ufffd":
        return ch
    return f"‹U+{code:04X}›"


def is_suspicious(text: str) -> bool:
    """Does the text hold what an honest label has no use for?

    Control characters (line breaks among them), direction overrides, zero-width and tag characters, piles of
    combining marks, or markup that a careless window would obey.
    """
    if _SUSPICIOUS.search(text):
        return True
    return not text.isascii() and _has_pile(text)


def _has_pile(text: str) -> bool:
    marks = 0
    for ch in text:
        category = unicodedata.category(ch)
        if category in _STACKING:
            marks += 1
            if marks > MOST_MARKS:
                return True
        elif category != "Mc":
            marks = 0
    return False
