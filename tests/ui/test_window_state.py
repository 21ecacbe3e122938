"""The window comes back where it was, and a broken file does no harm."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.window_state import WindowState


def splitter(qtbot: QtBot) -> QSplitter:
    made = QSplitter(Qt.Orientation.Horizontal)
    made.setObjectName("sidebar")
    for _ in range(2):
        made.addWidget(QWidget())
    made.resize(600, 100)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_window_is_put_back_after_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = QWidget(), QWidget()
    for window in (first, second):
        qtbot.addWidget(window)
    first.setGeometry(40, 30, 500, 400)
    first.show()
    WindowState(tmp_path / "window.ini").keep_window(first)
    assert WindowState(tmp_path / "window.ini").restore_window(second)
    assert second.size() == first.size()


def test_a_splitter_is_put_back_by_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    first, second = splitter(qtbot), splitter(qtbot)
    first.setSizes([150, 450])
    WindowState(tmp_path / "window.ini").keep_splitter(first)
    assert WindowState(tmp_path / "window.ini").restore_splitter(second)
    assert second.sizes() == first.sizes()


def test_nothing_remembered_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    state = WindowState(tmp_path / "window.ini")
    assert not state.restore_window(window)
    assert not state.restore_splitter(splitter(qtbot))


def test_a_file_of_another_kind_is_ignored(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    settings.setValue("window/geometry", "not bytes")
    settings.sync()
    window = QWidget()
    qtbot.addWidget(window)
    assert not WindowState(file).restore_window(window)
    file.write_bytes(b"\x00\xff[[[broken")
    assert not WindowState(file).restore_window(window)
