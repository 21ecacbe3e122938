"""The page keeps its columns, its 80 characters and its meaning on every kind of terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.cli.page import DANGER, GOOD, INFO, WARNING, WIDTH, Page, columns, wrapped


class Terminal(io.TextIOWrapper):
    """A stream of a given character set that says it is a terminal."""

    def __init__(self, encoding: str, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def filled(page: Page) -> str:
    page.heading(WARNING, "CAUTION", "21 sats.")
    page.blank()
    for mark in (GOOD, DANGER, WARNING, INFO):
        page.remark(mark, "a sentence that is long enough to need a second line on a page of eighty columns, it is")
    page.section("Price")
    page.row("Amount", "21 sats")
    page.note("of the signed invoice")
    page.row("A label that is too long", "value")
    return page.text()


def test_values_stand_in_one_column_and_no_line_is_too_long() -> None:
    lines = filled(Page(unicode=True, colour=False)).splitlines()
    assert all(columns(line) <= WIDTH for line in lines)
    assert "Amount        21 sats" in lines
    assert "              of the signed invoice" in lines
    assert "A label that is too long value" in lines
    assert [line for line in lines if line.startswith("── Price ─")] == ["── Price " + "─" * 71]
    assert not any(line != line.rstrip() for line in lines)


def test_a_sign_and_a_word_say_what_the_colour_says() -> None:
    text = filled(Page(unicode=True, colour=False))
    for line in ("! CAUTION  21 sats.", "✓ good  ", "✗ danger  ", "! warning  ", "· info  "):
        assert line in text
    assert "\x1b" not in text


def test_colour_adds_nothing_but_colour() -> None:
    import re

    coloured = filled(Page(unicode=True, colour=True))
    assert "\x1b[1;31m✗ danger\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == filled(Page(unicode=True, colour=False))


def test_plain_terminals_get_plain_characters() -> None:
    text = filled(Page(unicode=False, colour=False))
    assert text.isascii()
    assert "x danger" in text
    assert "-- Price ---" in text


@pytest.mark.parametrize(
    ("encoding", "is_terminal", "environment", "unicode", "colour"),
    [
        ("utf-8", True, {}, True, True),
        ("utf-8", False, {}, True, False),
        ("utf-8", True, {"NO_COLOR": ""}, True, False),
        ("utf-8", True, {"TERM": "dumb"}, True, False),
        ("ascii", True, {}, False, True),
        ("cp1252", True, {}, False, True),
    ],
)
def test_a_page_suits_its_stream(
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    is_terminal: bool,
    environment: dict[str, str],
    unicode: bool,
    colour: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    text = filled(Page.for_stream(Terminal(encoding, is_terminal)))
    assert ("✓" in text, "\x1b" in text) == (unicode, colour)


def test_wide_characters_take_two_columns() -> None:
    assert (columns("abc"), columns("早上"), columns("e\u0301"), columns("é")) == (3, 4, 1, 1)
    assert wrapped("早上好 早上好", 6) == ["早上好", "早上好"]


def test_an_endless_word_is_cut() -> None:
    assert wrapped("x" * 10 + " y", 4) == ["xxxx", "xxxx", "xx y"]
    assert wrapped("", 4) == [""]


@given(st.text(), st.integers(2, 90))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
