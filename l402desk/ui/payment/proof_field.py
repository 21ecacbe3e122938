"""Where the proof of payment is pasted: checked here, at once, before anything is sent anywhere."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.proof_text import find_proof, other_proof
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label

SHORTCUT = "Ctrl+Shift+V"
_LONGEST = 4_096


class ProofField(QWidget):
    """A field that says while one types what is wrong; `proof_given` carries its digits once it is the proof."""

    proof_given = Signal(object)
    other_proof_given = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._payment_hash: PaymentHash | None = None
        self._given = ""
        words = "Proof of payment (preimage)"
        self.field = line_field(name="preimageField", label=words, placeholder=words)
        self.field.setMaxLength(_LONGEST)
        self.paste = button("Paste", name="pastePreimageButton", icon="paste", label="Paste the proof of payment")
        self._says = label(wrap=True, role="dim", name="preimageVerdict")
        self.field.textEdited.connect(self.check)
        self.field.returnPressed.connect(self.check)
        self.paste.clicked.connect(self.paste_clipboard)
        QShortcut(QKeySequence(SHORTCUT), self, self.paste_clipboard)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.field, 1)
        row.addWidget(self.paste)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.HAIR)
        column.addLayout(row)
        column.addWidget(self._says)
        self._says.hide()

    def expect(self, payment_hash: PaymentHash | None) -> None:
        """Which payment a proof is for; a change empties the field."""
        if payment_hash != self._payment_hash:
            self._payment_hash = payment_hash
            self._given = ""
            self.field.setText("")
            self._say("", "dim")

    @Slot()
    def paste_clipboard(self) -> None:
        """Read the clipboard, now and only now (T-CLIP-1), and check what is on it."""
        text = QGuiApplication.clipboard().text().strip()[:_LONGEST]
        self.field.setText(text)
        self.check()
        if not text:
            self._say("There is no text on the clipboard.", "dim")

    @Slot()
    def check(self) -> None:
        """Compare with the payment hash, here: a wrong text never leaves this computer."""
        text = self.field.text()
        if self._payment_hash is None or not text.strip():
            self._say("", "dim")
            return
        try:
            proof = find_proof(text, self._payment_hash).hex
        except ProofError as error:
            self._say(f"{error}.", "caution")
            self._offer_other(text, self._payment_hash)
            return
        self._say("This is the proof.", "good")
        if proof != self._given:
            self._given = proof
            self.proof_given.emit(proof)

    def _offer_other(self, text: str, payment_hash: PaymentHash) -> None:
        other = other_proof(text, payment_hash)
        if other is not None and other.hex != self._given:
            self._given = other.hex
            self.other_proof_given.emit(other.hex)

    def _say(self, words: str, role: str) -> None:
        self._says.setText(words)
        self._says.setVisible(bool(words))
        set_role(self._says, role)
