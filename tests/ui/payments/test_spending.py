"""The card around the chart: which view, which legend, and the words of the bar that is pointed at."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ledger.sums import HostSum, Span, SpanSum, Spent
from l402desk.protocol.amount import Msat
from l402desk.session.payment_listing import Summary
from l402desk.ui.payments.spending import BY_HOST, SpendingCard
from l402desk.ui.style import Appearance

HOST = HostSum("https://a.example", Spent(2, Msat(21_000)))
SUMMARY = Summary(listed=HOST.spent, bars=(SpanSum(date(2026, 11, 24), (HOST,)),), hosts=(HOST,))


@pytest.fixture
def card(qtbot: QtBot, dressed: Appearance) -> SpendingCard:
    made = SpendingCard()
    qtbot.addWidget(made)
    made.resize(800, 180)
    made.show_summary(SUMMARY)
    made.show()
    return made


def words(card: SpendingCard) -> str:
    found = card.findChild(QLabel, "spendingWords")
    assert found is not None
    return found.text()


def test_the_legend_and_the_description_say_what_is_drawn(card: SpendingCard) -> None:
    shown = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
    assert "a.example" in shown
    assert "21 sats" in shown
    description = card.chart.accessibleDescription()
    assert description.startswith("Last 30 days: 21 sats in 2 payments.")
    assert "The highest: 24 Nov 2026" in description


def test_the_bar_under_the_keyboard_is_read_below_it(card: SpendingCard) -> None:
    assert words(card).startswith("Point at a bar")
    card.chart.setFocus()
    QTest.keyClick(card.chart, Qt.Key.Key_Left)
    assert words(card) == "24 Nov 2026: 21 sats in 2 payments (a.example 21 sats)"


def test_months_are_asked_for_and_hosts_are_there_already(card: SpendingCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.span_wanted) as asked:
        card.view.setCurrentIndex(1)
    assert asked.args == [Span.MONTH]
    with qtbot.assertNotEmitted(card.span_wanted):
        card.view.setCurrentIndex(BY_HOST)
    card.chart.setFocus()
    QTest.keyClick(card.chart, Qt.Key.Key_Down)
    assert words(card).startswith("a.example: 21 sats")


def test_nothing_spent_has_no_legend_and_no_highest(card: SpendingCard) -> None:
    card.show_summary(Summary())
    assert "highest" not in card.chart.accessibleDescription()
    assert "a.example" not in [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
