"""Locking by hand and when idle: never over a proof in memory, not while a phone pays, and secrets go with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMainWindow
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockSession
from l402desk.session.preferences import Preferences
from l402desk.settings import Settings
from l402desk.ui import locking as module
from l402desk.ui.locking import SECRET, Locking
from tests.engine.shop import Shop
from tests.session.desks import Desk, a_thread


class Kit:
    """A window with an open vault behind it, and what locks it."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.owner = QObject()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.show()
        self.lock = LockSession(desk.io, self.owner)
        self.preferences = Preferences(Settings(), lambda _settings: None)
        self.locking = Locking(self.window, self.lock, self.preferences, self.owner)

    def dialog(self, name: str) -> QDialog:
        made = QDialog(self.window)
        made.setObjectName(name)
        made.open()
        return made


@pytest.fixture
def kit(qtbot: QtBot, tmp_path: Path) -> Iterator[Kit]:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        made = Kit(qtbot, desk)
        with qtbot.waitSignal(made.lock.opened):
            made.lock.unlock()
        yield made
        made.locking.watch.set_minutes(0)


def test_the_keys_lock_it(qtbot: QtBot, kit: Kit) -> None:
    kit.window.activateWindow()
    qtbot.waitUntil(kit.window.isActiveWindow)
    with qtbot.waitSignal(kit.lock.closed):
        modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(kit.window, Qt.Key.Key_L, modifiers)
    assert not kit.lock.is_open


def test_idle_locks_it_and_nothing_is_watched_while_it_is_locked(qtbot: QtBot, kit: Kit) -> None:
    assert kit.locking.watch._after_s == 15 * 60
    with qtbot.waitSignal(kit.lock.closed):
        kit.locking.watch.idle.emit()
    assert kit.locking.watch._after_s == 0
    kit.locking.watch.idle.emit()
    with qtbot.waitSignal(kit.lock.opened):
        kit.lock.unlock()
    kit.preferences.lock_after(5)
    assert kit.locking.watch._after_s == 5 * 60


def test_a_proof_that_is_in_memory_alone_is_shown_instead(qtbot: QtBot, kit: Kit) -> None:
    shown: list[bool] = []

    def show() -> bool:
        shown.append(True)
        return True

    kit.locking.proof_is_shown = show
    with qtbot.assertNotEmitted(kit.lock.closed, wait=50):
        kit.locking.lock_now()
        kit.locking.watch.idle.emit()
    assert shown == [True, True]


def test_idle_waits_while_a_phone_may_be_paying_but_not_for_ever(
    qtbot: QtBot, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = kit.dialog("paymentDialog")
    with qtbot.assertNotEmitted(kit.lock.closed, wait=50):
        kit.locking.watch.idle.emit()
    monkeypatch.setattr(module, "LONGEST_WAIT_MS", 0)
    qtbot.wait(2)
    with qtbot.waitSignal(kit.lock.closed):
        kit.locking.watch.idle.emit()
    dialog.close()


def test_what_shows_a_secret_closes_with_the_vault(qtbot: QtBot, kit: Kit) -> None:
    secrets = [kit.dialog(name) for name in SECRET]
    other = kit.dialog("scopeDialog")
    with qtbot.waitSignal(kit.lock.closed):
        kit.locking.lock_now()
    assert [dialog.isVisible() for dialog in secrets] == [False] * len(SECRET)
    assert other.isVisible()
    other.close()
