"""Payments in words for the terminal: nothing invisible, nothing endless, one line where one is promised."""

from __future__ import annotations

import pytest

from l402desk.cli.page import Page
from l402desk.cli.payments_words import (
    exchange_text,
    payment_page,
    payments_table,
    spent_json,
    spent_words,
    standing,
)
from l402desk.engine.exchange_text import Exchange
from l402desk.ledger.purchases import PurchaseState
from l402desk.ledger.sums import Spent
from l402desk.protocol.amount import Msat
from tests.fakes.journeys import HOSTILE
from tests.ui.payments.lines import a_line


def test_a_line_of_the_table_stays_one_line() -> None:
    for text in HOSTILE:
        shown = payments_table([a_line(path=f"/{text}", title=text)])
        assert shown.count("\n") == 1
        assert "\u202e" not in shown
        assert len(shown) < 200


def test_every_state_has_a_page() -> None:
    for state in PurchaseState:
        page = payment_page(Page(unicode=True, colour=False), a_line(state, uses=1, reason="because"))
        text = page.text()
        assert str(state) in text
        assert "because" in text
        assert all(len(line) <= 80 for line in text.splitlines())


def test_standing_is_said_in_the_words_of_the_filter() -> None:
    assert standing(a_line()) == "settled, delivered"
    assert standing(a_line(PurchaseState.UNKNOWN)) == "unknown"


def test_sums_are_said_and_counted() -> None:
    spent = Spent(1, Msat(21_000), Msat(300), 2, Msat(5_000))
    assert spent_words(spent) == "21.3 sats in 1 payment, 5 sats in flight"
    assert spent_json(spent)["total_msat"] == 21_300


@pytest.mark.parametrize("text", HOSTILE)
def test_an_exchange_obeys_nothing_that_it_shows(text: str) -> None:
    shown = exchange_text(Exchange(f"\x1b[2J{text}", "", text, True))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "── 402" not in shown
