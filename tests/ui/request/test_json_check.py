"""Where JSON breaks is said with line, character and words; laying out changes nothing but space."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.ui.request.json_check import CHECKED_CHARACTERS, check, formatted

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ('{"a": 1,\n "b": }', 2, 7, "value"),
        ('{"a" 1}', 1, 6, "colon"),
        ("[1 2]", 1, 4, "comma"),
        ("{a: 1}", 1, 2, "name"),
        ('{"a": "b', 1, 7, "closed"),
        ("{} x", 1, 4, "after the end"),
    ],
)
def test_the_place_and_the_missing_thing_are_named(text: str, line: int, column: int, word: str) -> None:
    problem = check(text)
    assert problem is not None
    assert (problem.line, problem.column) == (line, column)
    assert word in problem.sentence()
    assert f"line {line}, character {column}: " in problem.sentence()


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "[" * 100_000])
def test_what_has_no_place_still_gets_a_sentence(text: str) -> None:
    problem = check(text)
    assert problem is not None
    assert problem.line == 0
    assert problem.sentence().startswith("Not valid JSON: ")


def test_a_number_of_any_length_is_json() -> None:
    assert check("9" * 6_000) is None


def test_a_huge_text_is_not_checked() -> None:
    assert check("x" * (CHECKED_CHARACTERS + 1)) is None


@given(VALUES)
def test_every_json_value_passes_and_is_laid_out_to_the_same_value(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert check(text) is None
    laid_out = formatted(text)
    assert laid_out is not None
    assert json.loads(laid_out) == value


@given(st.text(max_size=60))
def test_any_text_is_checked_without_an_exception(text: str) -> None:
    problem = check(text)
    assert problem is None or problem.sentence()
    formatted(text)


def test_numbers_order_and_repeated_names_stay_as_written() -> None:
    assert formatted('{"b":1.0E+2,"a":12345678901234567890123,"b":2}') == (
        b'{\n  "b": 1.0E+2,\n  "a": 12345678901234567890123,\n  "b": 2\n}'
    )


def test_deep_nesting_is_not_laid_out() -> None:
    assert formatted("[" * 100_000 + "]" * 100_000) is None


def test_brackets_that_would_grow_a_thousandfold_are_not_laid_out() -> None:
    deep = "[" * 900 + "]" * 900
    assert formatted("[" + ",".join([deep] * 250) + "]") is None
