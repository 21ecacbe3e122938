"""The dressings in which a token's bytes travel: base64 of either alphabet, twice over, or hexadecimal."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from l402desk.protocol.errors import MacaroonError

MOST_TEXT = 65_536
"""Characters of a token's text that are looked at; a header never holds more."""

_UNSENDABLE = re.compile(r"[^\x21-\x7e]")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_TO_STANDARD = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Undressed:
    """Bytes, and in words the dressing they wore."""

    raw: bytes
    encoding: str


def checked(text: str) -> str:
    """The text without white space around it. Raises MacaroonError where it can be no token at all.

    A token is visible ASCII, because it has to fit into a header; only a macaroon in plain JSON may hold
    spaces.
    """
    token = text.strip(" \t\r\n")
    if not token:
        raise MacaroonError("There is no token here")
    if len(token) > MOST_TEXT:
        raise MacaroonError(f"This is too long for a token: {len(token)} characters, at most {MOST_TEXT} are read")
    bad = _UNSENDABLE.search(token)
    if bad is None or (token[0] == "{" and token[-1] == "}" and token.isascii()):
        return token
    what = "white space" if bad[0].isspace() else "a character that no header can carry"
    raise MacaroonError(f"A token holds no such thing as {what}", f"character {bad.start() + 1}")


def undressings(token: str) -> Iterator[Undressed]:
    """Every way to read the text as bytes, the likeliest first; nothing where it is no encoding at all."""
    if token[0] == "{":
        yield Undressed(token.encode("ascii", "replace"), "plain JSON")
        return
    if _HEX.fullmatch(token):
        yield Undressed(bytes.fromhex(token), "hex")
    once = from_base64(token)
    if once is None:
        return
    yield once
    if once.raw.isascii() and len(once.raw) > 1:
        twice = from_base64(once.raw.decode("ascii").rstrip("\n"))
        if twice is not None:
            yield Undressed(twice.raw, "double base64")


def from_base64(token: str) -> Undressed | None:
    """Decode base64 of either alphabet, padded or not; None where the text is none or mixes the alphabets."""
    if not _BASE64.fullmatch(token):
        return None
    url_safe = "-" in token or "_" in token
    if url_safe and ("+" in token or "/" in token):
        return None
    digits = token.rstrip("=")
    if len(digits) % 4 == 1:
        return None
    raw = binascii.a2b_base64((digits + "=" * (-len(digits) % 4)).translate(_TO_STANDARD))
    alphabet = "url-safe base64" if url_safe else "standard base64"
    return Undressed(raw, alphabet + _padding_words(len(digits), len(token) - len(digits)))


def _padding_words(digits: int, padding: int) -> str:
    needed = -digits % 4
    if padding == needed:
        return ", padded" if needed else ""
    return ", wrongly padded" if padding else ", unpadded"
