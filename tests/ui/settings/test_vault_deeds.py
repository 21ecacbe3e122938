"""Before a deed with the key: what is asked, what is said, and that a cancelled dialog does nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.session.security import Deed, KeyView, SecuritySession
from l402desk.ui.settings.secret_dialog import SecretDialog
from l402desk.ui.settings.vault_deeds import PROOF, VaultDeeds, question_for
from l402desk.ui.style import Appearance
from tests.fakes.io import ImmediateIo

KEYRING = KeyView(is_open=True, exists=True, kept_by="Secret Service")
CODE = KeyView(is_open=True, exists=True, kept_by="Secret Service", code_made_at=1)
PASSPHRASE = KeyView(is_open=True, exists=True, by_passphrase=True, kept_by="your passphrase", open_payments=2)


class Recorder(SecuritySession):
    """Writes down what it is asked to do."""

    def __init__(self) -> None:
        super().__init__(ImmediateIo(SimpleNamespace()))
        self.asked: list[tuple[object, ...]] = []

    def keep_by_passphrase(self, passphrase: str, proof: str | None) -> None:
        self.asked.append(("passphrase", passphrase, proof))

    def new_code(self, proof: str | None) -> None:
        self.asked.append(("code", proof))

    def rotate(self, proof: str | None) -> None:
        self.asked.append(("rotate", proof))

    def back_up(self, target: Path, passphrase: str, proof: str | None) -> None:
        self.asked.append(("back up", target, passphrase, proof))

    def restore(self, source: Path, passphrase: str) -> None:
        self.asked.append(("restore", source, passphrase))

    def keep_by_keyring(self, proof: str | None) -> None:
        self.asked.append(("keyring", proof))


class Kit:
    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.security = Recorder()
        self.deeds = VaultDeeds(self.security, self.window)

    def begin(self, view: KeyView, deed: Deed) -> None:
        self.security.view = view
        self.deeds.begin(deed)

    @property
    def dialog(self) -> SecretDialog:
        assert isinstance(self.deeds._dialog, SecretDialog)
        return self.deeds._dialog

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            field = self.dialog.findChild(QLineEdit, f"{name}Field")
            assert field is not None
            field.setText(text)
        go = self.dialog.findChild(QPushButton, "secretButton")
        assert go is not None
        go.click()


@pytest.fixture
def kit(qtbot: QtBot, dressed: Appearance) -> Kit:
    return Kit(qtbot)


def test_where_nothing_is_lost_nothing_is_asked(kit: Kit) -> None:
    kit.begin(KEYRING, Deed.CODE)
    kit.begin(KEYRING, Deed.ROTATE)
    assert kit.security.asked == [("code", None), ("rotate", None)]


def test_a_code_that_would_be_lost_is_named_first(kit: Kit) -> None:
    kit.begin(CODE, Deed.ROTATE)
    assert kit.security.asked == []
    kit.type()
    assert kit.security.asked == [("rotate", None)]


def test_a_passphrase_vault_asks_for_it_before_every_deed(kit: Kit) -> None:
    for deed in Deed:
        kit.security.view = PASSPHRASE
        question = question_for(deed, kit.security)
        assert question is not None
        assert question.proof == ("" if deed is Deed.RESTORE else PROOF)
    kit.begin(PASSPHRASE, Deed.KEYRING)
    kit.type(proof="old words")
    kit.begin(PASSPHRASE, Deed.PASSPHRASE)
    kit.type(proof="old words", words="new words", wordsAgain="new words")
    assert kit.security.asked == [("keyring", "old words"), ("passphrase", "new words", "old words")]


def test_a_backup_goes_where_it_is_wanted(kit: Kit, tmp_path: Path) -> None:
    kit.begin(KEYRING, Deed.BACK_UP)
    chooser = kit.deeds._dialog
    assert isinstance(chooser, QFileDialog)
    assert chooser.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    chooser.fileSelected.emit(str(tmp_path / "b.l402backup"))
    kit.type(words="new words", wordsAgain="new words")
    assert kit.security.asked == [("back up", tmp_path / "b.l402backup", "new words", None)]


def test_a_restore_says_what_will_not_be_there_and_what_is_open(kit: Kit, tmp_path: Path) -> None:
    kit.begin(PASSPHRASE, Deed.RESTORE)
    chooser = kit.deeds._dialog
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "b.l402backup"))
    kit.type(words="abc")
    assert kit.security.asked == [("restore", tmp_path / "b.l402backup", "abc")]
    question = question_for(Deed.RESTORE, kit.security)
    assert question is not None
    assert "will not be in it" in question.sentence
    assert "2 payments are open" in question.sentence
    kit.security.view = KEYRING
    calm = question_for(Deed.RESTORE, kit.security)
    assert calm is not None
    assert "open now" not in calm.sentence


def test_a_cancelled_dialog_does_nothing_and_locking_cancels_it(kit: Kit) -> None:
    kit.begin(PASSPHRASE, Deed.CODE)
    assert kit.dialog.isVisible()
    kit.deeds.close_dialog()
    assert not kit.dialog.isVisible()
    assert kit.security.asked == []
