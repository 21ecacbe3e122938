"""The frame: pages when they are wanted, everything by keyboard and by name, nothing clipped in a small window."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.session.preferences import Preferences
from l402desk.settings import Folders, Settings
from l402desk.ui.main_window import MainWindow
from l402desk.ui.page import LazyPage
from l402desk.ui.pending_bar import Pending
from l402desk.ui.settings.page import SettingsPage
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.window_state import WindowState

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)
NAMES = ["requests", "directory", "vault", "payments", "wallets", "settings"]


def built(window: MainWindow) -> set[str]:
    return set(window._built)


@pytest.fixture
def window(qtbot: QtBot, dressed: Appearance, tmp_path: Path) -> MainWindow:
    preferences = Preferences(Settings(), lambda settings: None)
    preferences.setParent(dressed)
    deep = tmp_path / ("a-folder-with-a-long-name/" * 6)
    folders = Folders(deep / "config", deep / "data", deep / "cache", deep / "logs")

    def empty(name: str) -> LazyPage:
        title = name.title()

        def make() -> QWidget:
            sentence = f"What you do with {name} appears here. Begin with the sandbox: it costs nothing."
            return EmptyState("key", f"No {name} yet", sentence, name=f"{name}Page", button_text="Open the sandbox")

        return LazyPage(name, title, "key", make)

    pages = [empty(name) for name in NAMES[:-1]]
    made = MainWindow([*pages, LazyPage("settings", "Settings", "gear", lambda: SettingsPage(preferences, folders))])
    made.status_line.show_wallet("Play wallet", Msat.of_sats(99_958))
    made.status_line.show_vault("Vault unlocked", 14)
    qtbot.addWidget(made)
    return made


def shown(qtbot: QtBot, window: MainWindow) -> MainWindow:
    window.show()
    window.open_page("requests")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def interactive(window: MainWindow) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if isinstance(widget, INTERACTIVE) and not widget.objectName().startswith("qt_"):
            yield widget


def test_no_page_is_built_before_it_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.show()
    assert built(window) == set()
    shown(qtbot, window)
    assert built(window) == {"requests"}
    assert window.open_page_name == "requests"
    first = window.open_page("vault")
    assert built(window) == {"requests", "vault"}
    assert window.open_page("vault") is first
    assert window.windowTitle() == "Vault – L402 Desk"


def test_ctrl_and_a_number_open_the_pages(qtbot: QtBot, window: MainWindow) -> None:
    shown(qtbot, window)
    keys = [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6]
    for key, name in reversed(list(zip(keys, NAMES, strict=True))):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.open_page_name == name
        marked = window.findChild(QAbstractButton, f"{name}RailButton")
        assert marked is not None
        assert marked.isChecked()


def test_tab_reaches_everything_on_the_page_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    shown(qtbot, window)
    window.open_page("settings")
    start = window.findChild(QAbstractButton, "settingsRailButton")
    assert start is not None
    start.setFocus()
    qtbot.waitUntil(start.hasFocus)
    reached = []
    for _ in range(30):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"systemThemeChoice", "configFolder", "logsFolder", "settingsRailButton"} <= set(reached)
    assert reached.count("settingsRailButton") > 1, "Tab goes round"


def test_everything_one_can_use_has_a_name_for_tests_and_one_for_readers(qtbot: QtBot, window: MainWindow) -> None:
    shown(qtbot, window)
    window.pending_bar.show_pending([Pending(Msat.of_sats(21), "127.0.0.1:8402", int(time.time()) - 180, "on its way")])
    for name in NAMES:
        window.open_page(name)
    widgets = list(interactive(window))
    assert len(widgets) > len(NAMES) + 8
    assert [w for w in widgets if not w.objectName()] == []
    assert [w.objectName() for w in widgets if not w.accessibleName()] == []
    names = [w.objectName() for w in widgets]
    assert sorted(set(names)) == sorted(names)


def test_every_label_is_plain_text(qtbot: QtBot, window: MainWindow) -> None:
    for name in NAMES:
        window.open_page(name)
    labels = window.findChildren(QLabel)
    assert labels
    assert {made.textFormat() for made in labels} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize("page", NAMES)
def test_a_small_window_clips_nothing(qtbot: QtBot, window: MainWindow, page: str) -> None:
    window.resize(720, 480)
    shown(qtbot, window)
    window.pending_bar.show_pending([Pending(Msat.of_sats(21), "127.0.0.1:8402", int(time.time()) - 180, "on its way")])
    window.open_page(page)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (720, 480)
    buttons = [w for w in window.findChildren(QAbstractButton) if w.isVisible()]
    for button in buttons:
        assert button.width() >= button.minimumSizeHint().width(), button.objectName()
        assert button.height() >= button.minimumSizeHint().height(), button.objectName()
    for text in (w for w in window.findChildren(QLabel) if w.isVisible() and w.wordWrap()):
        assert text.height() >= text.heightForWidth(text.width()), text.text()
    rail = [area(window, b) for b in buttons if b.objectName().endswith("RailButton")]
    assert all(window.rect().contains(rect) for rect in rail)
    assert not any(one.intersects(other) for one in rail for other in rail if one is not other)
    assert window.rect().contains(area(window, window.status_line))


def area(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_the_window_comes_back_where_it_was(qtbot: QtBot, dressed: Appearance, tmp_path: Path) -> None:
    pages = [LazyPage("vault", "Vault", "key", QWidget)]
    first = MainWindow(pages, state=WindowState(tmp_path / "window.ini"))
    qtbot.addWidget(first)
    first.resize(760, 500)
    first.show()
    first.close()
    second = MainWindow(pages, state=WindowState(tmp_path / "window.ini"))
    qtbot.addWidget(second)
    assert (second.width(), second.height()) == (760, 500)


def test_a_page_that_does_not_exist_is_our_bug(window: MainWindow) -> None:
    with pytest.raises(KeyError):
        window.open_page("nowhere")
