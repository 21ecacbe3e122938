"""The request page: the list to start from on the left, the open requests on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from l402desk.client.request import RequestDraft
from l402desk.ui.request.collection import CollectionItem
from l402desk.ui.request.history import HistoryItem
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.request.request_tabs import RequestTabs
from l402desk.ui.request.start_list import StartList

_LIST_WIDTH, _NARROW_LIST_WIDTH = 280, 224
_NARROW = 900


class RequestPage(QWidget):
    """``tab_opened`` and ``tab_closing`` carry a RequestTab, for the code that connects it to an exchange."""

    tab_opened = Signal(object)
    tab_closing = Signal(object)

    def __init__(self, make_challenge_panel: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("requestPage")
        self._make_challenge_panel = make_challenge_panel
        self._narrow: bool | None = None
        self._starts = StartList()
        self._tabs = RequestTabs(self._make_tab)
        self._split = QSplitter()
        self._split.setObjectName("requestPageSplit")
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._starts)
        self._split.addWidget(self._tabs)
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)
        self.setFocusProxy(self._tabs)
        self._starts.draft_chosen.connect(self.open_draft)
        self._starts.new_requested.connect(self.open_blank)
        self._tabs.tab_opened.connect(self.tab_opened)
        self._tabs.tab_closing.connect(self.tab_closing)
        for keys, act in (
            ("Ctrl+T", self.open_blank),
            ("Ctrl+W", self._tabs.close_current),
            ("Ctrl+Tab", self._tabs.show_next),
            ("Ctrl+Shift+Tab", self._tabs.show_previous),
            ("Ctrl+B", self.toggle_list),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)

    def _make_tab(self) -> RequestTab:
        return RequestTab(self._make_challenge_panel)

    @property
    def tabs(self) -> tuple[RequestTab, ...]:
        return self._tabs.tabs()

    @property
    def current_tab(self) -> RequestTab:
        return self._tabs.current

    def begin(self) -> None:
        """Open the first tab, once the signals are connected."""
        if not self._tabs.tabs():
            self._tabs.open_blank()

    def toggle_list(self) -> None:
        """Hide the list for more room, or bring it back."""
        self._starts.setVisible(self._starts.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list gives way when the page becomes narrow; in between, its width is the user's."""
        super().resizeEvent(event)
        narrow = event.size().width() < _NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            width = _NARROW_LIST_WIDTH if narrow else _LIST_WIDTH
            self._split.setSizes([width, max(event.size().width() - width, 1)])

    def open_blank(self) -> None:
        self._tabs.open_blank()

    def open_draft(self, draft: RequestDraft) -> RequestTab:
        return self._tabs.open_draft(draft)

    def show_tab(self, tab: RequestTab) -> None:
        self._tabs.show_tab(tab)

    def set_collection(self, items: Iterable[CollectionItem]) -> None:
        self._starts.set_collection(items)

    def add_history(self, item: HistoryItem) -> None:
        self._starts.add_history(item)
