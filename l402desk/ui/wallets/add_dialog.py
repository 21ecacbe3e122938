"""Adds a wallet: one string is pasted, or a wallet pairs itself; it is tried and shown before it is stored."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from l402desk.session.wallet_adding import AddingSession
from l402desk.session.wallet_pairing import PairingSession
from l402desk.ui.style import GAP
from l402desk.ui.wallets.connection_field import ConnectionField
from l402desk.ui.wallets.drop import ConnectionDrop
from l402desk.ui.wallets.kind_help import KindHelp
from l402desk.ui.wallets.pair_pane import PairPane
from l402desk.ui.wallets.trial_view import TrialView
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.card import ScrollColumn, rule
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label
from l402desk.wallets.book import LONGEST_NAME

_USUAL, _SMALLEST = QSize(800, 640), QSize(768, 440)


class AddWalletDialog(QDialog):
    """`added` carries the name of the stored wallet. Nothing that was typed stays in the dialog when it closes."""

    added = Signal(object)

    def __init__(self, adding: AddingSession, pairing: PairingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("addWalletDialog")
        self.setWindowTitle("Add a wallet")
        self.setModal(True)
        self._adding = adding
        self._pairing = pairing
        self._suggested = ""
        self._was_trying = False
        self.help = KindHelp()
        self.connection = ConnectionField()
        self.trial = TrialView()
        self.name = line_field(name="walletNameField", label="Name of the wallet")
        self.name.setMaxLength(LONGEST_NAME)
        self.watch_only = QCheckBox("Watch only: look payments up, and never pay with it")
        self.watch_only.setObjectName("watchOnlyBox")
        self.watch_only.setAccessibleName(self.watch_only.text())
        self.pane = PairPane(pairing)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("addWalletTabs")
        self.cancel = button("Cancel", name="cancelAddingButton")
        self.test = button("Test connection", name="testConnectionButton")
        self.add = primary_button("Add wallet", name="storeWalletButton")
        self._drop = ConnectionDrop(self)
        self._lay_out()
        self._connect()
        self.show_adding()

    def _lay_out(self) -> None:
        self._scroll = ScrollColumn(name="addWalletScroll", spacing=GAP.MEDIUM)
        self._scroll.body.setContentsMargins(0, GAP.MEDIUM, GAP.SMALL, 0)
        self._scroll.body.addWidget(self.connection)
        self._scroll.body.addWidget(self.trial)
        self._scroll.body.addWidget(self._about_it())
        self._scroll.body.addWidget(rule())
        self._scroll.body.addWidget(label("Where do I find it?", role="heading"))
        self._scroll.body.addWidget(self.help)
        self._scroll.body.addStretch(1)
        self.tabs.addTab(self._scroll, "Paste a connection")
        pane = ScrollColumn(name="pairScroll")
        pane.body.addWidget(self.pane)
        self.tabs.addTab(pane, "Pair by QR code")
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addStretch(1)
        for act in (self.cancel, self.test, self.add):
            row.addWidget(act)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.HUGE, GAP.LARGE, GAP.HUGE, GAP.LARGE)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(self.tabs, 1)
        column.addLayout(row)
        self.setMinimumSize(_SMALLEST)
        self.resize(_USUAL)
        self.connection.field.setFocus()

    def _about_it(self) -> QWidget:
        """What this app makes of it: a name, and whether it may ever pay. Once there is something to name."""
        self._named = QWidget()
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(label("Name", role="dim"))
        row.addWidget(self.name, 1)
        column = QVBoxLayout(self._named)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addLayout(row)
        column.addWidget(self.watch_only)
        return self._named

    def _connect(self) -> None:
        adding = self._adding
        self.connection.written.connect(adding.write)
        self.connection.file_chosen.connect(adding.read_file)
        self.connection.field.returnPressed.connect(self._go_on)
        self.name.returnPressed.connect(self._go_on)
        self._drop.watch(self.connection.field)
        self._drop.text_dropped.connect(self._take)
        self._drop.file_dropped.connect(adding.read_file)
        self.trial.pin_pressed.connect(self._pin)
        self.name.textChanged.connect(self._allow)
        self.cancel.clicked.connect(self.reject)
        self.test.clicked.connect(adding.test)
        self.add.clicked.connect(self._store)
        self.tabs.currentChanged.connect(self._allow)
        adding.changed.connect(self.show_adding)
        adding.came.connect(self._take)
        adding.added.connect(self._end)
        self._pairing.answered.connect(self._take_answer)

    @Slot()
    def show_adding(self) -> None:
        """What the session knows now."""
        adding, found = self._adding, self._adding.recognised
        was_trying, self._was_trying = self._was_trying, adding.is_trying
        self.connection.show_recognised(found)
        self.help.show_kind(found.kind)
        self.trial.show_tried(adding.tried, adding.refusal, found.pinned)
        self._suggest(adding.tried.name if adding.tried is not None and adding.tried.name else found.name)
        self._named.setVisible(adding.is_whole)
        self._show_power(found.watch_only or self._cannot_pay())
        self.test.setText("Asking…" if adding.is_trying else "Test connection")
        self._allow()
        if was_trying and not adding.is_trying and self.trial.isVisibleTo(self):
            (self.add if self.add.isEnabled() else self.test).setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self.trial)

    def _show_power(self, only_looks: bool) -> None:
        """One that cannot pay only watches; the next one that can is asked about anew."""
        if only_looks == self.watch_only.isEnabled():
            self.watch_only.setChecked(only_looks)
        self.watch_only.setEnabled(not only_looks)

    def _cannot_pay(self) -> bool:
        tried = self._adding.tried
        return tried is not None and tried.examination is not None and not tried.examination.may_pay

    def _suggest(self, name: str) -> None:
        """A name, as long as nobody has typed another."""
        if name and self.name.text() in ("", self._suggested):
            self._suggested = name
            self.name.setText(name)

    @Slot()
    def _allow(self) -> None:
        """Add is for what was tried; what does not answer now may be added all the same, a stranger's server not."""
        adding, tried = self._adding, self._adding.tried
        ready = adding.is_whole and not adding.is_trying and not adding.is_storing
        answers = tried is not None and tried.examination is not None
        distrusted = tried is not None and tried.distrusted is not None
        is_paste = self.tabs.currentIndex() == 0
        self.test.setEnabled(ready)
        self.add.setEnabled(ready and tried is not None and not distrusted and bool(self.name.text().strip()))
        self.add.setText("Add all the same" if tried is not None and not answers and not distrusted else "Add wallet")
        self.add.setAccessibleName(self.add.text())
        self.test.setVisible(is_paste)
        self.add.setVisible(is_paste)

    @Slot()
    def _go_on(self) -> None:
        """Enter tries first, and adds what was tried."""
        if self.add.isEnabled() and self._adding.tried is not None:
            self._store()
        else:
            self._adding.test()

    @Slot()
    def _store(self) -> None:
        self._adding.store(self.name.text(), watch_only=self.watch_only.isChecked())

    @Slot(object)
    def _take(self, text: object) -> None:
        """A connection that came in one piece."""
        self.tabs.setCurrentIndex(0)
        self.connection.give(str(text))
        self._adding.give(str(text))

    @Slot(object)
    def _take_answer(self, connection: object) -> None:
        """A wallet has paired itself: whoever answered first is shown, like any other, before it is stored."""
        self._take(connection)
        self._adding.test_when_read()

    @Slot()
    def _pin(self) -> None:
        tried = self._adding.tried
        if tried is not None and tried.distrusted is not None and tried.distrusted.pinned_text:
            self._take(tried.distrusted.pinned_text)
            self._adding.test_when_read()

    @Slot(object)
    def _end(self, name: object) -> None:
        self.accept()
        self.added.emit(name)

    def done(self, result: int) -> None:
        self._pairing.stop()
        self._adding.forget()
        self.connection.field.clear()
        super().done(result)
