"""Spans of time are told in one unit that is easy to grasp."""

from __future__ import annotations

import pytest

from l402desk.protocol.durations import duration_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (60, "1 minute"),
        (61, "61 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (-240, "4 minutes"),
        (3_600, "1 hour"),
        (7_199, "119 minutes"),
        (7_200, "2 hours"),
        (86_400, "1 day"),
        (47 * 3_600, "47 hours"),
        (7 * 86_400, "7 days"),
        (3 * 365 * 86_400, "3 years"),
        (10**15, "31,709,791 years"),
    ],
)
def test_a_span_in_words(seconds: int, words: str) -> None:
    assert duration_words(seconds) == words
