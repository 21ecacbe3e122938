"""A dialog is as high as its sentences need, and its buttons stand at the foot."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.dialog import ColumnDialog
from l402desk.ui.widgets.text import label

SENTENCE = "A sentence that says what is asked for, and why it is asked for now. "


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance) -> ColumnDialog:
    made = ColumnDialog(name="askDialog", title="A question", width=400, least_height=200)
    qtbot.addWidget(made)
    return made


def left_to_right(dialog: ColumnDialog, *parts: QWidget) -> list[QWidget]:
    dialog.resize(dialog.sizeHint())
    dialog.show()
    return sorted(parts, key=lambda part: part.geometry().left())


def test_it_has_a_name_and_a_title_and_waits_for_an_answer(dialog: ColumnDialog) -> None:
    assert (dialog.objectName(), dialog.windowTitle(), dialog.isModal()) == ("askDialog", "A question", True)


def test_it_is_as_high_as_what_it_shows(dialog: ColumnDialog) -> None:
    words = label(SENTENCE, wrap=True)
    dialog.column.addWidget(words)
    assert (dialog.sizeHint().width(), dialog.sizeHint().height()) == (400, 200)
    words.setText(SENTENCE * 12)
    high = dialog.sizeHint()
    assert high.width() == 400
    dialog.resize(high)
    dialog.show()
    assert words.height() >= words.heightForWidth(words.width())
    words.hide()
    assert dialog.sizeHint().height() == 200


def test_the_buttons_are_at_the_foot_and_the_last_one_on_the_right(dialog: ColumnDialog) -> None:
    names = ("otherButton", "cancelButton", "goButton")
    other, cancel, go = (button(name, name=name) for name in names)
    dialog.column.addWidget(label(SENTENCE, wrap=True))
    dialog.end_with(cancel, go, left=[other])
    assert left_to_right(dialog, go, cancel, other) == [other, cancel, go]
    edge = dialog.layout()
    assert edge is not None
    space = edge.contentsMargins()
    assert go.geometry().right() + 1 == dialog.width() - space.right()
    assert other.geometry().left() == space.left()
    assert max(part.geometry().bottom() + 1 for part in (other, cancel, go)) == dialog.height() - space.bottom()


def test_the_keyboard_goes_through_it_as_one_reads(dialog: ColumnDialog) -> None:
    first, cancel, go = (button(name, name=name) for name in ("firstButton", "cancelButton", "goButton"))
    dialog.column.addWidget(first)
    dialog.end_with(cancel, go)
    assert first.nextInFocusChain() is cancel
    assert cancel.nextInFocusChain() is go
