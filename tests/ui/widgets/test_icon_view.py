"""An icon beside text is drawn in the theme that is on the screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import DARK, LIGHT
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.icon_view import IconView


def colours_in(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_it_follows_the_theme_by_itself(qtbot: QtBot, dressed: Appearance) -> None:
    view = IconView("dot", "good", 24)
    qtbot.addWidget(view)
    view.resize(24, 24)
    assert LIGHT.good in colours_in(view)
    dressed.choose("dark")
    assert DARK.good in colours_in(view)


def test_it_shows_another_icon_when_told(qtbot: QtBot, dressed: Appearance) -> None:
    view = IconView("ring", "dim", 24)
    qtbot.addWidget(view)
    view.resize(24, 24)
    view.show_icon("dot", "danger")
    assert view.shown == ("dot", "danger")
    assert LIGHT.danger in colours_in(view)


def test_it_is_as_high_as_a_line_of_text(qtbot: QtBot) -> None:
    view = IconView("info", size=8)
    qtbot.addWidget(view)
    assert view.sizeHint().width() == 8
    assert view.sizeHint().height() == view.fontMetrics().height()
