"""What the desktop shows of a window to everybody, titles and tabs; and what the window remembers."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QTabBar
from pytestqt.qtbot import QtBot

from l402desk.session.preferences import Preferences
from l402desk.settings import Folders, Settings, save
from l402desk.ui.desk import Desk
from l402desk.ui.window_state import WindowState
from tests.canaries.canaries import Cage
from tests.fakes.io import ImmediateIo

QUERY = "canary-query-4f6a8b0c2d"
PASSWORD = "canary-password-7c1e3a5d"
ADDRESSES = [
    f"https://user:{PASSWORD}@api.example.com/weather?api_key={QUERY}#{QUERY}",
    f"https://user:{PASSWORD}@api.example.com?api_key={QUERY}",
    f"https://{PASSWORD}@api.example.com/",
]


@pytest.fixture
def cage() -> Cage:
    made = Cage()
    made.add("a query", QUERY)
    made.add("a password", PASSWORD)
    return made


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_title_tab_or_remembered_state_holds_a_secret(qtbot: QtBot, home: Path, cage: Cage, address: str) -> None:
    folders = Folders.find(os.environ)
    folders.make()
    io = ImmediateIo(SimpleNamespace(is_unlocked=False, sandbox=None))
    desk = Desk(io, Preferences(Settings(), _forget), folders, WindowState(folders.window_file))
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.fill_in(address)
    assert desk.requests.page.current_tab.builder.draft().url
    for open_page in (desk.open_vault, desk.open_settings):
        open_page()
    titles = [widget.windowTitle() for widget in QApplication.allWidgets()]
    titles += [widget.windowIconText() for widget in QApplication.topLevelWidgets()]
    titles += [QApplication.applicationDisplayName(), desk.window.accessibleName()]
    for bar in desk.window.findChildren(QTabBar):
        titles += [bar.tabText(at) for at in range(bar.count())]
        titles += [bar.accessibleTabName(at) for at in range(bar.count())]
        titles += [bar.tabToolTip(at) for at in range(bar.count())]
    assert any("L402 Desk" in title for title in titles)
    assert cage.search("\n".join(titles).encode(), "a title") == []
    save(folders.settings_file, Settings())
    desk.window.close()
    assert cage.search_folder(home) == []


def _forget(_: Settings) -> None:
    """The settings are not kept here."""
