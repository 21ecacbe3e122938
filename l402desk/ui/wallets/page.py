"""The wallets page: a card a wallet, those that answer and those that do not."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from l402desk.session.wallet_deeds import Outcome, WalletDeeds
from l402desk.session.wallets import WalletsSession
from l402desk.ui.style import GAP
from l402desk.ui.wallets.card import WalletCardView
from l402desk.ui.wallets.first_steps import FirstSteps
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.card import ScrollColumn
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import label

WIDEST = 860
LOOK_EVERY_MS = 60_000
"""While the page is looked at; a budget runs down elsewhere too."""


class WalletsPage(QWidget):
    """Shows what `WalletsSession` holds and hands what is wanted to `WalletDeeds`.

    `add_requested` when a wallet is to be added, `unlock_requested` when the vault has to be opened first.
    """

    add_requested = Signal()
    unlock_requested = Signal()

    def __init__(self, wallets: WalletsSession, deeds: WalletDeeds) -> None:
        super().__init__()
        self.setObjectName("walletsPage")
        self.setAccessibleName("Wallets")
        self._wallets = wallets
        self._deeds = deeds
        self._asks = ""
        self._made = 0
        self._was_open = False
        self.cards: dict[str, WalletCardView] = {}
        self.add = primary_button("Add wallet…", name="addWalletButton", icon="plus")
        self.look = button("Ask all", name="askWalletsButton", icon="refresh", label="Ask all wallets how they are")
        self._notice = NoticeBar(name="walletsNotice")
        self._column = ScrollColumn(name="walletsScroll", spacing=GAP.MEDIUM)
        self._first_steps = FirstSteps()
        self._locked = EmptyState(
            "lock", "The vault is locked", "Unlock it to see and use the wallets you connected.",
            name="walletsLocked", button_text="Unlock",
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._again = QTimer(self, interval=LOOK_EVERY_MS)
        self._lay_out()
        self._connect()
        self.show_wallets()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        head.addWidget(label("Wallets", role="title"))
        head.addStretch(1)
        head.addWidget(self.look)
        head.addWidget(self.add)
        self._first_steps.setMaximumWidth(WIDEST)
        self._column.body.addWidget(self._first_steps)
        self._column.body.addStretch(1)
        self._stack.addWidget(self._column)
        self._stack.addWidget(self._locked)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, GAP.SMALL)
        column.setSpacing(GAP.MEDIUM)
        column.addLayout(head)
        column.addWidget(self._notice)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.add)

    def _connect(self) -> None:
        self._wallets.shelf_changed.connect(self.show_wallets)
        self._wallets.went_wrong.connect(self._tell_trouble)
        self._deeds.told.connect(self._tell)
        self._notice.action_pressed.connect(self._act)
        self._notice.dismissed.connect(self._deeds.forget)
        self._again.timeout.connect(self._wallets.look)
        self.look.clicked.connect(self._wallets.look)
        self.add.clicked.connect(self._add)
        self._first_steps.add_pressed.connect(self._add)
        self._locked.pressed.connect(self.unlock_requested)

    @Slot()
    def show_wallets(self) -> None:
        """Draw what the session knows now; a card that is there stays, with the keyboard in it."""
        shelf = self._wallets.shelf
        was_open, self._was_open = self._was_open, shelf.is_open
        if shelf.is_open and not was_open and self.isVisible():
            self._wallets.look()  # the vault was opened here
        names = [wallet.name for wallet in shelf.wallets]
        for gone in self.cards.keys() - set(names):
            card = self.cards.pop(gone)
            self._column.body.removeWidget(card)
            card.hide()
            card.deleteLater()
        budgets_set = shelf.caps is not None and shelf.caps.is_complete
        for place, wallet in enumerate(shelf.wallets):
            card = self.cards.get(wallet.name) or self._new_card(wallet.name)
            if self._column.body.indexOf(card) != place:
                self._column.body.insertWidget(place, card)
            card.show_wallet(wallet, budgets_set=budgets_set)
        has_stored = any(wallet.stored is not None for wallet in shelf.wallets)
        self._first_steps.setVisible(shelf.is_open and not has_stored)
        self._first_steps.show_play(any(wallet.is_play for wallet in shelf.wallets))
        self._stack.setCurrentWidget(self._column if shelf.is_open or names else self._locked)
        self.look.setEnabled(bool(names) and not self._wallets.is_asking)
        self.look.setVisible(bool(names))
        self.add.setVisible(shelf.is_open or bool(names))
        self.setFocusProxy(self.add if shelf.is_open or names else self._locked.button or self.add)

    def _new_card(self, name: str) -> WalletCardView:
        self._made += 1
        card = WalletCardView(self._made)
        card.setMaximumWidth(WIDEST)
        card.wanted.connect(self._do)
        card.renamed.connect(self._deeds.rename)
        card.armed.connect(self._deeds.arm)
        card.host_given.connect(self._deeds.prefer)
        card.host_dropped.connect(self._deeds.stop_preferring)
        self.cards[name] = card
        return card

    @Slot()
    def _add(self) -> None:
        (self.add_requested if self._wallets.shelf.is_open else self.unlock_requested).emit()

    @Slot(object, object)
    def _do(self, name: str, word: str) -> None:
        match word:
            case "test":
                self._wallets.test(name)
            case "default":
                self._deeds.use_as_default(name)
            case "connect":
                self._deeds.connect_again(name)
            case "disconnect":
                self._deeds.disconnect_wallet(name)
            case "remove":
                self._deeds.remove(name)

    @Slot(object)
    def _tell(self, outcome: Outcome) -> None:
        actions = {"undo": [("undo", "Undo")], "remove-anyway": [("remove-anyway", "Remove all the same")]}
        self._asks = outcome.name
        self._notice.show_notice(outcome.severity, outcome.title, outcome.sentence, actions.get(outcome.offers, []))
        self.show_wallets()  # a name or a tick that was refused is as it was

    @Slot(object)
    def _tell_trouble(self, sentence: object) -> None:
        self._notice.show_notice("warning", "The wallets could not be listed", str(sentence))

    @Slot(object)
    def _act(self, word: object) -> None:
        self._notice.hide()
        if word == "undo":
            self._deeds.bring_back()
        elif word == "remove-anyway":
            self._deeds.remove(self._asks, despite_open=True)

    def tell_added(self, name: str) -> None:
        """A wallet was added just now: show its card, and ask it."""
        self._notice.hide()
        self._wallets.test(name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wallets.look()
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._again.stop()
        super().hideEvent(event)
