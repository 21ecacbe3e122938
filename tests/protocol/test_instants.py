"""Times in every unit and notation that caveats use, and none that no calendar holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.instants import LATEST, instant_words, read_instant

NOON = 1_795_262_400  # 2026-11-21 12:00:00 UTC


@pytest.mark.parametrize(
    "text",
    [
        "1795262400",
        "1795262400.75",
        "1795262400000",
        "1795262400000000",
        "1795262400000000000",
        "2026-11-21T12:00:00Z",
        "2026-11-21T12:00:00.999Z",
        "2026-11-21T13:00:00+01:00",
        "2026-11-21 12:00:00",
        " 2026-11-21T12:00Z ",
    ],
)
def test_one_moment_in_every_notation(text: str) -> None:
    assert read_instant(text) == NOON
    assert instant_words(NOON) == "2026-11-21 12:00 UTC"


def test_a_date_alone_is_its_midnight() -> None:
    assert read_instant("2026-11-21") == NOON - 12 * 3600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-1",
        "+5",
        "1e9",
        "٣٤٥",
        "9" * 21,
        "9" * 5000,
        "2026-13-01",
        "2026-02-30",
        "0x10",
        "in 1 h",
        "nan",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_instant(text) is None


def test_the_ends_of_the_calendar_hold() -> None:
    assert read_instant("9999-12-31T23:59:59Z") == LATEST
    assert instant_words(LATEST) == "9999-12-31 23:59 UTC"
    assert instant_words(LATEST + 1) == "a time beyond every calendar"
    assert instant_words(10**30) == "a time beyond every calendar"
    assert instant_words(0) == "1970-01-01 00:00 UTC"
    early = read_instant("0001-01-01T00:00:00+23:59")
    assert early is not None
    assert instant_words(early) == "a time beyond every calendar"


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = read_instant(text)
    if found is not None:
        instant_words(found)


@given(st.datetimes())
def test_every_date_is_read_back(moment: object) -> None:
    found = read_instant(f"{moment}Z".replace(" ", "T"))
    assert found is not None
    assert instant_words(found) == f"{moment}"[:16] + " UTC"
