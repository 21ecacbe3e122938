"""Answers, drafts and hostile bodies that several tests show."""

from __future__ import annotations

from l402desk.client.answer import Answer, Timings
from l402desk.client.request import RequestDraft
from l402desk.client.spool import SpooledBody

URL = "http://127.0.0.1:8402/weather?city=Lisbon"

HOSTILE = {
    "two megabytes on one line": b"a" * 2_000_000,
    "a megabyte of line ends": b"\n" * 1_048_576,
    "invalid UTF-8": b"caf\xe9 \xff\xfe ok",
    "NULs": b"\0" * 5_000,
    "a hundred thousand brackets": b"[" * 100_000 + b"]" * 100_000,
    "a lone surrogate": b'{"half": "\\ud800"}',
    "encoded surrogates": b'{"half": "\xed\xa0\x80"}',
    "a number of 6,000 digits": b'{"n": ' + b"9" * 6_000 + b"}",
    "NaN": b'{"n": NaN}',
    "markup": b"<table><tr><td>" * 40 + b"<img src='/dev/zero'>",
    "direction overrides": "safe\u202eelif\u202c \u2066x\u2069".encode(),
    "escape codes": b"\x1b[31mred\x07\x1b]0;title\x07",
}


def body_of(data: bytes, *, stopped_because: str | None = None) -> SpooledBody:
    return SpooledBody(data, None, len(data), stopped_because is None, stopped_because)


def answer_of(
    data: bytes = b'{"city":"Lisbon"}',
    content_type: str = "application/json",
    status: int = 200,
    reason: str = "OK",
    *,
    more_headers: tuple[tuple[str, str], ...] = (),
    timings: Timings | None = None,
) -> Answer:
    headers = (("Content-Type", content_type), *more_headers)
    measured = timings or Timings(1.0, 2.0, 10.0, 40.0, 5.0, 58.0)
    return Answer(status, reason, "HTTP/1.1", URL, headers, body_of(data), measured)


def draft_of(path: str = "/weather", method: str = "GET") -> RequestDraft:
    return RequestDraft(method, f"http://127.0.0.1:8402{path}")
