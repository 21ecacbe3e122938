"""The body of an answer on its way out: whole into a file or not at all, or piece by piece to standard output."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from l402desk.cli.output import OutputLost, abandon_stdout, write_text
from l402desk.store.whole_file import writing_whole

if TYPE_CHECKING:
    from l402desk.client.answer import Answer

PIECE = 256 * 1024
LOOKED_AT = 8 * 1024
"""Bytes of the beginning that tell text from other bytes."""
# What a terminal would obey, a server could make it do (escape sequences); line breaks and tabs stay.
_CONTROLS = {code: 0x2400 + code for code in range(32) if code not in (9, 10)} | {127: 0x2421}
_CONTROLS |= dict.fromkeys(range(128, 160), 0xFFFD)


class NotWritten(Exception):  # noqa: N818 - named for what happened
    """The file could not be written; the sentence says why. Nothing of it is there."""


def check_file(file: Path) -> Path:
    """Where the body will go: ``file``, or what it is a link to. Raises NotWritten while nothing is sent yet."""
    try:
        target = file.resolve()
        if target.is_dir():
            raise NotWritten(f"{file} is a folder")
        if not target.parent.is_dir():
            raise NotWritten(f"There is no folder {target.parent}")
    except (OSError, RuntimeError, ValueError) as error:
        raise NotWritten(f"{file} cannot be written") from error
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise NotWritten(f"{file} cannot be written: you may not write there")
    return target


def write_file(answer: Answer, file: Path) -> None:
    """Put the body in place of the file, whole. What is no plain file (a device, a pipe) is written into.

    Raises NotWritten, and then the file is as it was.
    """
    try:
        if file.exists() and not stat.S_ISREG(file.stat().st_mode):
            with answer.body.open() as body, file.open("wb") as out:
                _copy(body, out)
            return
        with writing_whole(file, replace=True) as out, answer.body.open() as body:
            _copy(body, out)
    except OSError as error:
        raise NotWritten(f"The answer cannot be written to {file}: {error.strerror or error}") from error


def write_out(answer: Answer) -> str:
    """Write the body to standard output, byte for byte; a terminal gets text that cannot steer it, and nothing else.

    The answer is why nothing was written, or empty. Raises OutputLost; OSError where the spooled body is gone.
    """
    if sys.stdout is None or not answer.body.size:
        return ""
    if sys.stdout.isatty():
        return _to_terminal(answer)
    with answer.body.open() as body:
        try:
            sys.stdout.flush()
            _copy(body, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except OSError as error:
            abandon_stdout()
            raise OutputLost(error) from error
    return ""


def _to_terminal(answer: Answer) -> str:
    charset = charset_of(answer)
    if not looks_like_text(answer.body.head(LOOKED_AT), charset):
        return (
            f"The answer is {answer.body.size:,} bytes that are no text, so they are not shown:"
            " name a file with -o, or pipe them on."
        )
    last = ""
    with answer.body.open() as body:
        for text in _decoded(body, charset):
            shown = text.replace("\r\n", "\n").translate(_CONTROLS)
            write_text(shown)
            last = shown or last
    if not last.endswith("\n"):
        write_text("\n")
    return ""


def text_of(answer: Answer) -> str | None:
    """The whole body as text; None where it is none, and only base64 keeps every byte of it."""
    with answer.body.open() as body:
        raw = body.read()
    try:
        text = raw.decode(charset_of(answer))
    except UnicodeError:
        return None
    return None if "\0" in text else text


def looks_like_text(head: bytes, charset: str) -> bool:
    """Is this how text begins? A character may be cut at the end."""
    try:
        text = codecs.getincrementaldecoder(charset)("strict").decode(head)
    except UnicodeError:
        return False
    return "\0" not in text


def charset_of(answer: Answer) -> str:
    """The charset that the answer names, if Python knows it as text; else UTF-8."""
    for value in answer.header_values("Content-Type")[:1]:
        for parameter in value.split(";")[1:]:
            name, _, charset = parameter.partition("=")
            if name.strip().lower() == "charset":
                return _known(charset.strip().strip("\"'"))
    return "utf-8"


def _known(charset: str) -> str:
    try:
        info = codecs.lookup(charset)
        # Codecs such as base64 or zip are no charsets, and some unpack more than was sent.
        return info.name if info._is_text_encoding else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"


def _decoded(body: BinaryIO, charset: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(charset)("replace")
    while piece := body.read(PIECE):
        yield decoder.decode(piece)
    yield decoder.decode(b"", True)


def _copy(body: BinaryIO, out: BinaryIO) -> None:
    while piece := body.read(PIECE):
        out.write(piece)
