"""Bodies and the bytes that follow from them."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.client.body import (
    Body,
    FileBody,
    FormBody,
    JsonBody,
    NoBody,
    TextBody,
    content_type_of,
    file_size,
    payload_of,
)
from l402desk.client.errors import DraftError
from l402desk.client.fields import Field


@pytest.mark.parametrize(
    ("body", "media_type", "payload"),
    [
        (NoBody(), None, b""),
        (JsonBody('{"ä": 1,}'), "application/json", '{"ä": 1,}'.encode()),
        (TextBody("€"), "text/plain; charset=utf-8", "€".encode()),
        (TextBody("<a/>", "application/xml"), "application/xml", b"<a/>"),
        (
            FormBody((Field("a b", "ä&="), Field("x", "", enabled=False), Field("e", ""))),
            "application/x-www-form-urlencoded",
            b"a%20b=%C3%A4%26%3D&e=",
        ),
    ],
)
def test_a_body_knows_its_media_type_and_bytes(body: Body, media_type: str | None, payload: bytes) -> None:
    assert content_type_of(body) == media_type
    assert payload_of(body) == payload


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
def test_a_form_reads_back_as_what_was_typed(pairs: list[tuple[str, str]]) -> None:
    fields = tuple(Field(name, value) for name, value in pairs)
    try:
        payload = payload_of(FormBody(fields))
    except DraftError:
        assert any("\ud800" <= ch <= "\udfff" for pair in pairs for text in pair for ch in text)
        return
    assert isinstance(payload, bytes)
    kept = [(field.name, field.value) for field in fields if field.counts]
    assert parse_qsl(payload.decode(), keep_blank_values=True) == kept


def test_half_a_character_is_refused_in_words() -> None:
    with pytest.raises(DraftError) as refused:
        payload_of(JsonBody("\ud83d"))
    assert refused.value.part == "body"


def test_only_a_plain_file_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"12345")
    assert payload_of(FileBody(file)) == file
    assert file_size(file) == 5
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, tmp_path / "absent", Path("a\x00b")):
        with pytest.raises(DraftError):
            file_size(path)
