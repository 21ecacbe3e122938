"""One wallet on a card: how it is and what it holds at a glance, what it may do below, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from l402desk.session.wallet_view import State, WalletView
from l402desk.ui.style import GAP, set_role
from l402desk.ui.vault.inline_edit import InlineEdit
from l402desk.ui.wallets import words
from l402desk.ui.wallets.facts import FactRows, Heed
from l402desk.ui.wallets.hosts_row import HostsRow
from l402desk.ui.widgets.buttons import button, danger_button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import elided_label, label, sentences, visible
from l402desk.wallets.book import LONGEST_NAME


class WalletCardView(Card):
    """Shows one `WalletView`. All signals carry the wallet's name first.

    `wanted` a word: test, default, connect, disconnect, remove; `renamed` the new name, `armed` whether it may pay by
    itself, `host_given` an address, `host_dropped` an origin.
    """

    wanted = Signal(object, object)
    renamed = Signal(object, object)
    armed = Signal(object, object)
    host_given = Signal(object, object)
    host_dropped = Signal(object, object)

    def __init__(self, number: int) -> None:
        """``number`` makes the names of its parts unique on the page."""
        self._key = name = f"wallet{number}"
        super().__init__(name=f"{name}Card", spacing=GAP.SMALL)
        self.wallet = WalletView("")
        self._kind = IconView("wallet", "dim", 20)
        self.title = InlineEdit(name=f"{name}Name", label="Rename", most=LONGEST_NAME, keys="F2", role="heading")
        self._default = label("Default", role="good", name=f"{name}Default")
        self._balance = label(role="heading", name=f"{name}Balance")
        self._dot = IconView("ring", "dim")
        self._state = label(name=f"{name}State")
        self._place = elided_label(role="dim", mode="middle", name=f"{name}Place")
        self._trouble = label(role="caution", wrap=True, selectable=True, name=f"{name}Trouble")
        self.facts = FactRows(name)
        self.heed = Heed(name)
        self.by_itself = QCheckBox("Without a question")
        self.by_itself.setObjectName(f"{name}ArmBox")
        self._by_itself_words = label(role="dim", wrap=True, name=f"{name}ArmWords")
        self.hosts = HostsRow(name)
        self._buttons = QButtonGroup(self)
        self.deeds = {
            word: self._deed(word, text)
            for word, text in (
                ("test", "Test connection"), ("default", "Use as default"), ("connect", "Connect again"),
                ("disconnect", "Disconnect"), ("remove", "Remove"),
            )
        }  # fmt: skip
        self._lay_out()
        keys = QShortcut(QKeySequence(Qt.Key.Key_F2), self, self._begin_rename)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.title.written.connect(self._rename)
        self.by_itself.clicked.connect(self._arm)
        self.hosts.given.connect(self._give_host)
        self.hosts.dropped.connect(self._drop_host)
        self._buttons.buttonClicked.connect(self._want)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GAP.SMALL)
        top.addWidget(self._kind)
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self._default)
        top.addSpacing(GAP.SMALL)
        top.addWidget(self._balance)
        below = QHBoxLayout()
        below.setSpacing(GAP.SMALL)
        below.addWidget(self._dot)
        below.addWidget(self._state)
        below.addWidget(self._place, 1)
        arming = QWidget()
        column = QVBoxLayout(arming)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.by_itself)
        column.addWidget(self._by_itself_words)
        self._arming = arming
        self.facts.add("May pay", arming, drop=GAP.HAIR)
        self.facts.add("Offered first at", self.hosts, drop=GAP.SMALL)
        row = QHBoxLayout()
        row.setContentsMargins(0, GAP.HAIR, 0, 0)
        row.setSpacing(GAP.SMALL)
        for deed in self.deeds.values():
            row.addWidget(deed)
        row.insertStretch(row.count() - 1, 1)
        self.body.addLayout(top)
        self.body.addLayout(below)
        self.body.addWidget(self._trouble)
        self.body.addWidget(self.facts)
        self.body.addWidget(self.heed)
        self.body.addLayout(row)

    def show_wallet(self, wallet: WalletView, *, budgets_set: bool) -> None:
        self.wallet = wallet
        shown, standing = visible(wallet.name, 60), words.standing(wallet)
        self.setAccessibleName(f"Wallet {shown}: {standing.words}")
        self._kind.show_icon(words.kind_icon(wallet.kind), "normal")
        self.title.show_text(wallet.name)
        self._dot.show_icon(standing.icon, standing.tint)
        self._state.setText(standing.words)
        self._place.setText(self._where())
        self._balance.setText(wallet.balance.words() if wallet.balance is not None else "")
        self._default.setVisible(wallet.is_default)
        trouble = wallet.trouble if wallet.state is State.SILENT else None
        self._trouble.setText(sentences(trouble.sentence, trouble.remedy) if trouble is not None else "")
        self._trouble.setVisible(trouble is not None)
        self.facts.show_wallet(wallet)
        self.heed.show_warnings(wallet.examination.warnings if wallet.examination is not None else ())
        self._show_trust(budgets_set)
        self.hosts.show_hosts(wallet.hosts)
        self._allow(shown)

    def _where(self) -> str:
        wallet = self.wallet
        parts = [words.kind_title(wallet.kind), str(wallet.network or "")]
        parts.append(wallet.stored.place if wallet.stored is not None else "in the sandbox of this window")
        return " · ".join(part for part in parts if part)

    def _show_trust(self, budgets_set: bool) -> None:
        wallet = self.wallet
        self.by_itself.setChecked(wallet.is_armed or wallet.is_play)
        self.by_itself.setEnabled(wallet.stored is not None and not wallet.is_play)
        self.by_itself.setAccessibleName(f"{visible(wallet.name, 60)} may pay without a question")
        self._by_itself_words.setText(words.by_itself(wallet, budgets_set=budgets_set))
        set_role(self._by_itself_words, "caution" if wallet.is_armed and not budgets_set else "dim")
        self.facts.show_row(self._arming, wallet.pays)

    def _allow(self, shown: str) -> None:
        """What makes sense with a wallet like this; what does not is not there."""
        wallet, stored = self.wallet, self.wallet.stored
        is_on = wallet.able is not None
        may_be_first = stored is not None and stored.is_intact and not stored.watch_only
        self.title.pencil.setVisible(stored is not None and stored.is_intact)
        self.facts.show_row(self.hosts, may_be_first)
        for word, is_there in (
            ("test", is_on),
            ("default", may_be_first and not wallet.is_default),
            ("connect", stored is not None and stored.is_intact and not is_on),
            ("disconnect", stored is not None and is_on),
            ("remove", stored is not None),
        ):
            self.deeds[word].setVisible(is_there)
            self.deeds[word].setAccessibleName(f"{self.deeds[word].text()}: {shown}")
        self.deeds["test"].setEnabled(not wallet.asked_by)
        self.deeds["test"].setText("Asking…" if wallet.asked_by else "Test connection")

    def _deed(self, word: str, text: str) -> QPushButton:
        make = danger_button if word == "remove" else button
        made = make(text, name=f"{self._key}{word.title()}Button")
        made.setProperty("word", word)
        self._buttons.addButton(made)
        return made

    @Slot(QAbstractButton)
    def _want(self, pressed: QAbstractButton) -> None:
        word = pressed.property("word")
        if word == "test":
            self.heed.open()
        self.wanted.emit(self.wallet.name, word)

    @Slot()
    def _begin_rename(self) -> None:
        if self.title.pencil.isVisible():
            self.title.begin()

    @Slot(object)
    def _rename(self, new: object) -> None:
        self.renamed.emit(self.wallet.name, new)

    @Slot(bool)
    def _arm(self, is_armed: bool) -> None:
        self.armed.emit(self.wallet.name, is_armed)

    @Slot(object)
    def _give_host(self, address: object) -> None:
        self.host_given.emit(self.wallet.name, address)

    @Slot(object)
    def _drop_host(self, origin: object) -> None:
        self.host_dropped.emit(self.wallet.name, origin)
