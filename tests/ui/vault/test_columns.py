"""What each cell says, what is marked, and which columns a narrow table keeps."""

from __future__ import annotations

from datetime import datetime

import pytest

from l402desk.protocol.amount import Msat
from l402desk.ui.vault.columns import BOUGHT, COLUMNS, EXPIRES, STANDING, day_words, expiry, fitting, severity, standing
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenState, TokenSummary
from l402desk.vault.wanted import OrderBy
from tests.fakes.invoices import NOW
from tests.fakes.journeys import summary


def cells(token: TokenSummary) -> list[str]:
    return [column.cell(token, NOW) for column in COLUMNS]


def test_a_token_is_told_column_by_column() -> None:
    token = summary(7, scope=Scope.of(Reach.PREFIX, "/v1"), bought_at=NOW - 400 * 86_400)
    bought = datetime.fromtimestamp(token.bought_at).astimezone().strftime("%Y-%m-%d")
    assert cells(token) == ["service 7", "host7.example", "/v1/…", "21 sats", bought, "1 h", "3", "200"]


def test_what_is_not_known_is_said_in_words() -> None:
    token = summary(1, title="", price=None, expires_at=None, last_status=None)
    assert cells(token)[0] == "token"
    assert cells(token)[3] == "—"
    assert cells(token)[EXPIRES] == "never"
    assert cells(token)[STANDING] == "not used yet"


def test_a_token_for_one_method_says_so_with_its_scope() -> None:
    assert cells(summary(1, method="POST"))[2] == "POST /v1/data1"


def test_a_fraction_of_a_sat_is_not_rounded_away() -> None:
    assert cells(summary(1, price=Msat(1_500)))[3] == "1.5 sats"


@pytest.mark.parametrize(("left", "words"), [(1, "1 s"), (0, "expired"), (-5, "expired"), (90, "1 min")])
def test_the_end_is_counted_to_the_second(left: int, words: str) -> None:
    assert expiry(summary(1, expires_at=NOW + left), NOW) == words


def test_a_moment_is_told_as_shortly_as_it_can_be() -> None:
    noon = int(datetime(2026, 11, 24, 12, 3).astimezone().timestamp())
    assert day_words(noon, noon + 60) == "12:03"
    assert day_words(noon - 3 * 86_400, noon) == "21 Nov"
    assert day_words(noon, noon + 60 * 86_400) == "24 Nov"
    assert day_words(noon, noon + 400 * 86_400) == "2026-11-24"
    assert day_words(-1, noon) == "-1"
    assert day_words(10**15, noon) == str(10**15)


@pytest.mark.parametrize(
    ("changes", "words", "weight"),
    [
        ({"state": TokenState.UNDELIVERED}, "not delivered", "caution"),
        ({"state": TokenState.REFUSED, "last_status": 402}, "refused 402", "danger"),
        ({"state": TokenState.REFUSED, "last_status": None}, "refused", "danger"),
        ({"state": TokenState.SPENT}, "used up", ""),
        ({"state": TokenState.TRASHED}, "in the trash", ""),
        ({"is_intact": False}, "damaged", "danger"),
        ({}, "200", ""),
    ],
)
def test_what_keeps_it_from_being_used_is_said_and_marked(changes: dict[str, object], words: str, weight: str) -> None:
    token = summary(1, **changes)
    assert standing(token, NOW) == words
    assert severity(token, STANDING, NOW) == weight


def test_only_the_cell_that_says_it_is_marked() -> None:
    over = summary(1, expires_at=NOW - 1)
    assert severity(over, EXPIRES, NOW) == "danger"
    assert severity(over, STANDING, NOW) == ""
    assert severity(summary(1, state=TokenState.REFUSED), EXPIRES, NOW) == ""
    assert severity(over, 0, NOW) == ""


def test_a_narrow_table_keeps_the_most_telling_columns() -> None:
    assert fitting(10_000) == frozenset(range(len(COLUMNS)))
    assert fitting(300) == {0, EXPIRES}
    assert fitting(0) == {0}
    assert BOUGHT not in fitting(sum(column.width for column in COLUMNS) - 1)
    sizes = [len(fitting(width)) for width in range(0, 1_000, 50)]
    assert sizes == sorted(sizes)


def test_every_column_is_sorted_by_something_of_its_own() -> None:
    assert {column.order for column in COLUMNS} == set(OrderBy)
    assert COLUMNS[BOUGHT].order is OrderBy.BOUGHT
