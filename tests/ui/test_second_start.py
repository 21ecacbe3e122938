"""A window that is called comes forward; an address is filled in, a minimised window is restored, nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from l402desk import settings
from l402desk.app import Composition, Start
from l402desk.session.instance import Instance
from l402desk.session.summons import Summons

URL = "https://api.example.com/data"


@pytest.fixture
def called(qtbot: QtBot, qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Composition]:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "before")
    folders = settings.Folders.find(os.environ)
    folders.make()
    composition = Composition(qapp, Start(), folders, settings.Settings(), Instance(folders.data))
    with qtbot.waitSignal(composition.io.opened, timeout=20_000):
        composition.desk.window.show()
    yield composition
    assert composition.close()
    composition.appearance.undress()


def test_a_minimised_window_comes_back_with_the_address(called: Composition) -> None:
    window = called.desk.window
    window.showMinimized()
    called.instance.called.emit(Summons(URL, "token-1"))
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()
    assert called.desk.requests.page.current_tab.builder.draft().url == URL
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "token-1"


def test_a_maximised_window_stays_maximised(called: Composition) -> None:
    window = called.desk.window
    window.showMaximized()
    called.instance.called.emit(Summons())
    assert window.isMaximized()


def test_a_call_without_an_address_leaves_the_page_alone(called: Composition) -> None:
    called.desk.open_settings()
    called.instance.called.emit(Summons())
    assert called.desk.window.open_page_name == "settings"
