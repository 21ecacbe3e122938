"""What was said on both sides of a purchase, as bytes for the ledger to seal, and back for a person to read."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from l402desk.client.answer import Answer

MOST_BODY = 16 * 1024
"""Bytes of a body that are kept with the purchase."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: ``at`` is unix seconds, ``body`` its first bytes, ``size`` all of them. May hold secrets."""

    method: str
    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    size: int
    at: int

    def __repr__(self) -> str:
        return f"Said({self.status}, {self.size} bytes)"


@dataclass(frozen=True, slots=True)
class Transcript:
    """The answer that asked for the money, and the last one to the token that was bought."""

    asked: Said | None = None
    delivered: Said | None = None


def with_asked(answer: Answer, at: int) -> bytes:
    """A transcript that begins with this answer."""
    return json.dumps({"asked": _said(answer, at)}).encode()


def with_delivered(before: bytes | None, answer: Answer, at: int) -> bytes:
    """The same transcript with the answer to the token; what cannot be read of it is begun anew."""
    record = _record(before)
    return json.dumps({**record, "delivered": _said(answer, at)}).encode()


def read_transcript(record: bytes | None) -> Transcript:
    """What there is of it: a part that is missing or unreadable is None."""
    read = _record(record)
    return Transcript(_read(read.get("asked")), _read(read.get("delivered")))


def _record(record: bytes | None) -> dict[str, Any]:
    try:
        read = json.loads(record or b"{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _said(answer: Answer, at: int) -> dict[str, Any]:
    try:
        body = answer.body.head(MOST_BODY)
    except OSError:  # the cache was cleared under us: the head of the answer is worth keeping without it
        body = b""
    return {
        "method": answer.method,
        "url": answer.url,
        "status": answer.status,
        "headers": [list(header) for header in answer.headers],
        "body": base64.b64encode(body).decode("ascii"),
        "size": answer.body.size,
        "at": at,
    }


def _read(said: Any) -> Said | None:  # noqa: ANN401 - whatever JSON holds
    try:
        return Said(
            said["method"],
            said["url"],
            said["status"],
            tuple((str(name), str(value)) for name, value in said["headers"]),
            base64.b64decode(said["body"]),
            said["size"],
            said["at"],
        )
    except (KeyError, TypeError, ValueError):
        return None
