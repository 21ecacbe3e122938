"""Reading a URL's query into rows and writing rows back changes nothing that nobody edited."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.ui.request.query import Param, merged, read_params, shared_front, url_with

SEGMENTS = st.text(alphabet="abcXYZ019%+=é{} .-_~!$'()*,;:@/?|", min_size=1, max_size=12)
QUERIES = st.lists(SEGMENTS, max_size=6).map("&".join)
NAMES = st.text(min_size=1, max_size=10).filter(lambda text: not any(0xD800 <= ord(c) < 0xE000 for c in text))


@given(QUERIES, st.sampled_from(["", "#part", "#a?b=c"]))
def test_rows_written_back_unedited_leave_the_url_as_it_was(query: str, fragment: str) -> None:
    url = f"https://api.example.com/a;b{'?' + query if query else ''}{fragment}"
    assert url_with(url, read_params(url)) == url


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=5))
def test_typed_rows_are_read_back_as_they_were_typed(pairs: list[tuple[str, str]]) -> None:
    url = url_with("https://api.example.com/", [Param(name, value) for name, value in pairs])
    read = read_params(url)
    printable = [(name, value) for name, value in pairs if name.isprintable() and value.isprintable()]
    assert len(read) == len(pairs)
    assert [(row.name, row.value) for row in read if row.name.isprintable()][: len(printable)] or not printable
    if len(printable) == len(pairs):
        assert [(row.name, row.value) for row in read] == pairs


def test_repeated_names_stay_separate_and_in_order() -> None:
    assert [row.value for row in read_params("http://a/?x=1&y=2&x=3")] == ["1", "2", "3"]


def test_editing_one_part_leaves_the_spelling_of_the_others() -> None:
    url = "http://a/?q=a+b&raw=%e9%FF&flag"
    first, raw, flag = read_params(url)
    assert first.value == "a b"
    assert url_with(url, [first.with_value("a c"), raw, flag]) == "http://a/?q=a%20c&raw=%e9%FF&flag"


def test_a_value_that_is_no_text_is_shown_and_edited_percent_encoded() -> None:
    (row,) = read_params("http://a/?x=%FF")
    assert row.value == "%FF"
    assert row.with_value("%FE").spelled() == "x=%FE"


def test_control_characters_stay_spelled_out() -> None:
    (row,) = read_params("http://a/?x=a%0d%0ab")
    assert row.value == "a%0d%0ab"


def test_a_name_without_equals_gets_one_with_its_first_value() -> None:
    (row,) = read_params("http://a/?flag")
    assert row.bare
    assert row.spelled() == "flag"
    assert row.with_value("1").spelled() == "flag=1"


def test_separators_in_typed_text_are_encoded_and_variables_are_not() -> None:
    row = Param("a&b=c", "x=1&y#+% {{city}}")
    assert row.spelled() == "a%26b%3Dc=x=1%26y%23%2B%25%20{{city}}"


@pytest.mark.parametrize("url", ["http://a/p#f", "http://a/p?#f", "http://a/p?x=1#f"])
def test_switching_every_row_off_leaves_no_question_mark(url: str) -> None:
    off = [replace(row, enabled=False) for row in read_params(url)]
    assert url_with(url, off) == "http://a/p#f"


def test_a_switched_off_row_keeps_its_place_while_the_url_is_typed() -> None:
    old = (Param("a", "1"), Param("b", "2", enabled=False), Param("c", "3"))
    rows = merged(old, "http://a/?a=1&c=34&d=5")
    assert [(row.name, row.enabled) for row in rows] == [("a", True), ("b", False), ("c", True), ("d", True)]


def test_an_emptied_row_counts_as_nothing() -> None:
    (row,) = read_params("http://a/?x=1")
    assert not row.with_name("").with_value("")
    assert url_with("http://a/?x=1", [row.with_name("").with_value("")]) == "http://a/"


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_what_two_share_at_the_front_ends_where_they_differ(left: str, right: str) -> None:
    count = shared_front(left, right)
    assert left[:count] == right[:count]
    assert count in (len(left), len(right)) or left[count] != right[count]
