"""JSON in tokens: objects are read with all their members, everything else is none, nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.token_json import read_object, value_text


def test_an_object_keeps_its_members_in_order_and_twice() -> None:
    found = read_object(b'{"b":1,"a":"x","b":2}')
    assert found is not None
    assert found.pairs == (("b", 1), ("a", "x"), ("b", 2))
    assert found.has_duplicates
    assert found["b"] == 2


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"x"',
        b"{",
        b"{} x",
        b'{"a":\xff}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 60_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        '{"a":1}'.encode("utf-16"),
    ],
)
def test_what_is_no_object_is_none(raw: bytes) -> None:
    assert read_object(raw) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        (1, "1"),
        (True, "true"),
        (None, "null"),
        ([1, {"a": "é"}], '[1,{"a":"é"}]'),
        (1.5, "1.5"),
    ],
)
def test_values_are_shown_as_people_read_them(value: object, shown: str) -> None:
    assert value_text(value) == shown


def test_a_value_nested_beyond_reason_is_shown_as_an_ellipsis() -> None:
    value: object = 1
    for _ in range(50_000):
        value = [value]
    assert value_text(value) == "…"


@given(st.binary(max_size=100))
def test_any_bytes_are_an_object_or_none(raw: bytes) -> None:
    read_object(b"{" + raw)
