"""Headers are checked before they meet the wire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.client.errors import DraftError
from l402desk.client.fields import Field, check_header_value, checked_headers


def test_headers_keep_their_order_and_case_and_lose_outer_spaces() -> None:
    fields = (Field("b-B", " 1 "), Field(" A ", "2\t"), Field("off", "x", enabled=False), Field("", ""))
    assert checked_headers(fields) == (("b-B", "1"), ("A", "2"))


@pytest.mark.parametrize(
    "name", ["X Y", "X:Y", "X\r\nY", "X\n", "Ü", "X\x00", "(x)", "", "X\x7f", "X-Y:", "Authorization :"]
)
def test_a_name_that_is_no_token_is_refused(name: str) -> None:
    with pytest.raises(DraftError) as refused:
        checked_headers((Field(name, "v"),))
    assert refused.value.part == "headers"


@pytest.mark.parametrize(
    "value", ["a\r\nb", "a\nb", "\r", "a\x00b", "a\x0bb", "a\x7fb", "a\x85b", "a\u2028b", "€", "\ud800"]
)
def test_a_value_that_breaks_the_line_or_cannot_be_carried_is_refused(value: str) -> None:
    with pytest.raises(DraftError):
        checked_headers((Field("X", value),))


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "host",
        "CONTENT-LENGTH",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "TE",
        "Trailer",
        "Expect",
    ],
)
def test_what_follows_from_address_and_body_is_not_typed(name: str) -> None:
    with pytest.raises(DraftError) as refused:
        checked_headers((Field(name, "x"),))
    assert name in refused.value.remedy


def test_two_authorizations_are_refused_and_two_cookies_are_not() -> None:
    with pytest.raises(DraftError):
        checked_headers((Field("Authorization", "a"), Field("authorization", "b")))
    assert len(checked_headers((Field("Cookie", "a"), Field("Cookie", "b")))) == 2


@given(st.text(max_size=40))
def test_whatever_passes_is_one_line_of_latin_1(value: str) -> None:
    try:
        check_header_value("X", value)
    except DraftError:
        return
    assert len(value.encode("latin-1").splitlines()) <= 1
    assert "\x00" not in value
