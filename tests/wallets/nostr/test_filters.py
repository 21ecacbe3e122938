"""A filter of NIP-01 takes what was asked for, and nothing that a relay would like to slip in."""

from __future__ import annotations

from typing import Any

import pytest

from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nostr.filters import AHEAD_S, check, matches

NOW = 1_700_000_000
EVENT = sign(b"\x07" * 32, 23_195, [["p", "me"], ["e", "one"], ["e", "two", "x"], ["e"], []], "", NOW)


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"kinds": [23_195]}, {"kinds": [1, 23_195]}, {"authors": [EVENT.pubkey]}, {"ids": [EVENT.id]},
        {"#p": ["me"]}, {"#e": ["two"]}, {"#e": ["zero", "one"]}, {"since": NOW}, {"until": NOW}, {"limit": 0},
        {"kinds": (23_195,), "authors": [EVENT.pubkey], "#e": ["one"], "since": NOW - 9, "until": NOW + 9},
        {"since": NOW - AHEAD_S},
    ],
)  # fmt: skip
def test_what_was_asked_for_matches(asked: dict[str, Any]) -> None:
    check(asked)
    assert matches(asked, EVENT, NOW)


@pytest.mark.parametrize(
    "asked",
    [
        {"kinds": [1]}, {"authors": ["a" * 64]}, {"ids": ["a" * 64]}, {"#p": ["you"]}, {"#e": ["x"]}, {"#q": ["me"]},
        {"since": NOW + 1}, {"until": NOW - 1}, {"kinds": [23_195], "#e": ["three"]},
        {"authors": [EVENT.pubkey], "kinds": [23_196]}, {"ids": [EVENT.id[:-1]]}, {"#E": ["one"]},
    ],
)  # fmt: skip
def test_what_was_not_asked_for_does_not(asked: dict[str, Any]) -> None:
    check(asked)
    assert not matches(asked, EVENT, NOW)


def test_an_event_from_the_far_future_is_no_answer_where_times_matter() -> None:
    assert matches({"since": NOW - 60}, EVENT, NOW - AHEAD_S)
    assert not matches({"since": NOW - 60}, EVENT, NOW - AHEAD_S - 1)
    assert matches({}, EVENT, 0)


@pytest.mark.parametrize(
    "asked",
    [{"kind": [1]}, {"authors": "a" * 64}, {"ids": []}, {"#pp": ["x"]}, {"#1": ["x"]}, {"since": "1"}, {"search": "x"}],
)
def test_what_is_no_filter_is_never_sent(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        check(asked)
