"""Surfaces: named, spaced, and a column that scrolls instead of squeezing."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from l402desk.ui.colours import LIGHT
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.card import Card, ScrollColumn, rule
from l402desk.ui.widgets.text import label


def test_a_card_is_raised_from_the_window_and_has_round_corners(qtbot: QtBot, dressed: Appearance) -> None:
    card = Card(name="challengePanel")
    qtbot.addWidget(card)
    card.resize(100, 100)
    image = card.grab().toImage()
    assert image.pixelColor(50, 50).name() == LIGHT.card
    assert image.pixelColor(50, 0).name() == LIGHT.line
    assert image.pixelColor(0, 0).name() != LIGHT.line
    assert card.objectName() == "challengePanel"


def test_a_rule_is_one_pixel_high(qtbot: QtBot, dressed: Appearance) -> None:
    line = rule()
    qtbot.addWidget(line)
    line.ensurePolished()
    assert line.minimumHeight() == line.maximumHeight() == 1


def test_a_column_scrolls_rather_than_clipping_what_is_in_it(qtbot: QtBot, dressed: Appearance) -> None:
    column = ScrollColumn(name="column", margin=8)
    qtbot.addWidget(column)
    texts = [label(f"line {number}", wrap=True) for number in range(40)]
    for text in texts:
        column.body.addWidget(text)
    column.resize(200, 120)
    column.show()
    assert column.verticalScrollBar().maximum() > 0
    assert all(text.height() >= text.fontMetrics().height() for text in texts)
    column.ensureWidgetVisible(texts[-1])
    assert not texts[-1].visibleRegion().isEmpty()


def test_a_cleared_column_is_empty_and_shows_nothing_of_before(qtbot: QtBot) -> None:
    column = ScrollColumn(name="column")
    qtbot.addWidget(column)
    column.show()
    before = label("before")
    column.body.addWidget(before)
    column.body.addSpacing(8)
    column.body.addStretch(1)
    column.clear()
    assert column.body.count() == 0
    assert not before.isVisible()
    with qtbot.waitSignal(before.destroyed):
        pass
