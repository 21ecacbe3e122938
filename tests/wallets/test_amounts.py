from __future__ import annotations

import pytest

from l402desk.protocol.amount import MOST, Msat
from l402desk.wallets.amounts import read_msat


@pytest.mark.parametrize("value", [0, 1, 21_000, MOST])
def test_a_number_of_msat_is_one(value: int) -> None:
    assert read_msat(value) == Msat(value)


@pytest.mark.parametrize("value", [-1, MOST + 1, 10**30, True, 1.0, float("nan"), "1", None, [], {}])
def test_anything_else_is_none(value: object) -> None:
    assert read_msat(value) is None
