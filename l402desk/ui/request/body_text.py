"""What a body is, and its text for the eye: hostile bytes in, lines that a widget survives out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

SHOWN_BYTES = 1 << 20
FORMATTED_BYTES = 512 << 10
HEX_BYTES = 16 << 10
LINE_CHARACTERS = 1_000
SHOWN_LINES = 100_000
SLICE_CHARACTERS, SLICE_LINES = 32_000, 1_000  # per turn of the event loop

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
# Only charsets that decode in one cheap step: Python also knows punycode, idna and unicode_escape.
_CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "iso-8859-1": "latin-1",
    "latin-1": "latin-1", "latin1": "latin-1", "windows-1252": "cp1252", "cp1252": "cp1252",
    "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "shift_jis": "shift_jis", "euc-jp": "euc_jp", "gb18030": "gb18030", "gbk": "gb18030",
    "big5": "big5", "euc-kr": "euc_kr", "iso-8859-15": "iso-8859-15", "koi8-r": "koi8-r",
    "windows-1251": "cp1251",
}  # fmt: skip
# Controls, and what turns or hides text (bidi overrides, isolates, zero width): a mark is shown instead.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    r"|[\ud800-\udfff]"
)


class BodyKind(StrEnum):
    EMPTY = "empty"
    JSON = "JSON"
    TEXT = "text"
    IMAGE = "image"
    BINARY = "binary"


def kind_of(content_type: str, head: bytes) -> BodyKind:
    """What the first bytes are; the content type only decides between text and JSON."""
    if not head:
        return BodyKind.EMPTY
    if head.startswith((_PNG, _JPEG)):
        return BodyKind.IMAGE
    if "utf-16" not in content_type.lower() and _looks_binary(head[:65_536]):
        return BodyKind.BINARY
    media = content_type.partition(";")[0].strip().lower()
    if media.endswith(("/json", "+json")):
        return BodyKind.JSON
    if media in ("", "text/plain", "application/octet-stream") and head.lstrip()[:1] in (b"{", b"["):
        return BodyKind.JSON
    return BodyKind.TEXT


def _looks_binary(sample: bytes) -> bool:
    """A NUL, or more than a tenth of control bytes. Invalid UTF-8 alone is still text, with marks in it."""
    controls = sum(sample.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return b"\0" in sample or controls * 10 > len(sample)


def decoded(data: bytes, content_type: str) -> str:
    """The text of a body in its declared charset if known, else UTF-8; what is no text becomes U+FFFD."""
    found = _CHARSET.search(content_type)
    charset = _CHARSETS.get(found.group(1).lower() if found else "utf-8", "utf-8")
    return data.decode(charset, "replace")


def displayable(text: str) -> tuple[list[str], frozenset[int]]:
    """The text as lines a widget survives, and the numbers of the lines that continue the one before.

    Line ends are unified, hidden characters marked. The widget's time grows with the square of a line's
    length: no line is longer than LINE_CHARACTERS.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    lines: list[str] = []
    continued: set[int] = set()
    for line in _HIDDEN.sub(_mark, text).split("\n"):
        lines.append(line[:LINE_CHARACTERS])
        for start in range(LINE_CHARACTERS, len(line), LINE_CHARACTERS):
            continued.add(len(lines))
            lines.append(line[start : start + LINE_CHARACTERS])
    return lines, frozenset(continued)


def first_lines(text: str) -> tuple[str, bool]:
    """At most SHOWN_LINES lines of the text, and whether there are more."""
    if text.count("\n") + text.count("\r") < SHOWN_LINES:
        return text, False
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", SHOWN_LINES)
    return "\n".join(lines[:SHOWN_LINES]), len(lines) > SHOWN_LINES


def _mark(match: re.Match[str]) -> str:
    return f"‹U+{ord(match.group()):04X}›"


def slices(lines: Sequence[str]) -> Iterator[str]:
    """The lines joined in parts of about 32,000 characters and at most 1,000 lines, line ends included."""
    part: list[str] = []
    room = SLICE_CHARACTERS
    for number, line in enumerate(lines, 1):
        part.append(line if number == len(lines) else line + "\n")
        room -= len(part[-1])
        if room <= 0 or len(part) == SLICE_LINES:
            yield "".join(part)
            part, room = [], SLICE_CHARACTERS
    if part:
        yield "".join(part)


def hex_dump(data: bytes) -> str:
    """Offset, sixteen bytes and their printable characters per line."""
    return "\n".join(_hex_line(start, data[start : start + 16]) for start in range(0, len(data), 16))


def _hex_line(start: int, row: bytes) -> str:
    pairs = " ".join(f"{byte:02x}" for byte in row)
    letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
    return f"{start:08x}  {pairs:<47}  {letters}"


def size_words(size: int) -> str:
    """Bytes as people say them: ``512 B``, ``1.4 kB``, ``12 MB`` (powers of 1,000)."""
    if size < 1_000:
        return f"{size} B"
    amount, unit = (
        (size / 1e3, "kB") if size < 999_500 else (size / 1e6, "MB") if size < 999.5e6 else (size / 1e9, "GB")
    )
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"


def time_words(milliseconds: float) -> str:
    """A duration as people say it: ``0.4 ms``, ``84 ms``, ``1.2 s``, ``2 min 5 s``."""
    if milliseconds < 9.95:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    if milliseconds < 59_950:
        return f"{milliseconds / 1e3:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1e3), 60)
    return f"{minutes} min {seconds} s"
