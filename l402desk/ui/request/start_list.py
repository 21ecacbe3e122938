"""The left column of the request page: requests to start from, and what was sent in this run."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from l402desk.client.request import RequestDraft
from l402desk.ui.request import history
from l402desk.ui.request.collection import (
    ITEM_ROLE,
    REQUEST,
    SEARCH_ROLE,
    CollectionItem,
    CollectionModel,
)
from l402desk.ui.request.history import PRICE, STATUS, TIME, HistoryItem, HistoryModel
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import icon_button
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.text import label

_ROOM_FOR_TIME = 250
_NO_COLLECTION = (
    "No collection is open",
    "Type the address of an API on the right and press Send. "
    "To practise with play money first, start the app as “l402desk --sandbox”.",
)


class StartList(QFrame):
    """``draft_chosen`` carries the RequestDraft of a request or of an earlier send."""

    draft_chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sidebar")
        self.setMinimumWidth(180)
        self._collection = CollectionModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._collection)
        self._found.setFilterRole(SEARCH_ROLE)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._found.setRecursiveFilteringEnabled(True)
        self._history = HistoryModel(self)
        self._filter = _filter_field()
        self._tree = _tree(self._found)
        self._table = _table(self._history)
        self._nothing = label("No request matches the filter.", role="dim", name="collectionNone", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._sent = label("", role="dim", name="historyEmpty", wrap=True)
        self._sent.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._filter.textChanged.connect(self._narrow)
        self._tree.activated.connect(self._open_request)
        self._tree.clicked.connect(self._open_request)
        self._table.activated.connect(self._open_sent)
        self._arrange()
        self._show_counts()

    def _arrange(self) -> None:
        new = icon_button("plus", name="startNewRequestButton", label="Start a new request (Ctrl+T)")
        new.clicked.connect(self.new_requested)
        head = QHBoxLayout()
        head.addWidget(label("Requests", role="heading"), 1)
        head.addWidget(new)
        self._tree_pages = _pages(
            self._tree, self._nothing, EmptyState("folder", *_NO_COLLECTION, name="collectionEmpty")
        )
        self._table_pages = _pages(self._table, self._sent)
        self._history_title = label("History", role="heading", name="historyTitle")
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("startListSplit")
        split.setChildrenCollapsible(False)
        split.addWidget(_stacked(head, self._filter, self._tree_pages))
        split.addWidget(_stacked(None, self._history_title, self._table_pages))
        split.setHandleWidth(GAP.LARGE)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP.MEDIUM, GAP.MEDIUM, GAP.MEDIUM, GAP.MEDIUM)
        layout.addWidget(split)

    def set_collection(self, items: Iterable[CollectionItem]) -> None:
        self._collection.set_items(items)
        self._tree.expandAll()
        self._show_counts()

    def add_history(self, item: HistoryItem) -> None:
        self._history.add(item)
        self._show_counts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the path matters more than the minute."""
        super().resizeEvent(event)
        self._table.setColumnHidden(TIME, event.size().width() < _ROOM_FOR_TIME)

    def _narrow(self, text: str) -> None:
        self._found.setFilterFixedString(text.strip())
        self._tree.expandAll()
        self._show_counts()

    def _show_counts(self) -> None:
        is_there = self._collection.rowCount() > 0
        self._filter.setVisible(is_there)
        self._tree_pages.setCurrentIndex(2 if not is_there else 0 if self._found.rowCount() else 1)
        count = self._history.rowCount()
        self._sent.setText("What you send is listed here until the app is closed.")
        self._table_pages.setCurrentIndex(0 if count else 1)
        self._history_title.setText(f"History · {count}" if count else "History")

    def _open_request(self, index: QModelIndex) -> None:
        item = index.siblingAtColumn(REQUEST).data(ITEM_ROLE)
        if isinstance(item, CollectionItem):
            self.draft_chosen.emit(item.draft)

    def _open_sent(self, index: QModelIndex) -> None:
        item = self._history.item(index)
        draft: RequestDraft | None = None if item is None else item.draft
        if draft is not None:
            self.draft_chosen.emit(draft)


def _filter_field() -> QLineEdit:
    field = QLineEdit()
    field.setObjectName("collectionFilter")
    field.setAccessibleName("Filter requests")
    field.setPlaceholderText("Filter requests")
    field.setClearButtonEnabled(True)
    field.setMaxLength(200)
    return field


def _tree(model: QSortFilterProxyModel) -> QTreeView:
    tree = QTreeView()
    tree.setObjectName("collectionTree")
    tree.setAccessibleName("Requests to start from")
    tree.setModel(model)
    tree.setHeaderHidden(True)
    tree.setUniformRowHeights(True)
    tree.setIndentation(12)
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(REQUEST, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return tree


def _table(model: HistoryModel) -> QTableView:
    table = QTableView()
    table.setObjectName("historyTable")
    table.setAccessibleName("Requests sent in this run")
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(26)
    table.horizontalHeader().hide()
    table.setStyleSheet("QTableView::item { padding: 0 1px; }")  # it is narrow: each pixel counts
    header, metrics = table.horizontalHeader(), table.fontMetrics()
    header.setMinimumSectionSize(16)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    header.setSectionResizeMode(history.REQUEST, QHeaderView.ResizeMode.Stretch)
    for column, widest in ((TIME, "00:00"), (STATUS, "none"), (PRICE, "357 sats")):
        header.resizeSection(column, metrics.horizontalAdvance(widest) + GAP.MEDIUM)
    return table


def _pages(*each: QWidget) -> QStackedWidget:
    pages = QStackedWidget()
    for page in each:
        pages.addWidget(page)
    return pages


def _stacked(head: QHBoxLayout | None, *parts: QWidget) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP.SMALL)
    if head is not None:
        layout.addLayout(head)
    for part in parts[:-1]:
        layout.addWidget(part)
    layout.addWidget(parts[-1], 1)
    return box
