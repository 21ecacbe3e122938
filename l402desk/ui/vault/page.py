"""The vault page: every token in a table, the chosen one in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from l402desk.session.tokens import TokensSession
from l402desk.ui.style import GAP
from l402desk.ui.vault.deeds import TokenDeeds
from l402desk.ui.vault.detail import TokenDetail
from l402desk.ui.vault.empty_states import empty_states
from l402desk.ui.vault.shelf_bar import ShelfBar
from l402desk.ui.vault.table import TokenTable
from l402desk.ui.vault.token_actions import TokenActions
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.fields import SearchField
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import label
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.wanted import Shelf, Wanted

if TYPE_CHECKING:
    from l402desk.session.token_jobs import TokenAccount

SEARCH_AFTER_MS = 150
ACCOUNT_AFTER_MS = 80


class VaultPage(QWidget):
    """Shows what `TokensSession` holds.

    `use_requested` carries a token and the path to ask for, `header_wanted` a token, `payment_wanted` the id of a
    purchase. ``head`` is the row of the title: buttons for the whole vault go there.
    """

    use_requested = Signal(object, object)
    header_wanted = Signal(object)
    payment_wanted = Signal(object)
    unlock_requested = Signal()

    def __init__(self, tokens: TokensSession) -> None:
        super().__init__()
        self.setObjectName("vaultPage")
        self._tokens = tokens
        self._drawn: Wanted | None = None
        self._sought: int | None = None
        self._account: TokenAccount | None = None
        self._asked_for: TokenSummary | None = None
        self.actions_of_token = TokenActions(self)
        self.import_button = button("Import…", name="importTokensButton", icon="download", label="Import tokens")
        self.export_button = button("Export…", name="exportTokensButton", icon="upload", label="Export tokens")
        self.search = SearchField(name="tokenSearch", label="Search tokens")
        self.shelves = ShelfBar()
        self.table = TokenTable()
        self.detail = TokenDetail(self.actions_of_token)
        self._notice = NoticeBar(name="vaultNotice")
        self.deeds = TokenDeeds(tokens, self._notice, self)
        self._empty = empty_states()
        self._stack = QStackedWidget()
        self._typing = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._looking = QTimer(self, singleShot=True, interval=ACCOUNT_AFTER_MS)
        self.setFocusProxy(self.search)
        self._lay_out()
        self._connect_session()
        self._connect()
        self.show_tokens()

    def _lay_out(self) -> None:
        card = Card(margin=GAP.SMALL, spacing=0)
        card.body.addWidget(self.table)
        self._halves = QSplitter(Qt.Orientation.Horizontal)
        self._halves.setHandleWidth(GAP.MEDIUM)
        self._halves.setChildrenCollapsible(False)
        self._halves.addWidget(card)
        self._halves.addWidget(self.detail)
        self._halves.setStretchFactor(0, 1)
        self._halves.setStretchFactor(1, 0)
        for part in (self._halves, *self._empty.values()):
            self._stack.addWidget(part)
        self.head = QHBoxLayout()
        self.head.setSpacing(GAP.SMALL)
        self.head.addWidget(label("Vault", role="title"))
        self.head.addStretch(1)
        self.head.addWidget(self.import_button)
        self.head.addWidget(self.export_button)
        tools = QHBoxLayout()
        tools.setSpacing(GAP.SMALL)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.shelves)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, GAP.SMALL)
        column.setSpacing(GAP.MEDIUM)
        column.addLayout(self.head)
        column.addLayout(tools)
        column.addWidget(self._notice)
        column.addWidget(self._stack, 1)

    def _connect_session(self) -> None:
        self._tokens.changed.connect(self.show_tokens)
        self._tokens.rows_ready.connect(self.table.take_rows)
        self._tokens.account_ready.connect(self._show_account)
        self._tokens.found.connect(self._seek)
        self._tokens.tried.connect(self.detail.show_trial)
        self._tokens.went_wrong.connect(self.detail.end_trial)
        self._tokens.header_ready.connect(self.detail.tell_copied)
        self.table.rows_wanted.connect(self._tokens.ask_rows)
        self.table.order_wanted.connect(self._tokens.sort)
        self.shelves.chosen.connect(self._tokens.look_at)
        self.detail.renamed.connect(self._tokens.rename)
        self.detail.noted.connect(self._tokens.note)

    def _connect(self) -> None:
        self.table.offer(self.actions_of_token.all)
        self.addActions(self.actions_of_token.everywhere)
        self.table.chosen.connect(self._show_chosen)
        self.table.activated.connect(self._use)
        self.actions_of_token.wanted.connect(self._do)
        self.deeds.use_wanted.connect(self.use_requested)
        self.deeds.header_wanted.connect(self.header_wanted)
        self.deeds.payment_wanted.connect(self.payment_wanted)
        self._typing.timeout.connect(self._search_now)
        self._looking.timeout.connect(self._ask_account)
        self.search.textChanged.connect(self._search_soon)
        self._empty["locked"].pressed.connect(self.unlock_requested)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._find)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search, self.table.setFocus)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)

    def show_purchase(self, purchase_id: str) -> None:
        """Bring the token of a purchase into sight, whatever was searched for."""
        self.search.clear()
        self._tokens.seek(purchase_id)

    @Slot(object)
    def _seek(self, number: int | None) -> None:
        self._sought = number
        if number is None:
            self.deeds.tell_missing()

    @Slot()
    def show_tokens(self) -> None:
        """Draw the list the session holds now; the chosen token stays chosen, and what is in sight in its place."""
        tokens = self._tokens
        is_other, self._drawn = tokens.wanted != self._drawn, tokens.wanted
        self.table.show_numbers(tokens.numbers, from_top=is_other)
        if self._sought is not None and self.table.choose(self._sought):
            self._sought = None
        self._account = self._account if tokens.numbers else None
        self._looking.start()
        self.search.setPlaceholderText(f"Search {tokens.total:,} token{'' if tokens.total == 1 else 's'}")
        self.shelves.show_tally(tokens.tally, tokens.wanted.shelf)
        for tool in (self.search, self.shelves, self.import_button, self.export_button):
            tool.setVisible(tokens.is_loaded)
        self._stack.setCurrentWidget(self._halves if tokens.numbers else self._empty[self._why_empty()])
        if not tokens.is_loaded:
            self._notice.hide()

    def _why_empty(self) -> str:
        if not self._tokens.is_loaded:
            return "locked"
        if self._tokens.wanted.search:
            return "none"
        shelf = self._tokens.wanted.shelf
        nothing_at_all = not self._tokens.total and shelf is not Shelf.TRASH
        return "all" if shelf is Shelf.ALL or nothing_at_all else str(shelf)

    @Slot(object)
    def _show_chosen(self, token: TokenSummary | None) -> None:
        self.actions_of_token.allow(token)
        if token is None:
            return
        self.detail.show_token(token)
        if self._account is not None and self._account.token == token:
            self.detail.show_account(self._account)
        elif token != self._asked_for:
            self._looking.start()

    @Slot()
    def _ask_account(self) -> None:
        token = self.table.current
        if token is not None and self.isVisible():
            self._asked_for = token
            self._tokens.ask_account(token)

    @Slot(object)
    def _show_account(self, account: TokenAccount) -> None:
        self._asked_for = None
        self._account = account
        self.detail.show_account(account)

    @Slot(object)
    def _do(self, word: object) -> None:
        token = self.table.current
        match word:
            case "rename":
                self.detail.title.begin()
            case "note":
                self.detail.note.begin()
            case "test" if self.detail.is_trying:
                pass
            case str() if token is not None:
                if word == "test":
                    self.detail.begin_trial()
                self.deeds.do(word, token, self._account)

    @Slot()
    def _use(self) -> None:
        self.actions_of_token.of("use").trigger()

    @Slot()
    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def _search_soon(self) -> None:
        self._typing.start()

    @Slot()
    def _search_now(self) -> None:
        self._tokens.search(self.search.text().strip())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tokens.refresh()
