"""The dressings of a token: what each is called, and what is none."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.token_text import MOST_TEXT, checked, from_base64, undressings

RAW = b"\xfb\xff\xfe\x01"  # both alphabets differ in it, and it needs padding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("+//+AQ==", "standard base64, padded"),
        ("+//+AQ", "standard base64, unpadded"),
        ("-__-AQ==", "url-safe base64, padded"),
        ("-__-AQ", "url-safe base64, unpadded"),
        ("-__-AQ=", "url-safe base64, wrongly padded"),
    ],
)
def test_base64_in_every_dressing(text: str, encoding: str) -> None:
    found = from_base64(text)
    assert found is not None
    assert (found.raw, found.encoding) == (RAW, encoding)


def test_text_that_needs_no_padding_is_called_neither() -> None:
    found = from_base64("+//+")
    assert found is not None
    assert found.encoding == "standard base64"


@pytest.mark.parametrize("text", ["+_//", "ABCDE", "=", "====", "AB=C", "AB===", "A.B", "", "deposit_1:x"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    assert from_base64(text) is None


def test_hexadecimal_is_tried_before_base64() -> None:
    assert [u.encoding for u in undressings("0201")] == ["hex", "standard base64"]
    assert next(iter(undressings("0201"))).raw == b"\x02\x01"


def test_base64_inside_base64_is_undressed_twice() -> None:
    twice = base64.b64encode(base64.urlsafe_b64encode(RAW).rstrip(b"=")).decode()
    last = list(undressings(twice))[-1]
    assert (last.raw, last.encoding) == (RAW, "double base64")


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "a b", "a\tb", "a\nb", "a\0b", "a\x7f", "tökén", "x" * (MOST_TEXT + 1), "{é}", "\ud800"],
)
def test_what_can_be_no_token_is_refused(text: str) -> None:
    with pytest.raises(MacaroonError) as refused:
        checked(text)
    assert str(refused.value).isprintable()


def test_white_space_around_a_token_is_taken_off_and_inside_json_it_may_stay() -> None:
    assert checked(" abc\r\n") == "abc"
    assert checked('{"a": 1}') == '{"a": 1}'
    assert checked("x" * MOST_TEXT) == "x" * MOST_TEXT


@given(st.binary(min_size=1, max_size=200), st.booleans(), st.booleans())
def test_whatever_base64_wrote_comes_back(raw: bytes, url_safe: bool, padded: bool) -> None:
    coded = base64.urlsafe_b64encode(raw) if url_safe else base64.b64encode(raw)
    text = coded.decode() if padded else coded.decode().rstrip("=")
    found = from_base64(text)
    assert found is not None
    assert found.raw == raw


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=100))
def test_any_visible_text_is_undressed_or_not_without_raising(text: str) -> None:
    list(undressings(checked(text)))
