"""Asks for what a deed with the key needs, a passphrase or a file, and has it done."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from l402desk.session.security import Deed, SecuritySession
from l402desk.ui.settings.secret_dialog import Question, SecretDialog, Secrets

ENDING = ".l402backup"
PROOF = "The vault's passphrase"
ALONE = "Nobody can recover it for you: what it seals opens with nothing else."


class VaultDeeds(QObject):
    """One deed at a time; a dialog that is cancelled changes nothing."""

    def __init__(self, security: SecuritySession, owner: QWidget) -> None:
        super().__init__(owner)
        self._security = security
        self._owner = owner
        self._deed = Deed.CODE
        self._file = Path()
        self._dialog: QDialog | None = None

    def begin(self, deed: Deed) -> None:
        """Ask what must be asked, and do it."""
        self._deed = deed
        match deed:
            case Deed.BACK_UP:
                self._ask_target()
            case Deed.RESTORE:
                self._ask_source()
            case _:
                self._ask_or_do()

    def _ask_or_do(self) -> None:
        question = question_for(self._deed, self._security)
        if question is None:
            self._do(Secrets())
            return
        dialog = SecretDialog(question, self._owner.window())
        dialog.given.connect(self._do)
        self._open(dialog)

    def _ask_target(self) -> None:
        dialog = QFileDialog(self._owner.window(), "Where the backup goes")
        dialog.setObjectName("backUpDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(ENDING.removeprefix("."))
        dialog.selectFile(f"L402 Desk {time.strftime('%Y-%m-%d')}{ENDING}")
        dialog.fileSelected.connect(self._take_file)
        self._open(dialog)

    def _ask_source(self) -> None:
        dialog = QFileDialog(self._owner.window(), "The backup to restore")
        dialog.setObjectName("restoreDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"Backups (*{ENDING})", "All files (*)"])
        dialog.fileSelected.connect(self._take_file)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = dialog
        dialog.open()

    @Slot()
    def close_dialog(self) -> None:
        """The vault was locked: nobody answers for it any more."""
        if self._dialog is not None:
            self._dialog.reject()

    @Slot(str)
    def _take_file(self, chosen: str) -> None:
        self._file = Path(chosen)
        self._ask_or_do()

    @Slot(object)
    def _do(self, given: Secrets) -> None:
        security, words = self._security, given.words or ""
        match self._deed:
            case Deed.PASSPHRASE:
                security.keep_by_passphrase(words, given.proof)
            case Deed.KEYRING:
                security.keep_by_keyring(given.proof)
            case Deed.CODE:
                security.new_code(given.proof)
            case Deed.ROTATE:
                security.rotate(given.proof)
            case Deed.BACK_UP:
                security.back_up(self._file, words, given.proof)
            case Deed.RESTORE:
                security.restore(self._file, words)


def question_for(deed: Deed, security: SecuritySession) -> Question | None:
    """What to ask before a deed; None where nothing needs to be asked, and nothing is lost by it."""
    view = security.view
    proof = PROOF if view.by_passphrase else ""
    match deed:
        case Deed.PASSPHRASE:
            title = "Change the passphrase" if view.by_passphrase else "Use a passphrase"
            sentence = f"The vault will open with the new passphrase, and its old key is thrown away. {ALONE}"
            return Question(title, sentence, "Use it", proof=proof, new="New passphrase")
        case Deed.KEYRING:
            sentence = "The keyring of this computer opens the vault from then on, and the passphrase no longer does."
            return Question("Let the keyring keep the key", sentence, "Let it", proof=proof)
        case Deed.CODE:
            sentence = "The code opens the vault like its passphrase does, so that is asked for first."
            return Question("New recovery code", sentence, "Show the code", proof=proof) if proof else None
        case Deed.ROTATE:
            return _before_rotating(proof, has_code=view.code_made_at is not None)
        case Deed.BACK_UP:
            sentence = f"The backup opens with this passphrase, and not with the vault's. {ALONE}"
            return Question("Seal the backup", sentence, "Back up", proof=proof, new="Passphrase of the backup")
        case _:  # Deed.RESTORE
            return _before_restoring(view.open_payments)


def _before_rotating(proof: str, *, has_code: bool) -> Question | None:
    """Nothing is asked where nothing is lost."""
    if not proof and not has_code:
        return None
    sentence = "Everything in the vault is sealed anew under a fresh key."
    if has_code:
        sentence += " Your recovery code then opens nothing any more: have a new one shown afterwards."
    return Question("Replace the key", sentence, "Replace it", proof=proof)


def _before_restoring(open_payments: int) -> Question:
    sentence = (
        "The vault will be as it was when the backup was made. What was bought since then will not be in it; the file "
        "that is here now is set aside whole, and not deleted."
    )
    if open_payments == 1:
        sentence += " One payment is open now. The restored vault may not know of it: do not pay for that again."
    elif open_payments:
        sentence += (
            f" {open_payments} payments are open now. The restored vault may not know of them: do not pay again."
        )
    return Question("Restore a backup", sentence, "Restore", known="Passphrase of the backup")
