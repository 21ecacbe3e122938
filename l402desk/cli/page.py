"""A page for the terminal: sections, two aligned columns and marked sentences, 80 columns wide."""

from __future__ import annotations

import os
import unicodedata
from typing import TextIO

WIDTH = 80
COLUMN = 14
"""Where values begin. What is left holds a node's key, 66 characters, in one line."""

GOOD, DANGER, WARNING, INFO = "good", "danger", "warning", "info"
_SIGNS = {GOOD: "✓", DANGER: "✗", WARNING: "!", INFO: "·"}
_PLAIN_SIGNS = {GOOD: "+", DANGER: "x", WARNING: "!", INFO: "-"}
_COLOURS = {GOOD: "32", DANGER: "1;31", WARNING: "33", INFO: "2"}
_BOLD = "1"
_ASCII = str.maketrans(
    {
        "\u202f": " ", "\u00a0": " ", "…": "...", "–": "-", "—": "-", "─": "-", "·": "-", "×": "x", "→": "->",
        "“": '"', "”": '"', "‘": "'", "’": "'", "✓": "+", "✗": "x", "‹": "<", "›": ">",
    }
)  # fmt: skip


class Page:
    """Lines of text in the making. ``unicode`` and ``colour`` say what the terminal understands.

    Colour only repeats what a word or a sign says. Every text given must be safe to show
    (``protocol.text.visible``).
    """

    def __init__(self, *, unicode: bool, colour: bool) -> None:
        self._unicode = unicode
        self._colour = colour
        self._lines: list[str] = []

    @classmethod
    def for_stream(cls, stream: TextIO) -> Page:
        """A page in the character set of the stream, coloured on a terminal unless NO_COLOR is set."""
        try:
            "✓─…".encode(stream.encoding or "ascii")
            unicode = True
        except (UnicodeError, LookupError):
            unicode = False
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        return cls(unicode=unicode, colour=stream.isatty() and not plain)

    def heading(self, mark: str, word: str, words: str) -> None:
        """The first line: a marked word in capitals, and what it is about."""
        painted = self._paint(f"{self._sign(mark)} {word}", f"1;{_COLOURS[mark]}")
        self._hang(painted, len(word) + 4, words, len(word) + 2)

    def section(self, title: str) -> None:
        rule = "─" * (WIDTH - len(title) - 4)
        self._lines += ["", f"{self._paint('── ', '2')}{self._paint(title, _BOLD)} {self._paint(rule, '2')}"]

    def row(self, label: str, value: str) -> None:
        """A label and its value, which is wrapped in its own column."""
        self._hang(self._paint(label, "2"), COLUMN, value, len(label))

    def remark(self, mark: str, words: str) -> None:
        """A sentence with its sign and, where it weighs something, the word for it."""
        lead = f"{self._sign(mark)} {mark}"
        self._hang(self._paint(lead, _COLOURS[mark]), COLUMN, words, len(lead))

    def note(self, words: str) -> None:
        """A sentence below the value above it."""
        self._hang("", COLUMN, words, 0)

    def blank(self) -> None:
        self._lines.append("")

    def text(self) -> str:
        """The page, with a line break at the end of every line."""
        text = "".join(line.rstrip() + "\n" for line in self._lines)
        return text if self._unicode else text.translate(_ASCII)

    def _hang(self, lead: str, column: int, words: str, taken: int) -> None:
        """``lead`` fills ``taken`` columns of the first line; the words are wrapped from ``column`` on."""
        gap = " " * max(column - taken, 1)
        first, *rest = wrapped(words, WIDTH - max(column, taken + 1))
        self._lines.append(f"{lead}{gap}{first}")
        self._lines += [" " * column + line for line in rest]

    def _sign(self, mark: str) -> str:
        return (_SIGNS if self._unicode else _PLAIN_SIGNS)[mark]

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns, broken at spaces where there are any; at least one line."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        size = columns(word)
        if line and used + 1 + size > width:
            lines.append(line)
            line, used = "", 0
        rest = word
        while size > width:
            head, rest = _cut(rest, width)
            lines.append(head)
            size = columns(rest)
        line, used = (f"{line} {rest}", used + 1 + size) if line else (rest, size)
    return [*lines, line]


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide characters, none for combining marks."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(ch: str) -> int:
    if unicodedata.east_asian_width(ch) in "WF":
        return 2
    return 0 if unicodedata.combining(ch) else 1


def _cut(word: str, width: int) -> tuple[str, str]:
    """As much of a word as fits, and the rest; at least one character is taken."""
    used = 0
    for at, ch in enumerate(word):
        used += _columns_of(ch)
        if used > width and at:
            return word[:at], word[at:]
    return word, ""
