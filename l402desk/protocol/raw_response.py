"""A whole HTTP response as people paste it: from ``curl -i`` or ``curl -v``, or one bare header."""

from __future__ import annotations

import re
from dataclasses import dataclass

from l402desk.protocol.errors import ChallengeError
from l402desk.protocol.text import visible

MOST_HEADER_LINES = 1_000
MOST_RESPONSES = 32
"""Responses passed over on the way to the last one: more than any chain of redirects."""

_STATUS = re.compile(r"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t]+(.*))?", re.ASCII)
_FIELD = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
_NAMED = re.compile(
    r"(?:www-authenticate|payment-required|x-cashu|content-type|content-length|date|server|cache-control)"
    r"[ \t]*:",
    re.IGNORECASE,
)
_VERBOSE = re.compile(r"<[ \t]HTTP/\d", re.ASCII)
_INTERIM = (1, 3)  # classes of status that another response follows


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One response. Without a status line, ``version`` is empty, ``status`` 402 and ``assumed`` true."""

    status: int
    reason: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    assumed: bool = False


def looks_like_response(text: str) -> bool:
    """Does the text begin with a status line, a response header by name, or curl's log of a conversation?"""
    start = text.lstrip()
    first = start[:64]
    return first.startswith("HTTP/") or _NAMED.match(first) is not None or _is_verbose(start)


def read_raw_response(text: str) -> RawResponse:
    """The last response in the text: redirects and ``100 Continue`` come before it. Raises ChallengeError.

    Without a status line, header lines make a 402 of their own; text without a header name is taken as the
    value of one ``WWW-Authenticate`` header.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff \t\n")
    if not text:
        raise ChallengeError("There is nothing to read")
    if _is_verbose(text):
        text = _from_verbose(text)
    if not text.startswith("HTTP/"):
        return _without_status_line(text)
    response, following = _one_response(text)
    for _ in range(MOST_RESPONSES):
        if following is None:
            break
        response, following = _one_response(following)
    return response


def _is_verbose(text: str) -> bool:
    first = text[:2]
    if first not in ("* ", "> ", "< ") and not text.startswith("Note: "):
        return False
    return any(_VERBOSE.match(line) for line in text.split("\n", MOST_HEADER_LINES)[:MOST_HEADER_LINES])


def _from_verbose(text: str) -> str:
    """Undo ``curl -v``: its remarks and the request go, ``< `` marks the answer's head, the rest is body."""
    kept: list[str] = []
    for line in text.split("\n"):
        if line == "<" or line.startswith("< "):
            if _VERBOSE.match(line):
                kept.clear()
            kept.append(line[2:])
        elif kept and not (line.startswith(("* ", "> ", "{ [", "} [")) or line == ">"):
            kept.append(line)
    return "\n".join(kept)


def _one_response(text: str) -> tuple[RawResponse, str | None]:
    """Read the response that the text begins with; what follows is returned too when it is the next one."""
    head, _, rest = text.partition("\n\n")
    line, _, fields = head.partition("\n")
    found = _STATUS.fullmatch(line.strip())
    if found is None:
        raise ChallengeError(f"The status line “{visible(line.strip(), 60)}” cannot be read", "line 1")
    status = int(found[2])
    following = rest.lstrip("\n")
    if status // 100 in _INTERIM and not following.startswith("HTTP/"):
        at = following.find("\nHTTP/")  # a redirect may come with a page of its own
        following = following[at + 1 :] if at >= 0 else ""
    response = RawResponse(
        status,
        visible((found[3] or "").strip(), 80),
        found[1],
        _fields(fields, first_line=2),
        rest.encode("utf-8", "replace"),
    )
    return response, following if _STATUS.match(following) else None


def _without_status_line(text: str) -> RawResponse:
    head, _, rest = text.partition("\n\n")
    if _FIELD.match(head):
        return RawResponse(402, "", "", _fields(head, first_line=1), rest.encode("utf-8", "replace"), assumed=True)
    value = " ".join(line.strip() for line in text.split("\n"))
    return RawResponse(402, "", "", (("WWW-Authenticate", value.strip()),), b"", assumed=True)


def _fields(text: str, first_line: int) -> tuple[tuple[str, str], ...]:
    """Header lines; a line that begins with a space carries on the one before (RFC 9112 section 5.2)."""
    found: list[tuple[str, list[str]]] = []
    for number, line in enumerate(text.split("\n", MOST_HEADER_LINES)[:MOST_HEADER_LINES], first_line):
        if not line.strip():
            continue
        field = _FIELD.match(line)
        if line[0] in " \t" and found:
            found[-1][1].append(line.strip())
        elif field is not None:
            found.append((field[1], [field[2].strip()]))
        else:
            raise ChallengeError(f"This is no header: “{visible(line.strip(), 60)}”", f"line {number}")
    return tuple((name, " ".join(values)) for name, values in found)
