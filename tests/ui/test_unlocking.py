"""The dialog that unlocks: one for all who ask, following the lock, and not waited for once it is given up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockSession, LockState, LockView
from l402desk.ui.unlocking import Unlocking
from tests.fakes.io import ImmediateIo

ASK = LockView(LockState.ASK_PASSPHRASE, reason="It is protected.", remedy="Type it.")


class Recorder(LockSession):
    """Writes down what it is asked to do."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(ImmediateIo(SimpleNamespace()), parent)
        self.asked: list[tuple[object, ...]] = []

    def unlock(self, passphrase: str | None = None) -> None:
        self.asked.append(("unlock", passphrase))

    def recover(self, code: str) -> None:
        self.asked.append(("recover", code))

    def choose_new(self, passphrase: str) -> None:
        self.asked.append(("choose", passphrase))

    def show(self, view: LockView) -> None:
        self.view = view
        self.changed.emit()


class Kit:
    def __init__(self, qtbot: QtBot) -> None:
        self.owner, self.window = QObject(), QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.lock = Recorder(self.owner)
        self.unlocking = Unlocking(self.window, self.lock, self.owner)

    @property
    def dialog(self) -> QDialog:
        (found,) = self.window.findChildren(QDialog, "unlockDialog")
        return found

    def press(self, name: str) -> None:
        found = self.dialog.findChild(QPushButton, name)
        assert found is not None
        found.click()

    def fill(self, name: str, text: str) -> None:
        found = self.dialog.findChild(QLineEdit, name)
        assert found is not None
        found.setText(text)


@pytest.fixture
def kit(qtbot: QtBot) -> Kit:
    return Kit(qtbot)


def test_a_passphrase_is_passed_on_and_the_dialog_goes_when_it_is_open(kit: Kit) -> None:
    kit.lock.view = ASK
    kit.unlocking.ask()
    kit.unlocking.ask()
    kit.fill("passphraseField", "correct horse")
    kit.press("unlockButton")
    assert kit.lock.asked == [("unlock", "correct horse")]
    kit.lock.show(LockView(LockState.OPEN))
    assert not kit.dialog.isVisible()


def test_what_was_locked_here_asks_its_keyring_at_once(kit: Kit) -> None:
    kit.lock.view = LockView(LockState.CLOSED, reason="It was locked.", on_purpose=True)
    kit.unlocking.ask()
    assert kit.lock.asked == [("unlock", None)]
    kit.lock.show(LockView(LockState.CLOSED, reason="The keyring is locked."))
    kit.press("retryKeyringButton")
    assert kit.lock.asked == [("unlock", None)] * 2


def test_a_code_is_passed_on_and_then_a_new_passphrase(kit: Kit) -> None:
    kit.lock.view = ASK
    kit.unlocking.ask()
    kit.press("otherWayButton")
    kit.fill("recoveryCodeField", "a code")
    kit.press("unlockButton")
    kit.lock.show(LockView(LockState.NEW_PASSPHRASE, reason="It opened."))
    kit.fill("passphraseField", "correct horse")
    kit.fill("passphraseAgainField", "correct horse")
    kit.press("unlockButton")
    assert kit.lock.asked == [("recover", "a code"), ("choose", "correct horse")]


def test_giving_up_is_told(qtbot: QtBot, kit: Kit) -> None:
    kit.lock.view = ASK
    kit.unlocking.ask()
    with qtbot.waitSignal(kit.unlocking.given_up):
        kit.press("unlockLaterButton")
    kit.lock.show(LockView(LockState.OPEN))
    assert kit.lock.asked == []
