"""How a connection of one kind is written, where its parts are found, and how it is made as weak as it can be."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.assets import icon
from l402desk.ui.style import GAP
from l402desk.ui.wallets import words
from l402desk.ui.widgets.buttons import CopyButton
from l402desk.ui.widgets.text import label
from l402desk.wallets.catalogue import KINDS

ANY = "Choose the kind of wallet…"


class KindHelp(QWidget):
    """`chosen` carries the kind that somebody wants to read about; empty for none."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setObjectName("walletKindBox")
        self.box.setAccessibleName("Kind of wallet")
        self.box.addItem(ANY, "")
        for kind, about in KINDS.items():
            self.box.addItem(icon(words.kind_icon(kind)), about.title, str(kind))
        self._form = label(role="mono", wrap=True, selectable=True, name="walletKindForm")
        self._advice = label(role="dim", wrap=True, name="walletKindAdvice")
        self._heading = label("As little power as possible", role="strong", name="walletKindRightsHeading")
        self._rights = label(wrap=True, selectable=True, name="walletKindRights")
        self.copy = CopyButton("Copy", name="copyRightsButton", label="Copy how to make it")
        self._about = QWidget()
        self._lay_out()
        self.box.currentIndexChanged.connect(self._choose)
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        head.addWidget(self._heading, 1)
        head.addWidget(self.copy)
        about = QVBoxLayout(self._about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(GAP.SMALL)
        about.addWidget(self._form)
        about.addWidget(self._advice)
        about.addLayout(head)
        about.addWidget(self._rights)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addWidget(self.box)
        column.addWidget(self._about)

    @property
    def kind(self) -> str:
        return str(self.box.currentData())

    def show_kind(self, kind: str) -> None:
        """The kind that was recognised; what a person chose stays while nothing was."""
        index = self.box.findData(kind)
        if kind and index >= 0:
            self.box.setCurrentIndex(index)

    @Slot()
    def _choose(self) -> None:
        self._show()
        self.chosen.emit(self.kind)

    def _show(self) -> None:
        about = words.about(self.kind)
        self._about.setVisible(about is not None)
        if about is None:
            return
        self._form.setText(about.form)
        self._advice.setText(about.advice)
        self._rights.setText(about.rights)
        self.copy.set_payload(about.rights)
        for part in (self._heading, self._rights, self.copy):
            part.setVisible(bool(about.rights))
