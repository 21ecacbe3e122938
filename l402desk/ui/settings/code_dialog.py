"""Shows a recovery code, once: to be written down, and kept where the computer is not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import CopyButton, primary_button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.text import label

WIDTH, LEAST_HEIGHT = 480, 300
WORDS = (
    "It opens the vault when the keyring has lost its key, or when you have forgotten the passphrase. Write it down, "
    "and keep the paper somewhere else. It is shown this one time; a code you had before opens nothing any more."
)


class CodeDialog(QDialog):
    """The code is gone from memory when the dialog is closed, as far as Python can promise that."""

    def __init__(self, code: str, copy: Callable[[str], None], parent: QWidget | None = None) -> None:
        """``copy`` marks the secret on the clipboard and takes it away again."""
        super().__init__(parent)
        self.setObjectName("recoveryCodeDialog")
        self.setWindowTitle("Recovery code")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._code = label(_in_lines(code), role="mono", name="recoveryCode", selectable=True)
        self._code.setAccessibleName("Recovery code: " + " ".join(code))
        large = self._code.font()
        large.setPointSizeF(large.pointSizeF() * 1.3)
        self._code.setFont(large)
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._copy = CopyButton("Copy for 30 seconds", name="copyCodeButton", label="Copy the recovery code", copy=copy)
        self._copy.set_payload(code)
        self._done = primary_button("I have written it down", name="codeWrittenButton", icon="check")
        self._done.clicked.connect(self.accept)
        self._lay_out()

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(GAP.HUGE, GAP.HUGE, GAP.HUGE, GAP.LARGE)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(label("Your recovery code", role="title"))
        column.addWidget(label(WORDS, role="dim", wrap=True, name="recoveryCodeWords"))
        card = Card()
        card.body.addWidget(self._code)
        column.addWidget(card)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self._copy)
        row.addStretch(1)
        row.addWidget(self._done)
        column.addLayout(row)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, max(self._column.heightForWidth(WIDTH), LEAST_HEIGHT))

    def done(self, result: int) -> None:
        self._code.setText("")
        self._code.setAccessibleName("Recovery code")
        self._copy.set_payload("")
        super().done(result)


def _in_lines(code: str) -> str:
    """Four groups, then three: as many as one reads aloud in one breath."""
    groups = code.split("-")
    return "   ".join(groups[:4]) + "\n" + "   ".join(groups[4:])
