"""The strip of sums: amounts with their counts, what is open in colour and word, what a filter lists apart."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ledger.history import PurchaseFilter
from l402desk.ledger.sums import Spent
from l402desk.protocol.amount import Msat
from l402desk.session.payment_listing import Summary
from l402desk.ui.payments.sums_strip import SumsStrip, breakdown, payments


@pytest.fixture
def strip(qtbot: QtBot) -> SumsStrip:
    made = SumsStrip()
    qtbot.addWidget(made)
    made.show()
    return made


def said(strip: SumsStrip, name: str) -> tuple[str, str]:
    parts = [strip.findChild(QLabel, f"{name}{part}") for part in ("Amount", "Count")]
    assert parts[0] is not None
    assert parts[1] is not None
    return parts[0].text(), parts[1].text()


SUMMARY = Summary(
    today=Spent(1, Msat(21_000), Msat(300)),
    month=Spent(2, Msat(42_000)),
    ever=Spent(1_204, Msat(9_000_000), Msat(0), 2, Msat(40_000)),
)


def test_each_tile_says_its_amount_and_count(strip: SumsStrip) -> None:
    strip.show_summary(SUMMARY)
    assert said(strip, "sumToday") == ("21.3 sats", "1 payment")
    assert said(strip, "sumMonth") == ("42 sats", "2 payments")
    assert said(strip, "sumEver") == ("9\u202f000 sats", "1,204 payments")
    assert said(strip, "sumInFlight") == ("40 sats", "2 open")
    tile = strip.findChild(QWidget, "sumToday")
    assert tile is not None
    assert tile.accessibleName() == "Today: 21.3 sats, 1 payment"


def test_what_is_listed_is_summed_only_beside_a_filter(strip: SumsStrip) -> None:
    tile = strip.findChild(QWidget, "sumListed")
    assert tile is not None
    strip.show_summary(SUMMARY)
    assert not tile.isVisible()
    strip.show_summary(Summary(listed=Spent(3, Msat(5_000)), wanted=PurchaseFilter(text="shop")))
    assert tile.isVisible()
    assert said(strip, "sumListed") == ("5 sats", "3 payments")
    assert said(strip, "sumInFlight") == ("0 sats", "none open")


def test_amounts_are_broken_down_in_words() -> None:
    assert payments(0) == "0 payments"
    assert breakdown(Spent(1, Msat(1_000))) == "1 sat in 1 payment"
    whole = Spent(3, Msat(21_000), Msat(300), 1, Msat(5_000))
    assert breakdown(whole) == "21.3 sats in 3 payments, 0.3 sats of it fees; 5 sats in flight"
