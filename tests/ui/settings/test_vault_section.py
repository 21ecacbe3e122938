"""The vault's settings: who keeps the key, what can be done now, and what was done or refused."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockSession, LockState, LockView
from l402desk.session.preferences import Preferences
from l402desk.session.security import Deed, Done, KeyView, SecuritySession
from l402desk.settings import Settings
from l402desk.ui.settings.vault_section import VaultSection
from l402desk.ui.style import Appearance
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import interactive

AT = 1_790_000_000
KEYRING = KeyView(True, True, False, "Secret Service", AT, AT, None, None)
PASSPHRASE = KeyView(True, True, True, "your passphrase", AT, None, AT, None)
LOCKED = KeyView(False, True, False, "Secret Service", AT, AT, AT)
DEEDS = ("passphraseButton", "newCodeButton", "replaceKeyButton", "backUpButton", "restoreButton")


class Kit:
    def __init__(self, qtbot: QtBot) -> None:
        io = ImmediateIo(SimpleNamespace())
        self.kept: list[Settings] = []
        self.security, self.lock = SecuritySession(io), LockSession(io)
        self.preferences = Preferences(Settings(), self.kept.append)
        self.copied: list[str] = []
        self.section = VaultSection(self.security, self.lock, self.preferences, self.copied.append)
        qtbot.addWidget(self.section)
        self.section.resize(760, 400)
        self.section.show()

    def show(self, view: KeyView) -> None:
        self.security.view = view
        self.security.changed.emit()

    def button(self, name: str) -> QPushButton:
        found = self.section.findChild(QPushButton, name)
        assert found is not None
        return found

    def said(self, name: str) -> str:
        found = self.section.findChild(QLabel, name)
        assert found is not None
        return found.text()

    def enabled(self) -> list[str]:
        return [name for name in DEEDS if self.button(name).isEnabled()]


@pytest.fixture
def kit(qtbot: QtBot, dressed: Appearance) -> Kit:
    return Kit(qtbot)


def test_an_open_keyring_vault_offers_everything_but_the_keyring(kit: Kit) -> None:
    kit.show(KEYRING)
    assert kit.said("keeperFact").startswith("Secret Service, since ")
    assert "2026" in kit.said("keyFact")
    assert "closes the vault for good" in kit.said("codeFact")
    assert kit.enabled() == list(DEEDS)
    assert not kit.button("keyringButton").isVisible()
    assert kit.button("passphraseButton").text() == "Use a passphrase…"


def test_a_passphrase_vault_can_be_given_to_the_keyring(kit: Kit) -> None:
    kit.show(PASSPHRASE)
    assert kit.said("keeperFact").startswith("Your passphrase, since ")
    assert kit.said("keyFact") == "before this was written down"
    assert kit.said("codeFact").startswith("Made on ")
    assert kit.button("keyringButton").isVisible()
    assert kit.button("passphraseButton").text() == "Change the passphrase…"


def test_a_locked_vault_can_only_be_unlocked_or_restored(qtbot: QtBot, kit: Kit) -> None:
    kit.show(LOCKED)
    assert kit.enabled() == ["restoreButton"]
    assert "locked" in kit.said("keeperFact")
    assert kit.button("lockNowButton").text() == "Unlock…"
    with qtbot.waitSignal(kit.section.unlock_requested):
        kit.button("lockNowButton").click()


def test_without_a_vault_it_says_when_there_will_be_one(kit: Kit) -> None:
    assert "when you buy something" in kit.said("keeperFact")
    assert kit.enabled() == ["restoreButton"]
    assert not kit.button("lockNowButton").isEnabled()


def test_it_is_locked_by_hand(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[bool] = []
    monkeypatch.setattr(kit.lock, "lock", lambda: locked.append(True))
    kit.show(KEYRING)
    kit.lock.view = LockView(LockState.OPEN)
    kit.button("lockNowButton").click()
    assert locked == [True]


def test_the_time_is_chosen_and_one_set_by_hand_is_shown(kit: Kit) -> None:
    box = kit.section.findChild(QComboBox, "lockAfterBox")
    assert box is not None
    assert box.currentText() == "Lock after 15 minutes untouched"
    box.setCurrentIndex(box.findData(1))
    box.activated.emit(box.currentIndex())
    assert kit.kept == [Settings(lock_after_minutes=1)]
    kit.preferences.lock_after(0)
    assert box.currentText() == "Never lock by itself"
    kit.preferences.lock_after(7)
    assert box.currentText() == "Lock after 7 minutes untouched"


def test_another_keyring_is_told_of_until_it_is_dismissed(kit: Kit) -> None:
    moved = KeyView(True, True, False, "Secret Service", AT, AT, AT, "KWallet")
    notice = kit.section.findChild(QWidget, "keyMovedNotice")
    assert notice is not None
    kit.show(moved)
    assert notice.isVisible()
    assert "KWallet" in kit.said("keyMovedNoticeText")
    notice.hide()
    kit.show(moved)
    assert not notice.isVisible()


@pytest.mark.parametrize("severity", ["good", "danger", "warning"])
def test_what_became_of_a_deed_is_told(kit: Kit, severity: str) -> None:
    kit.security.done.emit(Done(Deed.ROTATE, "A title", "A sentence.", severity))
    assert (kit.said("keysNoticeTitle"), kit.said("keysNoticeText")) == ("A title", "A sentence.")
    kit.lock.lock_refused.emit("A payment is under way.")
    assert kit.said("keysNoticeTitle") == "The vault stays open"


def test_while_something_is_done_nothing_else_can_be_begun(kit: Kit) -> None:
    kit.show(KEYRING)
    kit.security.doing = Deed.ROTATE
    kit.security.changed.emit()
    assert kit.enabled() == []
    assert kit.button("replaceKeyButton").text() == "Replacing…"


def test_the_code_is_shown_in_its_dialog(kit: Kit) -> None:
    kit.security.code_ready.emit("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG")
    dialog = kit.section.window().findChild(QDialog, "recoveryCodeDialog")
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


@pytest.mark.parametrize("view", [KEYRING, PASSPHRASE, LOCKED, KeyView()])
def test_no_button_is_cut_and_each_control_has_a_name_of_its_own(kit: Kit, view: KeyView) -> None:
    kit.show(view)
    kit.section.resize(560, 500)
    controls = [control for control in interactive(kit.section) if control.isVisible()]
    names = [control.objectName() for control in controls]
    assert len(names) == len(set(names))
    assert all(control.objectName() and control.accessibleName() for control in controls)
    for control in controls:
        if isinstance(control, QPushButton):
            assert control.width() >= control.sizeHint().width(), control.objectName()
