"""What a request carries: nothing, JSON, text, a form or a file, and the bytes and media type that follow."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field
from pathlib import Path

from l402desk.client.errors import DraftError
from l402desk.client.fields import Field
from l402desk.client.urls import encode_component


@dataclass(frozen=True, slots=True)
class NoBody:
    """Nothing is sent."""


@dataclass(frozen=True, slots=True)
class JsonBody:
    """JSON as typed, sent as UTF-8; not corrected, for a server's reaction to bad JSON may be the question."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TextBody:
    """Text as typed, sent as UTF-8."""

    text: str = field(repr=False)
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class FormBody:
    """Name and value pairs, percent-encoded (application/x-www-form-urlencoded)."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class FileBody:
    """The bytes of a file, read while they are sent."""

    path: Path
    content_type: str = "application/octet-stream"


Body = NoBody | JsonBody | TextBody | FormBody | FileBody


def content_type_of(body: Body) -> str | None:
    """The media type, or None where nothing is sent."""
    match body:
        case NoBody():
            return None
        case JsonBody():
            return "application/json"
        case FormBody():
            return "application/x-www-form-urlencoded"
        case TextBody(_, content_type) | FileBody(_, content_type):
            return content_type


def payload_of(body: Body) -> bytes | Path:
    """The bytes to send, or the path of the file that holds them. Raises DraftError."""
    match body:
        case NoBody():
            return b""
        case JsonBody(text) | TextBody(text, _):
            return _utf8(text)
        case FormBody(fields):
            pairs = [(field.name, field.value) for field in fields if field.counts]
            return "&".join(f"{_component(name)}={_component(value)}" for name, value in pairs).encode("ascii")
        case FileBody(path, _):
            return path


def file_size(path: Path) -> int:
    """Bytes in the file to send. Raises DraftError unless it is a plain file that can be read.

    Blocks for the time of one ``stat``. A device or a pipe would never end.
    """
    try:
        status = path.stat()
    except (OSError, ValueError) as error:
        raise DraftError("body", f"The file {path.name} cannot be read", "Choose another file.") from error
    if not stat.S_ISREG(status.st_mode):
        raise DraftError("body", f"{path.name} is not a plain file", "Choose another file.")
    return status.st_size


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise DraftError("body", "The body contains half a character (a lone surrogate)") from error


def _component(text: str) -> str:
    _utf8(text)
    return encode_component(text)
