"""What a store does not tell: the server its tokens belong to, its passphrase, or the file with its key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from l402desk.session.import_jobs import Ask, Found
from l402desk.ui.style import GAP
from l402desk.ui.vault import transfer_words as words
from l402desk.ui.vault.unlock import secret_field
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label

LONGEST_ADDRESS = 2_048


class ImportQuestion(QWidget):
    """Hidden while nothing is asked. `answered` carries the text that was typed, or the `Path` of the key file."""

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.ask: Ask | None = None
        self._is_busy = False
        self._says = label(wrap=True, name="importQuestion")
        self._refusal = label(wrap=True, role="caution", name="importRefusal")
        self.address = line_field(
            name="importAddressField",
            label="Address of the server its tokens belong to",
            placeholder="https://api.example or https://api.example/v1",
        )
        self.address.setMaxLength(LONGEST_ADDRESS)
        self.passphrase = secret_field("importPassphraseField", "Passphrase of the sealed export")
        self.key = button("Choose the key file…", name="importKeyButton", icon="key")
        self.go = button("Open", name="importAnswerButton")
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.address, 1)
        row.addWidget(self.passphrase, 1)
        row.addWidget(self.key)
        row.addWidget(self.go)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addWidget(self._says)
        column.addLayout(row)
        column.addWidget(self._refusal)
        for field in (self.address, self.passphrase):
            field.textChanged.connect(self._check)
            field.returnPressed.connect(self._give)
        self.go.clicked.connect(self._give)
        self.key.clicked.connect(self._ask_key)
        self.hide()

    @property
    def _field(self) -> QLineEdit:
        return self.passphrase if self.ask is Ask.PASSPHRASE else self.address

    def show_found(self, found: Found | None, *, is_busy: bool) -> None:
        """Ask what is missing, and say why the last answer did not do; None hides it and forgets what was typed."""
        self._is_busy = is_busy
        self.setVisible(found is not None)
        self.ask = None if found is None else found.ask
        if found is None or found.ask is None:
            self.address.clear()
            self.passphrase.clear()
            return
        more = words.MORE_HOMELESS.format(f"{found.homeless:,}")
        self._says.setText(words.ASKS[found.ask] if found.is_empty or not found.homeless else more)
        self._refusal.setText(found.refusal)
        self._refusal.setVisible(bool(found.refusal) and not is_busy)
        self.address.setVisible(found.ask is Ask.ADDRESS)
        self.passphrase.setVisible(found.ask is Ask.PASSPHRASE)
        self.key.setVisible(found.ask is Ask.KEY_FILE)
        self.go.setVisible(found.ask is not Ask.KEY_FILE)
        for part in (self.address, self.passphrase, self.key):
            part.setEnabled(not is_busy)
        self.go.setText("Opening…" if is_busy else "Open" if found.ask is Ask.PASSPHRASE else "Look again")
        self._check()

    def take_focus(self) -> None:
        if self.ask is Ask.KEY_FILE:
            self.key.setFocus()
            return
        self._field.setFocus()
        self._field.selectAll()

    @Slot()
    def _check(self) -> None:
        self.go.setEnabled(not self._is_busy and bool(self._field.text().strip()))

    @Slot()
    def _give(self) -> None:
        if not self.go.isEnabled() or self.ask in (None, Ask.KEY_FILE):
            return
        text = self._field.text()
        self.answered.emit(text if self.ask is Ask.PASSPHRASE else text.strip())

    @Slot()
    def _ask_key(self) -> None:
        dialog = QFileDialog(self, "The key file of 402-mcp")
        dialog.setObjectName("importKeyDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setFilter(dialog.filter() | QDir.Filter.Hidden)
        dialog.fileSelected.connect(self._take_key)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _take_key(self, chosen: str) -> None:
        if chosen:
            self.answered.emit(Path(chosen))
