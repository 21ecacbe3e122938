"""Asks for passphrases: the vault's own, to prove who asks; a new one, typed twice; or a backup's."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.vault.unlock import SHORTEST, secret_field
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.text import label

WIDTH, LEAST_HEIGHT = 480, 200


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask. ``proof``, ``new`` and ``known`` are what each field is called; empty leaves it out.

    A ``new`` passphrase is typed twice, a ``known`` one once.
    """

    title: str
    sentence: str
    go: str
    proof: str = ""
    new: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What was typed; None where it was not asked for."""

    proof: str | None = field(default=None, repr=False)
    words: str | None = field(default=None, repr=False)


class SecretDialog(QDialog):
    """`given` carries `Secrets`; nothing typed stays in the dialog when it closes."""

    given = Signal(object)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("secretDialog")
        self.setWindowTitle("Vault")
        self.setModal(True)
        self._question = question
        self._proof = secret_field("proofField", question.proof)
        self._words = secret_field("wordsField", question.new or question.known)
        self._again = secret_field("wordsAgainField", "The same again")
        self._says = label(wrap=True, role="caution", name="secretProblem")
        self._go = primary_button(question.go, name="secretButton")
        self._cancel = button("Cancel", name="secretCancelButton")
        self._go.clicked.connect(self._give)
        self._cancel.clicked.connect(self.reject)
        self._lay_out()
        for part in self._asked():
            part.textChanged.connect(self._check)
        self._check()

    def _asked(self) -> list[QLineEdit]:
        asks = self._question
        wanted = ((self._proof, asks.proof), (self._words, asks.new or asks.known), (self._again, asks.new))
        return [part for part, words in wanted if words]

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.LARGE)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(label(self._question.title, role="title", wrap=True, name="secretTitle"))
        column.addWidget(label(self._question.sentence, role="dim", wrap=True, name="secretReason"))
        for part in (self._proof, self._words, self._again):
            part.setParent(self)
            part.setVisible(part in self._asked())
            column.addWidget(part)
        column.addWidget(self._says)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._go)
        column.addLayout(row)
        if asked := self._asked():
            asked[0].setFocus()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, max(self._column.heightForWidth(WIDTH), LEAST_HEIGHT))

    @Slot()
    def _check(self) -> None:
        words, again, problem = self._words.text(), self._again.text(), ""
        if self._question.new and words and len(words) < SHORTEST:
            problem = f"Use at least {SHORTEST} characters; a few unrelated words are best."
        elif self._question.new and again and words != again:
            problem = "The two are not the same yet."
        self._says.setText(problem)
        self._says.setVisible(bool(problem))
        self._go.setEnabled(
            not problem and all(part.text() for part in self._asked()) and (not self._question.new or words == again)
        )

    @Slot()
    def _give(self) -> None:
        asks = self._question
        given = Secrets(
            self._proof.text() if asks.proof else None, self._words.text() if asks.new or asks.known else None
        )
        self.accept()
        self.given.emit(given)

    def done(self, result: int) -> None:
        for part in (self._proof, self._words, self._again):
            part.clear()
        super().done(result)
