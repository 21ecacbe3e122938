"""The field for a wallet's connection: hidden like a password, shown on demand, filled by paste, drop or file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from l402desk.session.wallet_trial import Recognised
from l402desk.ui.assets import set_icon
from l402desk.ui.style import GAP, set_role
from l402desk.ui.wallets import words
from l402desk.ui.widgets.buttons import button, icon_button
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import label, sentences, set_tool_tip


class ConnectionField(QWidget):
    """`written` carries what stands in it after each change, `file_chosen` a path."""

    written = Signal(str)
    file_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.field = line_field(
            name="connectionField", label="Connection of the wallet, one string",
            placeholder="nostr+walletconnect://…, lndconnect://…, lnbits+https://…", mono=True,
        )  # fmt: skip
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.reveal = icon_button("eye", name="revealConnectionButton", label="Show what is written", checkable=True)
        self.paste = button("Paste", name="pasteConnectionButton", icon="paste", label="Paste a connection")
        self.file = button("From a file…", name="connectionFileButton", icon="file", label="Take it from a text file")
        self._icon = IconView("info", "dim")
        self._says = label(wrap=True, role="dim", name="connectionSays")
        self._lay_out()
        self.field.textChanged.connect(self.written)
        self.reveal.toggled.connect(self._show_secret)
        self.paste.clicked.connect(self._paste)
        self.file.clicked.connect(self._choose_file)
        self.show_recognised(Recognised(""))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        for part in (self.reveal, self.paste, self.file):
            row.addWidget(part)
        row.insertWidget(0, self.field, 1)
        below = QHBoxLayout()
        below.setSpacing(GAP.SMALL)
        below.addWidget(self._icon)
        below.addWidget(self._says, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addLayout(row)
        column.addLayout(below)

    def give(self, text: str) -> None:
        """Replace what stands there."""
        self.field.setText("".join(text.split()))
        self.field.setCursorPosition(0)

    def show_recognised(self, found: Recognised) -> None:
        """What is known of what stands there; while it is only begun, nothing is scolded."""
        if not found.text:
            self._say("info", "dim", "Paste it, drop it here, or take it from a file. It is sealed when you add it.")
        elif found.problem is None:
            kind = words.kind_title(found.kind)
            looks = ", to look payments up alone" if found.watch_only else ""
            pinned = "\nIts certificate is pinned." if found.pinned else ""
            self._say("check-circle", "good", f"{kind}{looks}: {found.place}{pinned}")
        else:
            self._say("warning", "caution", sentences(found.problem.sentence, found.problem.remedy))

    def _say(self, icon: str, role: str, said: str) -> None:
        self._icon.show_icon(icon, role)  # type: ignore[arg-type]  # the three above are tints
        self._says.setText(said)
        set_role(self._says, "" if role == "good" else role)

    @Slot(bool)
    def _show_secret(self, is_shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
        words_ = "Hide what is written" if is_shown else "Show what is written"
        set_icon(self.reveal, "eye-off" if is_shown else "eye")
        self.reveal.setAccessibleName(words_)
        set_tool_tip(self.reveal, words_)

    @Slot()
    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.give(text)

    @Slot()
    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "A text file with a wallet's connection")
        dialog.setObjectName("connectionFileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _take_file(self, chosen: str) -> None:
        if chosen:
            self.file_chosen.emit(Path(chosen))
