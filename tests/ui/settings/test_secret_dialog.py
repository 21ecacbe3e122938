"""The dialog for passphrases asks for what is wanted, takes a new one twice, and keeps nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.settings.secret_dialog import Question, SecretDialog, Secrets
from l402desk.ui.style import Appearance
from tests.fakes.journeys import interactive

NEW = Question("A title", "A sentence.", "Go", proof="Old", new="New")
KNOWN = Question("A title", "A sentence. " * 12, "Go", known="Known")


def made(qtbot: QtBot, question: Question) -> SecretDialog:
    dialog = SecretDialog(question)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def field(dialog: SecretDialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert found is not None
    return found


def press(dialog: SecretDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("proof", "first", "second", "problem", "ready"),
    [
        ("", "long enough", "long enough", "", False),
        ("old", "short", "", "Use at least 8 characters; a few unrelated words are best.", False),
        ("old", "long enough", "", "", False),
        ("old", "long enough", "long enuogh", "The two are not the same yet.", False),
        ("old", "long enough", "long enough", "", True),
    ],
)
def test_a_new_one_is_long_and_typed_twice(
    qtbot: QtBot, dressed: Appearance, proof: str, first: str, second: str, problem: str, ready: bool
) -> None:
    dialog = made(qtbot, NEW)
    for name, text in (("proofField", proof), ("wordsField", first), ("wordsAgainField", second)):
        field(dialog, name).setText(text)
    says = dialog.findChild(QLabel, "secretProblem")
    assert says is not None
    assert says.text() == problem
    assert press(dialog, "secretButton").isEnabled() == ready


def test_what_is_given_is_carried_and_not_kept(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot, NEW)
    field(dialog, "proofField").setText("the old one")
    for name in ("wordsField", "wordsAgainField"):
        field(dialog, name).setText("the new one")
    with qtbot.waitSignal(dialog.given) as given:
        press(dialog, "secretButton").click()
    assert given.args == [Secrets("the old one", "the new one")]
    assert "one" not in repr(given.args[0])
    assert [field(dialog, name).text() for name in ("proofField", "wordsField", "wordsAgainField")] == ["", "", ""]


def test_one_that_is_known_is_typed_once_and_may_be_short(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot, KNOWN)
    assert not field(dialog, "proofField").isVisible()
    assert not field(dialog, "wordsAgainField").isVisible()
    QTest.keyClicks(field(dialog, "wordsField"), "abc")
    with qtbot.waitSignal(dialog.given) as given:
        QTest.keyClick(field(dialog, "wordsField"), Qt.Key.Key_Return)
    assert given.args == [Secrets(None, "abc")]


def test_cancelling_gives_nothing(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot, KNOWN)
    field(dialog, "wordsField").setText("abc")
    with qtbot.assertNotEmitted(dialog.given):
        press(dialog, "secretCancelButton").click()
    assert field(dialog, "wordsField").text() == ""


def test_a_question_without_fields_is_a_choice(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot, Question("A title", "A sentence.", "Go"))
    with qtbot.waitSignal(dialog.given) as given:
        press(dialog, "secretButton").click()
    assert given.args == [Secrets()]


@pytest.mark.parametrize("question", [NEW, KNOWN])
def test_it_is_as_high_as_what_it_says_and_everything_has_a_name(
    qtbot: QtBot, dressed: Appearance, question: Question
) -> None:
    dialog = made(qtbot, question)
    reason = dialog.findChild(QLabel, "secretReason")
    assert reason is not None
    assert reason.height() >= reason.heightForWidth(reason.width())
    shown = [control for control in interactive(dialog) if control.isVisible()]
    assert all(control.objectName() and control.accessibleName() for control in shown)
    for secret in ("proofField", "wordsField", "wordsAgainField"):
        assert field(dialog, secret).echoMode() is QLineEdit.EchoMode.Password
