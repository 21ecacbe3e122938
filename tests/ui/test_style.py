"""The themes: chosen, followed, and applied to what is already on the screen."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import DARK, LIGHT
from l402desk.ui.style import Appearance, apply_style, palette, set_role
from l402desk.ui.widgets.text import label

UNWANTED = ("httpx", "keyring", "cryptography", "qrcode", "sqlite3", "asyncio", "uvicorn", "starlette")


class Hints:
    """The desktop's wish, which the offscreen platform does not know."""

    def __init__(self, wish: Qt.ColorScheme) -> None:
        self.wish = wish

    def colorScheme(self) -> Qt.ColorScheme:
        return self.wish

    def unsetColorScheme(self) -> None:
        pass


def test_a_chosen_theme_is_on_the_screen_at_once(dressed: Appearance, qapp: QApplication) -> None:
    for choice, colours in (("dark", DARK), ("light", LIGHT)):
        dressed.choose(choice)  # type: ignore[arg-type]
        assert dressed.choice == choice
        assert dressed.colours is colours
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == colours.window
        assert colours.accent in qapp.styleSheet()


def test_the_system_is_followed_until_a_theme_is_chosen(
    dressed: Appearance, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = Hints(Qt.ColorScheme.Dark)
    monkeypatch.setattr(dressed, "_hints", hints)
    dressed.choose("system")
    assert dressed.colours is DARK
    hints.wish = Qt.ColorScheme.Light
    with qtbot.waitSignal(dressed.changed):
        dressed.follow_system()
    assert dressed.colours is LIGHT
    monkeypatch.undo()
    dressed.choose("dark")
    dressed.follow_system()
    assert dressed.colours is DARK


def test_what_the_desktop_does_to_the_palette_is_put_right(dressed: Appearance, qapp: QApplication) -> None:
    qapp.setPalette(palette(DARK))
    dressed.follow_system()
    assert dressed.colours is LIGHT


def test_a_widget_that_changes_its_role_changes_its_colour(qtbot: QtBot, dressed: Appearance) -> None:
    shown = label("59 min", role="dim")
    qtbot.addWidget(shown)
    shown.ensurePolished()
    assert shown.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.dim
    set_role(shown, "danger")
    assert shown.palette().color(QPalette.ColorRole.WindowText).name() == LIGHT.danger


def test_widgets_already_shown_follow_a_change_of_theme(qtbot: QtBot, dressed: Appearance) -> None:
    shown = label("text")
    qtbot.addWidget(shown)
    shown.show()
    dressed.choose("dark")
    assert shown.palette().color(QPalette.ColorRole.WindowText).name() == DARK.text


def test_a_focused_button_keeps_its_size(qtbot: QtBot, dressed: Appearance) -> None:
    button = QPushButton("Pay")
    qtbot.addWidget(button)
    button.show()
    before = button.sizeHint()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert button.sizeHint() == before


def test_the_style_sheet_is_understood_by_qt(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.captureExceptions():
        appearance = apply_style(qapp, "dark")  # a warning of Qt ("could not parse") fails the test
    appearance.undress()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())


def test_the_frame_of_the_window_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys\n"
        "import l402desk.ui.main_window, l402desk.ui.style, l402desk.settings, l402desk.session.preferences\n"
        "print(' '.join(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & set(UNWANTED) == set()
