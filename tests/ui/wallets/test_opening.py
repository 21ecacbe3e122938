"""A link goes to the desktop, and one that Qt cannot hold to the system's own opener, as one argument."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from l402desk.ui.wallets.opening import open_link

WISH = f"nostr+walletauth://{'ab' * 32}?name=L402%20Desk&relay=wss%3A%2F%2Frelay.example"


def test_an_ordinary_link_goes_to_the_desktop(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return len(opened) > 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    assert [open_link("https://hub.example/apps/new?x=1"), open_link("https://hub.example/")] == [False, True]


@pytest.mark.skipif(sys.platform != "linux", reason="the opener of this system is another")
def test_a_wish_goes_to_the_opener_of_the_system(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not QUrl(WISH).isValid()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_link(WISH)
    opener, told = tmp_path / "xdg-open", tmp_path / "told"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n')
    opener.chmod(0o755)
    assert open_link(WISH)
    qtbot.waitUntil(lambda: told.exists() and told.read_text() == WISH)
