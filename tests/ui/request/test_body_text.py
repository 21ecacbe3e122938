"""Whatever a body is, the widget gets short lines without anything that could turn or hide text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.ui.request.body_text import (
    LINE_CHARACTERS,
    SHOWN_LINES,
    SLICE_LINES,
    BodyKind,
    decoded,
    displayable,
    first_lines,
    hex_dump,
    kind_of,
    size_words,
    slices,
    time_words,
)
from tests.ui.request.samples import HOSTILE


@pytest.mark.parametrize("name", HOSTILE)
def test_no_line_is_long_and_no_hidden_character_is_left(name: str) -> None:
    lines, _ = displayable(decoded(HOSTILE[name], ""))
    assert max(map(len, lines)) <= LINE_CHARACTERS
    text = "\n".join(lines)
    assert not set(text) & set("\0\x07\x1b\x7f\u202e\u202c\u2066\u2069\u2028\u2029\ufeff")


@given(st.text(max_size=4_000))
def test_the_lines_joined_again_are_the_text_where_nothing_was_hidden(text: str) -> None:
    lines, continued = displayable(text.replace("\r", ""))
    joined = "".join(("" if n == 0 or n in continued else "\n") + line for n, line in enumerate(lines))
    if all(ch in "\n\t" or ch.isprintable() for ch in text):
        assert joined == text


def test_two_megabytes_on_one_line_become_two_thousand_lines_that_know_they_continue() -> None:
    lines, continued = displayable("a" * 2_000_000)
    assert len(lines) == 2_000
    assert continued == frozenset(range(1, 2_000))


@given(st.lists(st.text("ab", max_size=1_000), min_size=1, max_size=50))
def test_slices_joined_are_the_lines_joined(lines: list[str]) -> None:
    assert "".join(slices(lines)) == "\n".join(lines)


def test_a_slice_has_at_most_so_many_lines() -> None:
    assert max(part.count("\n") for part in slices([""] * 100_000)) <= SLICE_LINES


def test_line_ends_of_all_kinds_are_one_line_end() -> None:
    assert displayable("a\r\nb\rc\nd")[0] == ["a", "b", "c", "d"]


def test_more_lines_than_can_be_shown_are_cut_and_it_is_told() -> None:
    assert first_lines("a\r\nb") == ("a\r\nb", False)
    text, cut = first_lines("\r\n" * (SHOWN_LINES + 5))
    assert cut
    assert text.count("\n") == SHOWN_LINES - 1


@pytest.mark.parametrize(
    ("content_type", "head", "kind"),
    [
        ("application/json", b"{}", BodyKind.JSON),
        ("application/problem+json; charset=utf-8", b"{}", BodyKind.JSON),
        ("", b'  {"a": 1}', BodyKind.JSON),
        ("text/html", b"<b>", BodyKind.TEXT),
        ("text/html", b"", BodyKind.EMPTY),
        ("text/plain", b"\x89PNG\r\n\x1a\n", BodyKind.IMAGE),
        ("application/json", b"a\0b", BodyKind.BINARY),
        ("text/plain", bytes(range(1, 9)) * 9, BodyKind.BINARY),
        ("text/plain; charset=utf-16", "hé".encode("utf-16"), BodyKind.TEXT),
        ("text/plain", b"caf\xe9", BodyKind.TEXT),
    ],
)
def test_the_kind_follows_the_bytes_and_then_the_content_type(content_type: str, head: bytes, kind: BodyKind) -> None:
    assert kind_of(content_type, head) is kind


@pytest.mark.parametrize(
    ("content_type", "data", "text"),
    [
        ("text/plain; charset=iso-8859-1", b"caf\xe9", "café"),
        ('text/plain; charset="windows-1252"', b"\x80", "€"),
        ("text/plain", b"caf\xe9", "caf\ufffd"),
        ("text/plain; charset=idna", b"xn--a", "xn--a"),
        ("text/plain; charset=unicode_escape", b"\\x41", "\\x41"),
        ("text/plain; charset=no-such", b"a", "a"),
    ],
)
def test_only_plain_charsets_are_believed(content_type: str, data: bytes, text: str) -> None:
    assert decoded(data, content_type) == text


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_under_any_charset_are_shown(data: bytes, charset: str) -> None:
    displayable(decoded(data, f"text/plain; charset={charset}"))
    kind_of(f"text/plain; charset={charset}", data)


def test_hexadecimal_lines_have_offset_bytes_and_letters() -> None:
    first, second = hex_dump(b"0123456789abcdef\0<").split("\n")
    assert first == "00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef"
    assert second.startswith("00000010  00 3c")
    assert second.endswith("  ·<")


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 B"), (999, "999 B"), (1_400, "1.4 kB"), (12_345_678, "12 MB"), (5_100_000_000, "5.1 GB")]
)
def test_sizes_are_said_shortly(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(("ms", "words"), [(0.44, "0.4 ms"), (84.2, "84 ms"), (1_234, "1.2 s"), (125_000, "2 min 5 s")])
def test_durations_are_said_shortly(ms: float, words: str) -> None:
    assert time_words(ms) == words
