"""The unlock dialog follows the lock, asks for what is needed, and keeps no passphrase."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockState, LockView
from l402desk.ui.style import Appearance
from l402desk.ui.vault.unlock import UnlockDialog
from tests.fakes.journeys import interactive

ASK = LockView(LockState.ASK_PASSPHRASE, reason="The vault is protected by a passphrase.", remedy="Give it.")
WRONG = LockView(LockState.ASK_PASSPHRASE, reason="The passphrase does not open the vault.", remedy="Try again.")
CHOOSE = LockView(LockState.CHOOSE_PASSPHRASE, reason="No keyring answers.", remedy="")
CLOSED = LockView(LockState.CLOSED, reason="The keyring has lost the key.", remedy="Restore it.")


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance) -> UnlockDialog:
    made = UnlockDialog()
    qtbot.addWidget(made)
    return made


def field(dialog: UnlockDialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert found is not None
    return found


def press(dialog: UnlockDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def said(dialog: UnlockDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text()


def open_on(dialog: UnlockDialog, view: LockView) -> None:
    dialog.show_lock(view)
    dialog.open()


def test_a_passphrase_is_asked_for_and_given_on(dialog: UnlockDialog, qtbot: QtBot) -> None:
    open_on(dialog, ASK)
    assert not press(dialog, "unlockButton").isEnabled()
    assert not field(dialog, "passphraseAgainField").isVisible()
    QTest.keyClicks(field(dialog, "passphraseField"), "correct horse")
    with qtbot.waitSignal(dialog.passphrase_given) as given:
        QTest.keyClick(field(dialog, "passphraseField"), Qt.Key.Key_Return)
    assert given.args == ["correct horse"]


def test_what_is_typed_is_not_shown(dialog: UnlockDialog) -> None:
    open_on(dialog, CHOOSE)
    for name in ("passphraseField", "passphraseAgainField"):
        assert field(dialog, name).echoMode() is QLineEdit.EchoMode.Password


def test_while_it_is_tried_nothing_can_be_pressed_twice(dialog: UnlockDialog, qtbot: QtBot) -> None:
    open_on(dialog, ASK)
    field(dialog, "passphraseField").setText("correct horse")
    dialog.show_lock(LockView())
    assert not press(dialog, "unlockButton").isEnabled()
    assert not field(dialog, "passphraseField").isEnabled()
    assert press(dialog, "unlockLaterButton").isEnabled()
    with qtbot.assertNotEmitted(dialog.passphrase_given):
        press(dialog, "unlockButton").click()


def test_a_wrong_one_is_said_to_be_wrong_and_can_be_typed_over(dialog: UnlockDialog) -> None:
    open_on(dialog, ASK)
    field(dialog, "passphraseField").setText("not the one")
    dialog.show_lock(LockView())
    dialog.show_lock(WRONG)
    assert said(dialog, "unlockProblem") == WRONG.reason
    assert field(dialog, "passphraseField").selectedText() != ""
    assert press(dialog, "unlockButton").isEnabled()
    QTest.keyClicks(field(dialog, "passphraseField"), "x")
    assert said(dialog, "unlockProblem") == ""


def test_it_closes_when_the_vault_is_open_and_forgets_what_was_typed(dialog: UnlockDialog, qtbot: QtBot) -> None:
    open_on(dialog, ASK)
    field(dialog, "passphraseField").setText("correct horse")
    dialog.show_lock(LockView())
    with qtbot.waitSignal(dialog.accepted):
        dialog.show_lock(LockView(LockState.OPEN, kept_by="your passphrase"))
    assert field(dialog, "passphraseField").text() == ""


def test_not_now_and_esc_forget_it_too(dialog: UnlockDialog, qtbot: QtBot) -> None:
    for leave in (press(dialog, "unlockLaterButton").click, dialog.reject):
        open_on(dialog, ASK)
        field(dialog, "passphraseField").setText("correct horse")
        with qtbot.waitSignal(dialog.rejected):
            leave()
        assert field(dialog, "passphraseField").text() == ""


@pytest.mark.parametrize(
    ("first", "second", "problem", "ready"),
    [
        ("", "", "", False),
        ("short", "", "Use at least 8 characters; a few unrelated words are best.", False),
        ("long enough", "", "", False),
        ("long enough", "long enouhg", "The two are not the same yet.", False),
        ("long enough", "long enough", "", True),
    ],
)
def test_a_new_passphrase_is_long_and_typed_twice(
    dialog: UnlockDialog, first: str, second: str, problem: str, ready: bool
) -> None:
    open_on(dialog, CHOOSE)
    field(dialog, "passphraseField").setText(first)
    field(dialog, "passphraseAgainField").setText(second)
    assert said(dialog, "unlockProblem") == problem
    assert press(dialog, "unlockButton").isEnabled() == ready


def test_choosing_says_that_nobody_can_recover_it(dialog: UnlockDialog) -> None:
    open_on(dialog, CHOOSE)
    assert "Nobody can recover it" in said(dialog, "unlockReason")
    assert "No keyring answers." in said(dialog, "unlockReason")
    assert press(dialog, "retryKeyringButton").isVisible()


def test_a_closed_vault_says_why_and_the_keyring_can_be_asked_again(dialog: UnlockDialog, qtbot: QtBot) -> None:
    open_on(dialog, CLOSED)
    assert said(dialog, "unlockReason") == "The keyring has lost the key. Restore it."
    assert not field(dialog, "passphraseField").isVisible()
    assert not press(dialog, "unlockButton").isVisible()
    with qtbot.waitSignal(dialog.retry_pressed):
        press(dialog, "retryKeyringButton").click()


def test_while_the_keyring_is_asked_it_says_so(dialog: UnlockDialog) -> None:
    open_on(dialog, LockView())
    assert said(dialog, "unlockTitle") == "Opening the vault…"
    assert not field(dialog, "passphraseField").isVisible()


@pytest.mark.parametrize("view", [ASK, CHOOSE, CLOSED])
def test_it_is_as_high_as_what_it_says(dialog: UnlockDialog, view: LockView) -> None:
    open_on(dialog, view)
    reason = dialog.findChild(QLabel, "unlockReason")
    assert reason is not None
    assert reason.height() >= reason.heightForWidth(reason.width())
    assert dialog.height() <= 360


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(dialog: UnlockDialog) -> None:
    open_on(dialog, CHOOSE)
    names = [control.objectName() for control in interactive(dialog)]
    assert len(names) == len(set(names)) == 7
    assert all(control.accessibleName() for control in interactive(dialog))


# The recovery code.


def test_the_recovery_code_is_another_way_in(dialog: UnlockDialog, qtbot: QtBot) -> None:
    for view in (ASK, CLOSED):
        open_on(dialog, view)
        press(dialog, "otherWayButton").click()
        assert field(dialog, "recoveryCodeField").isVisible()
        assert not field(dialog, "passphraseField").isVisible()
        assert not press(dialog, "unlockButton").isEnabled()
        field(dialog, "recoveryCodeField").setText("abcde fghjk")
        with qtbot.waitSignal(dialog.code_given) as given:
            press(dialog, "unlockButton").click()
        assert given.args == ["abcde fghjk"]
        press(dialog, "otherWayButton").click()
        assert not field(dialog, "recoveryCodeField").isVisible()
        dialog.reject()
        assert field(dialog, "recoveryCodeField").text() == ""


def test_a_code_that_does_not_open_can_be_typed_over(dialog: UnlockDialog) -> None:
    open_on(dialog, CLOSED)
    press(dialog, "otherWayButton").click()
    field(dialog, "recoveryCodeField").setText("wrong")
    dialog.show_lock(LockView())
    assert not field(dialog, "recoveryCodeField").isEnabled()
    dialog.show_lock(LockView(LockState.CLOSED, reason=CLOSED.reason, problem="This is not a whole recovery code."))
    assert said(dialog, "unlockProblem") == "This is not a whole recovery code."
    assert field(dialog, "recoveryCodeField").selectedText() == "wrong"
    QTest.keyClicks(field(dialog, "recoveryCodeField"), "x")
    assert said(dialog, "unlockProblem") == ""


def test_a_new_vault_has_no_code_yet(dialog: UnlockDialog) -> None:
    open_on(dialog, CHOOSE)
    assert not press(dialog, "otherWayButton").isVisible()


def test_after_the_code_a_new_passphrase_is_chosen(dialog: UnlockDialog, qtbot: QtBot) -> None:
    open_on(dialog, LockView(LockState.NEW_PASSPHRASE, reason="The recovery code opened the vault."))
    assert said(dialog, "unlockTitle") == "Choose a new passphrase"
    for name in ("passphraseField", "passphraseAgainField"):
        field(dialog, name).setText("long enough")
    with qtbot.waitSignal(dialog.new_passphrase_given) as given, qtbot.assertNotEmitted(dialog.passphrase_given):
        press(dialog, "unlockButton").click()
    assert given.args == ["long enough"]


def test_a_vault_that_was_locked_here_is_simply_unlocked(dialog: UnlockDialog) -> None:
    open_on(dialog, LockView(LockState.CLOSED, reason="It was locked.", on_purpose=True))
    assert press(dialog, "retryKeyringButton").text() == "Unlock"
