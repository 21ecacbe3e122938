"""The vocabulary: each word refuses comparisons it does not know, and no value breaks a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.caveat_words import MOST_SERVICES, WORDS, WORDS_BY_ENDING
from l402desk.protocol.instants import read_instant

TIMES = {
    "expiration",
    "expiresat",
    "expires",
    "expiry",
    "exp",
    "validuntil",
    "time",
    "notbefore",
    "validfrom",
}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_words_are_looked_up_without_case_and_separators(word: str) -> None:
    assert word == word.lower()
    assert not set(word) & {"_", "-", " "}


@pytest.mark.parametrize("word", sorted(set(WORDS) - TIMES))
def test_a_word_that_is_no_time_knows_equations_only(word: str) -> None:
    assert WORDS[word]("=", "x") is not None
    for comparator in ("<", ">", "<=", ">="):
        assert WORDS[word](comparator, "x") is None


@pytest.mark.parametrize("word", sorted(TIMES - {"time", "notbefore", "validfrom"}))
def test_the_end_of_a_token_is_an_equation_or_an_upper_bound(word: str) -> None:
    for comparator in ("=", "==", "<", "<="):
        said = WORDS[word](comparator, "2026-11-21T13:03:59Z")
        assert said is not None
        assert said.words == "valid until 2026-11-21 13:03 UTC"
        assert said.expires_at == read_instant("2026-11-21T13:03:59Z")
    begins = WORDS[word](">", "2026-11-21T13:03:59Z")
    assert begins is not None
    assert (begins.words, begins.expires_at) == ("not valid before 2026-11-21 13:03 UTC", None)


def test_the_time_now_is_bounded_and_never_equal() -> None:
    assert WORDS["time"]("=", "2026-11-21") is None
    until, since = WORDS["time"]("<", "2026-11-21"), WORDS["time"](">", "2026-11-21")
    assert until is not None
    assert since is not None
    assert until.expires_at is not None
    assert since.expires_at is None


def test_many_services_are_counted() -> None:
    said = WORDS["services"]("=", ",".join(f"s{n}:0" for n in range(MOST_SERVICES + 7)))
    assert said is not None
    assert said.words.endswith("; and 7 more")


@given(st.sampled_from(sorted(WORDS)), st.sampled_from(["=", "==", "<", ">", "<=", ">="]), st.text(max_size=60))
def test_any_value_makes_a_sentence_or_none(word: str, comparator: str, value: str) -> None:
    said = WORDS[word](comparator, value)
    assert said is None or said.words


@given(st.text(max_size=30), st.sampled_from(["=", "<", ">"]), st.text(max_size=30))
def test_any_name_with_a_known_ending_makes_a_sentence_or_none(name: str, comparator: str, value: str) -> None:
    endings = ("_valid_until", "_valid_from", "_capabilities", "_volume_sats", "_monthly_volume_msat")
    for ending in endings:
        for pattern, say in WORDS_BY_ENDING:
            found = pattern.fullmatch(name + ending)
            said = say(found, comparator, value) if found else None
            assert said is None or said.words
