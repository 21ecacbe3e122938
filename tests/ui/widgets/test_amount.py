"""An amount is said exactly, in type that stands on one line."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.amount import AmountLabel


def test_an_amount_is_figure_and_unit(qtbot: QtBot) -> None:
    made = AmountLabel(Msat.of_sats(21), name="challengeAmount")
    qtbot.addWidget(made)
    assert made.text() == "21 sats"
    made.set_amount(Msat(1_500))
    assert made.text() == "1.5 sats"
    assert made.accessibleName() == "1.5 sats"
    made.set_amount(Msat.of_sats(1))
    assert made.text() == "1 sat"


def test_an_invoice_without_an_amount_is_said_to_be_one(qtbot: QtBot) -> None:
    made = AmountLabel(name="challengeAmount")
    qtbot.addWidget(made)
    assert made.text() == "any amount"
    assert made.accessibleName() == "the invoice names no amount"


def test_figure_and_unit_share_a_baseline(qtbot: QtBot, dressed: Appearance) -> None:
    made = AmountLabel(Msat.of_sats(21), name="amount")
    qtbot.addWidget(made)
    made.show()
    figure, unit = made.findChild(QLabel, "amountFigure"), made.findChild(QLabel, "amountUnit")
    assert figure is not None
    assert unit is not None
    assert figure.fontMetrics().height() > 2 * unit.fontMetrics().height()
    assert abs(baseline(made, figure) - baseline(made, unit)) <= 1


def baseline(within: AmountLabel, part: QLabel) -> int:
    rect = part.contentsRect()
    middle = part.mapTo(within, QPoint(0, rect.center().y())).y()
    metrics = part.fontMetrics()
    return middle - metrics.height() // 2 + metrics.ascent()
