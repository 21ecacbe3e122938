"""A draft as bytes and back: what the ledger seals with an intent, so that it can be sent again after a crash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from l402desk.client.body import Body, FileBody, FormBody, JsonBody, NoBody, TextBody
from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft

VERSION = 1


def to_record(draft: RequestDraft) -> bytes:
    """The whole draft as JSON in UTF-8; a file body by its path, not by its content. May hold the user's secrets."""
    record = {
        "version": VERSION,
        "method": draft.method,
        "url": draft.url,
        "params": [_field(field) for field in draft.params],
        "headers": [_field(field) for field in draft.headers],
        "body": _body(draft.body),
    }
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode()


def from_record(record: bytes) -> RequestDraft:
    """The draft that `to_record` wrote. Raises ValueError for anything else."""
    try:
        read = json.loads(record)
        if read["version"] != VERSION:
            raise ValueError("this request was written by another version of the app")
        return RequestDraft(
            method=read["method"],
            url=read["url"],
            params=tuple(Field(*field) for field in read["params"]),
            headers=tuple(Field(*field) for field in read["headers"]),
            body=_read_body(read["body"]),
        )
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("this is no request that the app wrote") from error


def _field(field: Field) -> list[str | bool]:
    return [field.name, field.value, field.enabled]


def _body(body: Body) -> list[Any]:
    match body:
        case NoBody():
            return ["none"]
        case JsonBody(text):
            return ["json", text]
        case TextBody(text, content_type):
            return ["text", text, content_type]
        case FormBody(fields):
            return ["form", [_field(field) for field in fields]]
        case FileBody(path, content_type):
            return ["file", str(path), content_type]


def _read_body(record: list[Any]) -> Body:
    kind, *parts = record
    match kind:
        case "none":
            return NoBody()
        case "json":
            return JsonBody(*parts)
        case "text":
            return TextBody(*parts)
        case "form":
            return FormBody(tuple(Field(*field) for field in parts[0]))
        case "file":
            return FileBody(Path(parts[0]), parts[1])
    raise ValueError("this request has a body of an unknown kind")
