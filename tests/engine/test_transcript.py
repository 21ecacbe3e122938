"""What was said on both sides of a purchase is kept exactly, and read again whatever became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.client.spool import SpooledBody
from l402desk.engine.transcript import MOST_BODY, Said, read_transcript, with_asked, with_delivered
from tests.fakes.journeys import answer_of, demand_of

ASKED = answer_of(demand_of(), body=b"pay first")
GIVEN = replace(ASKED, status=200, headers=(("X-A", "1"), ("X-A", "2")), body=SpooledBody(b"here", None, 4))


def test_both_sides_are_read_as_they_were_said() -> None:
    record = with_delivered(with_asked(ASKED, 100), GIVEN, 200)
    read = read_transcript(record)
    assert read.asked == Said("GET", ASKED.url, 402, ASKED.headers, b"pay first", 9, 100)
    assert read.delivered == Said("GET", GIVEN.url, 200, (("X-A", "1"), ("X-A", "2")), b"here", 4, 200)


def test_the_last_delivery_counts_and_the_challenge_stays() -> None:
    record = with_delivered(with_delivered(with_asked(ASKED, 1), replace(GIVEN, status=503), 2), GIVEN, 3)
    read = read_transcript(record)
    assert read.asked is not None
    assert read.delivered is not None
    assert (read.asked.status, read.delivered.status) == (402, 200)


def test_of_a_large_body_the_beginning_and_its_size_are_kept() -> None:
    large = replace(GIVEN, body=SpooledBody(b"x" * (MOST_BODY + 5), None, MOST_BODY + 5))
    read = read_transcript(with_asked(large, 1)).asked
    assert read is not None
    assert (len(read.body), read.size) == (MOST_BODY, MOST_BODY + 5)


@pytest.mark.parametrize("record", [None, b"", b"[]", b"nonsense", b'{"asked": {"status": 1}}', b"[" * 10_000])
def test_what_cannot_be_read_is_missing_and_a_delivery_is_kept_beside_it(record: bytes | None) -> None:
    assert read_transcript(record).asked is None
    assert read_transcript(with_delivered(record, GIVEN, 1)).delivered is not None


def test_no_repr_shows_what_was_said() -> None:
    read = read_transcript(with_asked(ASKED, 1))
    assert "macaroon" not in repr(read)
    assert "pay first" not in repr(read)
