"""What a store does not tell is asked for in its own words, and nothing typed outlives the question."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.session.import_jobs import Ask, Found, Host
from l402desk.ui.style import Appearance
from l402desk.ui.vault.import_question import ImportQuestion
from l402desk.vault.foreign.entries import Kind

ADDRESS = Found(Kind.APERTURE, Ask.ADDRESS)
SEALED = Found(Kind.SEALED, Ask.PASSPHRASE)
KEY = Found(Kind.MCP402, Ask.KEY_FILE, "There is no key beside it.")


@pytest.fixture
def question(qtbot: QtBot, dressed: Appearance) -> ImportQuestion:
    made = ImportQuestion()
    qtbot.addWidget(made)
    return made


def said(question: ImportQuestion, name: str = "importQuestion") -> str:
    found = question.findChild(QLabel, name)
    assert found is not None
    return found.text() if not found.isHidden() else ""


def shown(question: ImportQuestion) -> list[str]:
    parts = (question.address, question.passphrase, question.key, question.go)
    return [part.objectName() for part in parts if not part.isHidden()]


def test_each_question_has_its_own_field(question: ImportQuestion) -> None:
    for found, names, words in (
        (ADDRESS, ["importAddressField", "importAnswerButton"], "which server its tokens belong to"),
        (SEALED, ["importPassphraseField", "importAnswerButton"], "passphrase it was sealed under"),
        (KEY, ["importKeyButton"], "encryption.key"),
    ):
        question.show_found(found, is_busy=False)
        assert shown(question) == names
        assert words in said(question)
        assert said(question, "importRefusal") == found.refusal


def test_beside_tokens_that_come_in_the_rest_is_asked_for(question: ImportQuestion) -> None:
    found = Found(Kind.JSON, Ask.ADDRESS, hosts=(Host("a", 1, 0),), tokens=1, homeless=2)
    question.show_found(found, is_busy=False)
    assert said(question) == "2 more could be taken in if you say which server they belong to:"


@pytest.mark.parametrize(
    ("found", "name", "typed", "answer"),
    [
        (ADDRESS, "importAddressField", " https://a.example ", "https://a.example"),
        (SEALED, "importPassphraseField", " a ", " a "),
    ],
)
def test_enter_answers_and_an_empty_answer_is_none(
    qtbot: QtBot, question: ImportQuestion, found: Found, name: str, typed: str, answer: str
) -> None:
    question.show_found(found, is_busy=False)
    field = question.findChild(QLineEdit, name)
    assert field is not None
    with qtbot.assertNotEmitted(question.answered):
        QTest.keyClick(field, Qt.Key.Key_Return)
    field.setText(typed)
    with qtbot.waitSignal(question.answered) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == [answer]


def test_while_an_answer_is_tried_it_waits_and_stays(qtbot: QtBot, question: ImportQuestion) -> None:
    question.show_found(SEALED, is_busy=False)
    question.passphrase.setText("correct horse")
    question.show_found(SEALED, is_busy=True)
    assert not question.passphrase.isEnabled()
    assert (question.go.text(), question.go.isEnabled()) == ("Opening…", False)
    question.show_found(Found(Kind.SEALED, Ask.PASSPHRASE, "Wrong."), is_busy=False)
    assert (question.passphrase.text(), said(question, "importRefusal")) == ("correct horse", "Wrong.")
    question.show_found(None, is_busy=False)
    assert question.passphrase.text() == ""
    assert question.isHidden()


def test_a_passphrase_is_not_shown(question: ImportQuestion) -> None:
    assert question.passphrase.echoMode() is QLineEdit.EchoMode.Password


def test_the_key_is_a_file_that_is_chosen_hidden_ones_too(
    qtbot: QtBot, question: ImportQuestion, tmp_path: Path
) -> None:
    question.show_found(KEY, is_busy=False)
    question.key.click()
    chooser = question.findChild(QFileDialog, "importKeyDialog")
    assert chooser is not None
    with qtbot.waitSignal(question.answered) as told:
        chooser.fileSelected.emit(str(tmp_path / "encryption.key"))
    chooser.reject()
    assert told.args == [tmp_path / "encryption.key"]
