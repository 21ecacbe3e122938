"""Amounts are exact, bounded and said in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.errors import AmountError


@pytest.mark.parametrize(
    ("msat", "words"),
    [
        (0, "0 sats"),
        (1_000, "1 sat"),
        (21_000, "21 sats"),
        (500, "0.5 sats"),
        (1_001, "1.001 sats"),
        (99_958_000, "99\u202f958 sats"),
        (MOST, "2\u202f100\u202f000\u202f000\u202f000\u202f000 sats"),
    ],
)
def test_an_amount_is_said_exactly(msat: int, words: str) -> None:
    assert Msat(msat).words() == words


@pytest.mark.parametrize("value", [-1, MOST + 1, 1.5, True, "21", None])
def test_what_is_no_amount_cannot_be_built(value: object) -> None:
    with pytest.raises(AmountError):
        Msat(value)  # type: ignore[arg-type]


@given(st.integers(0, MOST), st.integers(0, MOST))
def test_arithmetic_never_leaves_the_bounds(a: int, b: int) -> None:
    if a + b <= MOST:
        assert (Msat(a) + Msat(b)).value == a + b
    if a >= b:
        assert (Msat(a) - Msat(b)).value == a - b
    else:
        with pytest.raises(AmountError):
            Msat(a) - Msat(b)


@given(st.integers(0, MOST))
def test_whole_satoshi_are_rounded_up_never_down(msat: int) -> None:
    sats = Msat(msat).sats_rounded_up
    assert 0 <= sats * 1000 - msat < 1000


def test_zero_is_no_money() -> None:
    assert not Msat(0)
    assert Msat.of_sats(1)
