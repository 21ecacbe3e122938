"""What a hostile text may and may not do to the line that shows it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.text import MOST_MARKS, is_suspicious, visible

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
anything = st.text(st.characters(), max_size=200)  # surrogates too


def test_plain_text_stays_as_it_is() -> None:
    assert visible("services=weather:0") == "services=weather:0"
    assert visible("Grüße aus Zürich, 10 €, 東京 ⚡") == "Grüße aus Zürich, 10 €, 東京 ⚡"
    assert visible("") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\0b", "a␀b"),
        ("two\nlines\r\n", "two␊lines␍␊"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x7f\x85", "␡‹U+0085›"),
        ("\u202egnp.exe", "‹U+202E›gnp.exe"),
        ("pay\u200bpal", "pay‹U+200B›pal"),
        ("\u2028\u2029", "‹U+2028›‹U+2029›"),
        ("\U000e0041", "‹U+E0041›"),
        ("\ud800", "‹U+D800›"),
        ("\ue000", "‹U+E000›"),
        ("\u3164\u115f", "‹U+3164›‹U+115F›"),
    ],
)
def test_what_cannot_be_seen_becomes_a_mark(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert is_suspicious(text) or text == "\ue000"


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    assert visible("x" * 501) == "x" * 500 + "… (+1 characters)"
    assert visible("x" * 500) == "x" * 500
    assert visible("abc", 0) == "… (+3 characters)"
    assert visible("abcdefgh", -5) == "… (+8 characters)"


def test_a_pile_of_marks_is_cut_to_four_and_counted() -> None:
    assert visible("e" + "\u0301" * 30 + "x") == "e" + "\u0301" * 4 + "‹+26 marks›x"
    assert visible("\u0301" * 6) == "\u0301" * 4 + "‹+2 marks›"
    assert is_suspicious("e" + "\u0301" * 30)
    assert not is_suspicious("e\u0301" * 30)


@given(anything)
def test_nothing_hidden_survives(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(ch) for ch in shown} & HIDDEN
    marks = 0
    for ch in shown:
        marks = marks + 1 if unicodedata.category(ch) in {"Mn", "Me"} else 0
        assert marks <= MOST_MARKS
    shown.encode("utf-8")


@given(anything)
def test_showing_a_shown_text_changes_nothing(text: str) -> None:
    assert visible(visible(text), 100_000) == visible(text)


@pytest.mark.parametrize(
    "text",
    ["<b>free</b>", '<img src="http://x/y">', "<a href=x>", "<!-- -->", "<?xml", "&lt;", "&#60;", "&#x3c;"],
)
def test_markup_is_suspicious(text: str) -> None:
    assert is_suspicious(text)


@pytest.mark.parametrize(
    "text",
    ["time < 2026-11-21T00:00:00Z", "a < b and c > d", "R&D; tea & cake", "1 <3 you", "⚡️ fast", "naïve"],
)
def test_honest_text_is_not_suspicious(text: str) -> None:
    assert not is_suspicious(text)
