"""JSON of strangers is read or refused, and nothing else."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.foreign.entries import EntryRefused, ImportRefused
from l402desk.vault.foreign.json_value import read_json, text_in


def test_json_is_read_with_or_without_a_byte_order_mark() -> None:
    assert read_json(b'{"a": 1, "a": 2}', "it") == {"a": 2}
    assert read_json(b"\xef\xbb\xbf[]", "it") == []


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe{", b"[" * 100_000, b"1" * 5_000, b"nonsense"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ImportRefused, match="the file is no readable JSON"):
        read_json(raw, "the file")


def test_the_first_member_of_several_names_counts_and_must_be_text() -> None:
    assert text_in({"b": "x", "a": None}, "a", "b") == "x"
    assert text_in({}, "a") == ""
    for value in (7, ["x"], "\ud800"):
        with pytest.raises(EntryRefused):
            text_in({"a": value}, "a")


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    with contextlib.suppress(ImportRefused):
        read_json(raw, "it")
