"""The whole app in the test's process: real window, real I/O thread, real sandbox, state in the test's own folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from l402desk import settings
from l402desk.app import Composition, Start
from l402desk.ui.desk import Desk

PASSPHRASE = "correct horse battery staple"
PATIENCE_MS = 20_000


class Person:
    """Someone at the window: finds things by the names of the contract, clicks, types and waits for what is shown."""

    def __init__(self, qtbot: QtBot, composition: Composition) -> None:
        self._bot = qtbot
        self.composition = composition
        self.desk: Desk = composition.desk

    def see(self, name: str) -> QWidget:
        """The one visible widget of this name, waited for."""
        self._bot.waitUntil(lambda: self.sees(name), timeout=PATIENCE_MS)
        return next(widget for widget in _everything() if widget.objectName() == name and widget.isVisible())

    def sees(self, name: str) -> bool:
        return any(widget.objectName() == name and widget.isVisible() for widget in _everything())

    def wait_for(self, name: str, text: str) -> None:
        """Until the widget of this name shows this text somewhere in it."""
        try:
            self._bot.waitUntil(lambda: self.sees(name) and text in shown_text(self.see(name)), timeout=PATIENCE_MS)
        except QtTimeout as error:
            raise AssertionError(f"{name} never said {text!r}; the screen says: {self.everything_said()}") from error

    def everything_said(self) -> str:
        """All that stands in the windows now."""
        windows = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        return " | ".join(shown_text(window) for window in windows)

    def wait_gone(self, name: str) -> None:
        self._bot.waitUntil(lambda: not self.sees(name), timeout=PATIENCE_MS)


def shown_text(widget: QWidget) -> str:
    """What a widget says: its own text and that of everything visible in it, or else its accessible name."""
    said = []
    for part in (widget, *(child for child in widget.findChildren(QWidget) if child.isVisible())):
        for getter in ("text", "toPlainText"):
            ask = getattr(part, getter, None)
            if callable(ask) and ask():
                said.append(str(ask()))
    return " ".join(said) or widget.accessibleName()


def _everything() -> list[QWidget]:
    return list(QApplication.allWidgets())


@pytest.fixture
def passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    monkeypatch.setenv("L402DESK_PASSPHRASE_FILE", str(file))
    return file


@pytest.fixture
def open_app(qtbot: QtBot, qapp: QApplication, home: Path) -> Iterator[list[Composition]]:
    """Every app opened in the list is closed at the end, and must close in time."""
    opened: list[Composition] = []
    yield opened
    for composition in opened:
        assert composition.close()
        composition.appearance.undress()


def open_desk(opened: list[Composition], qtbot: QtBot, qapp: QApplication) -> Person:
    folders = settings.Folders.find(os.environ)
    folders.make()
    composition = Composition(qapp, Start(with_sandbox=True), folders, settings.load(folders.settings_file))
    opened.append(composition)
    composition.desk.window.resize(1280, 820)
    with qtbot.waitSignal(composition.io.opened, timeout=PATIENCE_MS):
        composition.desk.window.show()
    return Person(qtbot, composition)


@pytest.fixture
def person(open_app: list[Composition], qtbot: QtBot, qapp: QApplication, passphrase_file: Path) -> Person:
    """Someone before a fresh app with its sandbox, whose vault opens by the passphrase file."""
    return open_desk(open_app, qtbot, qapp)
