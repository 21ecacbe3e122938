"""The whole window over real parts: locked by the keys, opened again by the keyring, and its key looked after."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk import services as services_module
from l402desk.services import Services
from l402desk.session.lock import LockState
from l402desk.session.preferences import Preferences
from l402desk.settings import Folders, Settings
from l402desk.store import vault_key as vault_key_module
from l402desk.store.passphrase import Cost
from l402desk.ui.desk import Desk
from tests.engine.shop import KEYRINGS, Shop
from tests.fakes.purchased import new_token
from tests.session.desks import Desk as Loop
from tests.session.desks import a_thread

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_module, "SETTLE_DOWN_S", 0.05)
    monkeypatch.setattr(vault_key_module, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))


@pytest.fixture
def loop(qtbot: QtBot, tmp_path: Path) -> Iterator[Loop]:
    with a_thread(qtbot, tmp_path, Shop(), locked=True) as made:
        yield made


@pytest.fixture
def desk(qtbot: QtBot, home: Path, loop: Loop) -> Iterator[Desk]:
    made = Desk(loop.io, Preferences(Settings(), lambda _settings: None), Folders.find(os.environ))
    qtbot.addWidget(made.window)
    made.window.show()
    made.begin()
    qtbot.waitUntil(lambda: made.lock.is_open)
    yield made
    made.locking.watch.set_minutes(0)
    assert loop.io.close()  # what was asked last comes home before the window goes


def shown(desk: Desk, name: str) -> QWidget:
    found = desk.window.findChild(QWidget, name)
    assert found is not None
    return found


def words(desk: Desk, name: str) -> str:
    return str(shown(desk, name).text())  # type: ignore[attr-defined]


async def keep_one(services: Services) -> None:
    await services.vault.keep(new_token(1))


def test_locking_empties_the_vault_page_and_the_keyring_fills_it_again(qtbot: QtBot, desk: Desk, loop: Loop) -> None:
    loop.do(keep_one)
    desk.open_vault()
    desk.tokens.refresh()
    qtbot.waitUntil(lambda: desk.tokens.total == 1)
    desk.clipboard.copy("a secret")
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    with qtbot.waitSignal(desk.lock.closed):
        QTest.keyClick(desk.window, Qt.Key.Key_L, CTRL_SHIFT)
    qtbot.waitUntil(lambda: not desk.tokens.is_loaded)
    assert words(desk, "statusVault") == "Vault locked"
    assert shown(desk, "vaultLocked").isVisible()
    assert QGuiApplication.clipboard().text() == ""
    with qtbot.waitSignal(desk.lock.opened):
        desk.ask_unlock()
    qtbot.waitUntil(lambda: desk.tokens.total == 1)
    assert not desk.window.findChild(QDialog, "unlockDialog").isVisible()  # type: ignore[union-attr]


def test_a_keyring_that_stays_locked_is_told_in_the_dialog(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    from tests.fakes.keyrings import LOCKED

    with qtbot.waitSignal(desk.lock.closed):
        desk.locking.lock_now()
    KEYRINGS[tmp_path].trouble = LOCKED
    desk.ask_unlock()
    qtbot.waitUntil(lambda: desk.lock.view.state is LockState.CLOSED and not desk.lock.view.on_purpose)
    assert "is locked" in words(desk, "unlockReason")
    KEYRINGS[tmp_path].trouble = None
    with qtbot.waitSignal(desk.lock.opened):
        desk.window.findChild(QPushButton, "retryKeyringButton").click()  # type: ignore[union-attr]


def test_the_settings_look_after_the_key(qtbot: QtBot, desk: Desk) -> None:
    desk.open_settings()
    keeper = shown(desk, "keeperFact")
    qtbot.waitUntil(lambda: keeper.text().startswith("Fake keyring"))  # type: ignore[attr-defined]
    shown(desk, "replaceKeyButton").click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: shown(desk, "keysNotice").isVisible())
    assert words(desk, "keysNoticeTitle") == "The key was replaced"
    shown(desk, "newCodeButton").click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: desk.window.findChild(QDialog, "recoveryCodeDialog") is not None)
    dialog = desk.window.findChild(QDialog, "recoveryCodeDialog")
    assert dialog is not None
    assert dialog.isVisible()
    with qtbot.waitSignal(desk.lock.closed):
        desk.locking.lock_now()
    qtbot.waitUntil(lambda: desk.window.findChild(QDialog, "recoveryCodeDialog") is None)
    qtbot.waitUntil(lambda: words(desk, "lockNowButton") == "Unlock…")
    with qtbot.waitSignal(desk.lock.opened):
        shown(desk, "lockNowButton").click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: words(desk, "lockNowButton") == "Lock now")


def test_a_payment_in_hand_keeps_it_open_and_the_foot_says_so(qtbot: QtBot, desk: Desk, loop: Loop) -> None:
    hanging = asyncio.Event()

    def begin(services: Services) -> None:
        services.keep_running(hanging.wait())

    loop.do(begin)
    with qtbot.waitSignal(desk.lock.lock_refused):
        desk.locking.lock_now()
    assert words(desk, "statusVault") == "Vault stays open for now"
    assert desk.lock.is_open
