"""Times as other clients write them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.foreign.moments import read_moment

AT = 1_714_045_448


@pytest.mark.parametrize(
    "text",
    [
        AT,
        float(AT),
        str(AT),
        AT * 1000,
        b"2024-04-25 11:44:08",
        "2024-04-25T11:44:08Z",
        "2024-04-25T11:44:08.123Z",
        "2024-04-25 11:44:08.123456789+00:00",
        "2024-04-25 11:44:08.123456789 +0000 UTC",
        "2024-04-25 11:44:08.1 +0000 UTC m=+0.012345678",
        "2024-04-25 13:44:08 +0200 CEST",
        "2024-04-25 13:44:08.5+02:00",
    ],
)
def test_every_way_to_write_a_moment_is_read(text: object) -> None:
    assert read_moment(text) == AT


def test_a_time_without_a_zone_is_this_computers_where_its_client_wrote_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert read_moment("2024-04-25T20:44:08.123456", local=True) == AT
        assert read_moment("2024-04-25T11:44:08+00:00", local=True) == AT
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("value", [None, True, "", "yesterday", b"\xff", 0, -5, [], 10**30, "1969-01-01", float("nan")])
def test_anything_else_is_no_moment(value: object) -> None:
    assert read_moment(value) is None


@given(st.none() | st.text() | st.binary() | st.integers() | st.floats(), st.booleans())
def test_nothing_raises(value: object, local: bool) -> None:
    found = read_moment(value, local=local)
    assert found is None or found > 0
