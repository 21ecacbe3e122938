"""The vault page: every token in a table, the chosen one in detail."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from l402desk.session.tokens import TokensSession
from l402desk.ui.style import GAP
from l402desk.ui.vault.columns import COLUMNS, fitting
from l402desk.ui.vault.detail import TokenDetail
from l402desk.ui.vault.model import TokenModel
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.fields import SearchField
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.table import dress_table
from l402desk.ui.widgets.text import label
from l402desk.vault.tokens import TokenSummary

TICK_MS = 1_000
SEARCH_AFTER_MS = 150


class VaultPage(QWidget):
    """Shows what `TokensSession` holds. Signals: `use_requested` (a summary), `header_wanted` (a summary)."""

    use_requested = Signal(object)
    header_wanted = Signal(object)
    unlock_requested = Signal()

    def __init__(self, tokens: TokensSession) -> None:
        super().__init__()
        self.setObjectName("vaultPage")
        self._tokens = tokens
        self._trashed = ""
        self._model = TokenModel()
        self.search = SearchField(name="tokenSearch", label="Search tokens")
        self.table = QTableView()
        self.detail = TokenDetail()
        self._notice = NoticeBar(name="vaultNotice")
        self._empty = EmptyState(
            "key",
            "Nothing bought yet",
            "Send a request to a paid API. What you buy is sealed here and sent with the next request.",
            name="vaultEmpty",
        )
        self._nothing_found = EmptyState(
            "search", "No token matches", "Try a host or a part of the path.", name="vaultNone"
        )
        self._locked = EmptyState(
            "lock",
            "The vault is locked",
            "Unlock it to see and use what you bought.",
            name="vaultLocked",
            button_text="Unlock",
        )
        self._stack = QStackedWidget()
        self._ticks = QTimer(self, interval=TICK_MS)
        self._typing = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._prepare_table()
        self._lay_out()
        self._connect()
        self.show_tokens()

    def _prepare_table(self) -> None:
        dress_table(self.table, name="tokenTable", label="Tokens")
        self.table.setModel(self._model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(True)
        for column, shape in enumerate(COLUMNS):
            header.resizeSection(column, shape.width)

    def _lay_out(self) -> None:
        card = Card(margin=GAP.SMALL, spacing=0)
        card.body.addWidget(self.table)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setHandleWidth(GAP.MEDIUM)
        halves.setChildrenCollapsible(False)
        halves.addWidget(card)
        halves.addWidget(self.detail)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 0)
        for part in (halves, self._empty, self._nothing_found, self._locked):
            self._stack.addWidget(part)
        self._halves = halves
        head = QHBoxLayout()
        head.addWidget(label("Vault", role="title"))
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, GAP.SMALL)
        column.setSpacing(GAP.MEDIUM)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self._notice)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._tokens.changed.connect(self.show_tokens)
        self._tokens.trashed.connect(self._offer_undo)
        self._tokens.went_wrong.connect(self._tell_failure)
        self._tokens.header_ready.connect(self.detail.tell_copied)
        self._ticks.timeout.connect(self._model.tick)
        self._typing.timeout.connect(self._search_now)
        self.search.textChanged.connect(self._search_soon)
        self.table.selectionModel().currentRowChanged.connect(self._show_row)
        self.detail.use_pressed.connect(self.use_requested)
        self.detail.header_wanted.connect(self.header_wanted)
        self.detail.trash_pressed.connect(self._tokens.trash)
        self._notice.action_pressed.connect(self._undo)
        self.table.viewport().installEventFilter(self)
        self._locked.pressed.connect(self.unlock_requested)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table, self.detail.trash.click)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)

    @Slot()
    def show_tokens(self) -> None:
        """Draw what the session holds now; the chosen token stays chosen."""
        chosen = self._current()
        tokens = self._tokens.tokens
        self._model.show_tokens(tokens)
        count = self._tokens.total
        self.search.setPlaceholderText(f"Search {count} token{'' if count == 1 else 's'}")
        self.search.setVisible(self._tokens.is_loaded)
        if not self._tokens.is_loaded:
            self._stack.setCurrentWidget(self._locked)
        elif tokens:
            self._stack.setCurrentWidget(self._halves)
            self._choose(max(self._model.row_of(chosen.id), 0) if chosen else 0)
        else:
            self._stack.setCurrentWidget(self._nothing_found if self.search.text() else self._empty)

    def _choose(self, row: int) -> None:
        self.table.setCurrentIndex(self._model.index(row, 0))
        token = self._model.token_at(row)
        if token is not None:
            self.detail.show_token(token)

    def _current(self) -> TokenSummary | None:
        return self._model.token_at(self.table.currentIndex().row())

    @Slot(QModelIndex, QModelIndex)
    def _show_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        token = self._model.token_at(current.row())
        if token is not None:
            self.detail.show_token(token)

    @Slot()
    def _search_soon(self) -> None:
        self._typing.start()

    @Slot()
    def _search_now(self) -> None:
        self._tokens.search(self.search.text().strip())

    @Slot(object)
    def _offer_undo(self, token: TokenSummary) -> None:
        self._trashed = token.id
        title = f"“{token.title or token.origin.authority}” is in the trash"
        self._notice.show_notice("info", title, "It is kept, and no longer sent.", (("undo", "Undo"),))

    @Slot(object)
    def _tell_failure(self, sentence: object) -> None:
        self._notice.show_notice("danger", "The vault could not do that", str(sentence))

    @Slot(object)
    def _undo(self, word: object) -> None:
        if word == "undo" and self._trashed:
            self._tokens.restore(self._trashed)
            self._trashed = ""
            self._notice.hide()

    @Slot()
    def _fit_columns(self) -> None:
        """Leave out what the detail tells anyway before the table has to be scrolled sideways."""
        shown = fitting(self.table.viewport().width())
        for column in range(len(COLUMNS)):
            self.table.setColumnHidden(column, column not in shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit_columns()
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()
        self._tokens.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ticks.stop()
        super().hideEvent(event)
