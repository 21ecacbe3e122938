"""From the bytes of an answer to what is shown of them: text as sent, laid out, hexadecimal or a picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from l402desk.client.spool import SpooledBody
from l402desk.ui.request.body_text import (
    FORMATTED_BYTES,
    HEX_BYTES,
    SHOWN_BYTES,
    SHOWN_LINES,
    BodyKind,
    decoded,
    first_lines,
    hex_dump,
    kind_of,
    size_words,
)
from l402desk.ui.request.image_view import PREVIEWED_BYTES, read_image
from l402desk.ui.request.json_check import formatted


@dataclass(frozen=True, slots=True)
class ShownBody:
    """What the body view shows.

    ``pretty`` is None where there is nothing to lay out; ``note`` says what the user does not see, and why.
    """

    kind: BodyKind
    raw: str
    pretty: str | None = None
    image: QImage | None = None
    note: str = ""


def shown_body(body: SpooledBody, content_type: str) -> ShownBody:
    """Read the head of the body and make it presentable. Never raises for what a server sent.

    At most 1 MiB is read, 8 MiB for a picture. JSON is laid out when it is complete and has at most 512 KiB,
    which takes a few milliseconds. Raises OSError when the spooled file is gone.
    """
    head = body.head(SHOWN_BYTES)
    kind = kind_of(content_type, head)
    notes = [] if body.complete else [_cut_short(body)]
    if kind is BodyKind.IMAGE:
        return _picture(body, head, notes)
    if kind is BodyKind.BINARY:
        if body.size > HEX_BYTES:
            notes.append(f"Showing the first {HEX_BYTES:,} bytes of {size_words(body.size)}.")
        return ShownBody(kind, hex_dump(head[:HEX_BYTES]), note=" ".join(notes))
    if body.size > len(head):
        notes.append(f"Showing the first 1 MB of {size_words(body.size)}. Save it to see everything.")
    pretty = None
    if kind is BodyKind.JSON:
        pretty, why_not = _laid_out(body, head, content_type)
        notes += [why_not] if why_not else []
    raw, cut = first_lines(decoded(head, content_type))
    notes += [f"Showing the first {SHOWN_LINES:,} lines. Save it to see everything."] if cut else []
    return ShownBody(kind, raw, pretty, note=" ".join(notes))


def _cut_short(body: SpooledBody) -> str:
    return f"Incomplete: {body.stopped_because or 'the answer ended before its time'}."


def _laid_out(body: SpooledBody, head: bytes, content_type: str) -> tuple[str | None, str]:
    """The JSON with two spaces per level, or why it is shown as it came."""
    if not body.complete or body.size > FORMATTED_BYTES:
        return None, "" if not body.complete else "Too large to be laid out: shown as it was sent."
    laid_out = formatted(decoded(head, content_type).removeprefix("\ufeff"))
    if laid_out is None or laid_out.count(b"\n") > SHOWN_LINES:
        return None, "This cannot be laid out as JSON: shown as it was sent."
    return laid_out.decode("utf-8", "replace"), ""


def _picture(body: SpooledBody, head: bytes, notes: list[str]) -> ShownBody:
    found: QImage | str
    if body.size > PREVIEWED_BYTES:
        found = f"A picture of {size_words(body.size)} is too large for a preview. Save it to look at it."
    else:
        found = read_image(head if body.size <= len(head) else body.head(PREVIEWED_BYTES))
    if isinstance(found, QImage):
        notes.append(f"{found.width():,} × {found.height():,} pixels")
        return ShownBody(BodyKind.IMAGE, "", image=found, note=" ".join(notes))
    return ShownBody(BodyKind.BINARY, hex_dump(head[:HEX_BYTES]), note=" ".join((*notes, found)))
