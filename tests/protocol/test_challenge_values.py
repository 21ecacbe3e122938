"""A demand's values cannot change once read, and compare by what they say."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from l402desk.protocol.challenge_values import (
    MOST_CHALLENGE_CHARACTERS,
    MOST_HEADER_CHARACTERS,
    Challenge,
    Demand,
    Note,
)

CHALLENGE = Challenge("L402", "raw", "header", None, "token", "t", "i")


@pytest.mark.parametrize(
    ("value", "name"), [(CHALLENGE, "invoice"), (Note("a", "b"), "message"), (Demand(402), "challenges")]
)
def test_what_was_shown_cannot_be_changed(value: object, name: str) -> None:
    """Law 1: what is paid is exactly what was shown."""
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, "other")


def test_equal_challenges_are_equal() -> None:
    assert Challenge("L402", "raw", "header", None, "token", "t", "i") == CHALLENGE
    assert hash(CHALLENGE) == hash(Challenge("L402", "raw", "header", None, "token", "t", "i"))
    assert Challenge("LSAT", "raw", "header", None, "token", "t", "i") != CHALLENGE


def test_a_joined_header_may_hold_as_many_challenges_as_are_read() -> None:
    assert MOST_HEADER_CHARACTERS == 8 * MOST_CHALLENGE_CHARACTERS
