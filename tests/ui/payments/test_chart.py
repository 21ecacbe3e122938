"""The chart on the screen: a bar is where its money is, reads itself by mouse and keyboard, and says so to readers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import MOST
from l402desk.ui.colours import DARK, LIGHT, Colours, contrast
from l402desk.ui.payments.chart import SpendingChart, slot_colours
from l402desk.ui.payments.chart_bars import Bar
from l402desk.ui.style import Appearance

BARS = (
    Bar("1 Nov", "1 Nov: 10 sats", ((0, 10_000),)),
    Bar("2 Nov", "2 Nov: nothing", ()),
    Bar("3 Nov", "3 Nov: 5 sats", ((1, 2_500), (4, 2_500))),
)


@pytest.fixture
def chart(qtbot: QtBot, dressed: Appearance) -> SpendingChart:
    made = SpendingChart()
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.show_bars(BARS, description="what it shows")
    made.show()
    return made


def colours_at(chart: SpendingChart, x: int) -> set[str]:
    image = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {image.pixelColor(x, y).name() for y in range(image.height())}


def middle(chart: SpendingChart, number: int) -> QPoint:
    return chart._places()[number].center()


def test_each_part_of_a_bar_has_its_hosts_colour(chart: SpendingChart) -> None:
    assert LIGHT.accent in colours_at(chart, middle(chart, 0).x())
    third = colours_at(chart, middle(chart, 2).x())
    assert {LIGHT.link, LIGHT.dim} <= third
    assert LIGHT.accent not in third
    second = colours_at(chart, middle(chart, 1).x())
    assert LIGHT.accent not in second


def test_the_height_is_the_amount(chart: SpendingChart) -> None:
    image = chart.grab().toImage()
    x = middle(chart, 0).x()
    amber = [y for y in range(image.height()) if image.pixelColor(x, y) == QColor(LIGHT.accent)]
    half_of_axis = chart._area().height()
    assert abs(len(amber) - half_of_axis) <= 4
    assert abs(amber[-1] - chart._area().bottom()) <= 2


def test_the_mouse_reads_a_bar(chart: SpendingChart, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chart.pointed) as told:
        QTest.mouseMove(chart, middle(chart, 2))
    assert told.args == ["3 Nov: 5 sats"]
    assert "3 Nov: 5 sats" in chart.toolTip()
    QTest.mouseMove(chart, middle(chart, 1))
    assert chart.chosen == BARS[1]


def test_the_keyboard_reads_the_newest_first_and_stops_at_the_ends(chart: SpendingChart) -> None:
    chart.setFocus()
    for key, number in (
        (Qt.Key.Key_Left, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_End, 2),
        (Qt.Key.Key_Right, 2),
    ):
        QTest.keyClick(chart, key)
        assert chart.chosen == BARS[number]
    chart.clearFocus()
    assert chart.chosen is None


def test_a_reader_hears_what_it_shows(chart: SpendingChart) -> None:
    assert chart.accessibleName() == "Spending chart"
    assert chart.accessibleDescription() == "what it shows"
    assert chart.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_hosts_lie_and_those_without_room_come_by_keyboard(chart: SpendingChart) -> None:
    many = tuple(Bar(f"host{n}", f"host{n}: words", ((min(n, 4), 50_000 - n),)) for n in range(40))
    chart.show_bars(many, flat=True)
    shown = [n for n, place in enumerate(chart._places()) if not place.isEmpty()]
    assert shown[0] == 0
    assert 2 <= len(shown) < 40
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert chart.chosen == many[0]
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert not chart._places()[39].isEmpty()
    assert chart.rect().contains(chart._places()[39])
    chart.grab()


def test_nothing_and_the_absurd_are_drawn_too(chart: SpendingChart) -> None:
    chart.show_bars(())
    chart.grab()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert chart.chosen is None
    for flat in (False, True):
        chart.show_bars((Bar("a", "a", ((0, MOST),)), Bar("b", "b", ((0, MOST), (1, MOST)))), flat=flat)
        chart.grab()
    chart.resize(chart.minimumSizeHint())
    chart.grab()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_is_seen_on_its_card_and_no_two_are_the_same(colours: Colours) -> None:
    shades = slot_colours(colours)
    assert len(set(shades)) == 5
    assert all(contrast(shade, colours.card) >= 2 for shade in shades)
