"""Fields are named, and a search can be cleared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.fields import SearchField, line_field, number_field


def test_a_field_is_named_for_tests_and_for_readers(qtbot: QtBot) -> None:
    made = line_field(name="urlBar", label="URL", placeholder="https://", mono=True)
    qtbot.addWidget(made)
    assert (made.objectName(), made.accessibleName(), made.placeholderText()) == ("urlBar", "URL", "https://")
    assert made.property("role") == "mono"


def test_a_number_keeps_to_its_bounds_and_says_its_unit(qtbot: QtBot, dressed: Appearance) -> None:
    made = number_field(name="cap", label="Most per payment", low=0, high=1_000, suffix=" sats")
    qtbot.addWidget(made)
    made.setValue(5_000)
    assert made.value() == 1_000
    assert made.text().endswith(" sats")
    assert made.accessibleName() == "Most per payment"


def test_a_search_offers_to_clear_itself_only_while_there_is_text(qtbot: QtBot, dressed: Appearance) -> None:
    made = SearchField(name="tokenSearch", label="Search tokens", placeholder="Search 14 tokens")
    qtbot.addWidget(made)
    made.show()
    glass, cross = made.actions()
    assert glass.isVisible()
    assert not cross.isVisible()
    QTest.keyClicks(made, "weather")
    assert cross.isVisible()
    cross.trigger()
    assert made.text() == ""
    assert not cross.isVisible()


def test_fields_buttons_and_boxes_are_equally_high(qtbot: QtBot, dressed: Appearance) -> None:
    made: list[QLineEdit] = [line_field(name="a", label="A"), SearchField(name="b", label="B")]
    heights = set()
    for field in made:
        qtbot.addWidget(field)
        field.ensurePolished()
        heights.add(field.sizeHint().height())
    number = number_field(name="c", label="C", low=0, high=1)
    qtbot.addWidget(number)
    number.ensurePolished()
    heights.add(number.sizeHint().height())
    assert max(heights) - min(heights) <= 1
    assert made[0].alignment() & Qt.AlignmentFlag.AlignVCenter
