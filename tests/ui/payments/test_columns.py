"""The columns of the payments table: what each says, and which of them a narrow table keeps."""

from __future__ import annotations

from l402desk.ledger.purchases import PurchaseState
from l402desk.ui.payments.columns import COLUMNS, STANDING, WHAT, WHEN, WHERE, fitting, hint
from tests.fakes.purchased import NOW
from tests.ui.payments.lines import a_line


def cells(line: object) -> list[str]:
    return [column.cell(line, NOW) for column in COLUMNS]  # type: ignore[arg-type]


def test_a_paid_line_says_everything() -> None:
    said = cells(a_line(uses=3))
    assert said[0].startswith("today ")
    assert said[1:] == ["api.example", "GET /v1/data", "21 sats", "0.3 sats", "paid", "3", "7.1 sats", "Fake wallet"]


def test_what_is_not_known_is_a_dash() -> None:
    assert cells(a_line(PurchaseState.OFFERED))[4:] == ["–", "not paid", "–", "–", "–"]


def test_hints_say_it_in_full() -> None:
    line = a_line(PurchaseState.UNKNOWN, reason="no answer")
    assert len(hint(line, WHEN, NOW)) == len("2026-11-24 06:21:00")
    assert hint(line, WHERE, NOW) == hint(line, WHAT, NOW) == "GET https://api.example/v1/data"
    assert hint(line, STANDING, NOW) == "not known yet: no answer"
    assert hint(line, 3, NOW) == "21 sats"


def test_a_narrow_table_keeps_time_and_price_and_a_wide_one_shows_all() -> None:
    assert fitting(10) == {0}
    assert fitting(240) == {0, 3}
    assert fitting(796) == {0, 1, 2, 3, 5, 6, 7}
    assert fitting(2_000) == set(range(len(COLUMNS)))


def test_every_column_has_a_key_of_its_own_to_sort_by() -> None:
    assert len({column.order for column in COLUMNS}) == len(COLUMNS)
