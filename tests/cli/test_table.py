"""Tables of the terminal: straight columns, a line a row, whatever the cells say."""

from __future__ import annotations

import pytest

from l402desk.cli.page import columns
from l402desk.cli.table import cut, table
from tests.fakes.journeys import HOSTILE


def test_the_columns_stand_below_each_other() -> None:
    assert table([("a", "1 sat", "x"), ("早上", "10 sats", "")]) == "a     1 sat    x\n早上  10 sats\n"


def test_no_rows_are_no_lines() -> None:
    assert table([]) == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_from_outside_stays_in_its_place(text: str) -> None:
    cell = cut(f"/{text}")
    assert cell.isprintable()
    assert "\u202e" not in cell
    assert len(cell) <= 44


def test_a_cell_that_fits_is_whole_and_a_longer_one_says_that_it_is_cut() -> None:
    assert cut("x" * 44) == "x" * 44
    assert cut("x" * 45) == "x" * 43 + "…"
    assert columns(cut("x" * 1_000)) == 44
