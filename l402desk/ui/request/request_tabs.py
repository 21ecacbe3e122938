"""The open requests: a row of tabs with “+” behind the last one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from l402desk.client.request import RequestDraft
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import icon_button
from l402desk.ui.widgets.text import tool_tip, visible

_TITLE = 32


class RequestTabs(QWidget):
    """There is always at least one tab; closing the last one leaves a blank one.

    ``tab_opened`` carries each new RequestTab, for the composing code to connect; ``tab_closing`` one that is
    about to be deleted, for it to cancel what the tab waits for.
    """

    tab_opened = Signal(object)
    tab_closing = Signal(object)

    def __init__(self, make_tab: Callable[[], RequestTab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_tab = make_tab
        self._bar = QTabBar()
        self._bar.setObjectName("openRequests")
        self._bar.setAccessibleName("Open requests")
        self._bar.setTabsClosable(True)
        self._bar.setMovable(False)
        self._bar.setExpanding(False)
        self._bar.setElideMode(Qt.TextElideMode.ElideRight)
        self._bar.setUsesScrollButtons(True)
        self._new = icon_button("plus", name="newRequestButton", label="New request (Ctrl+T)", tint="dim")
        self._pages = QStackedWidget()
        row = QHBoxLayout()
        row.setContentsMargins(GAP.LARGE, GAP.SMALL, GAP.LARGE, 0)
        row.setSpacing(GAP.HAIR)
        row.addWidget(self._bar, 0)
        row.addWidget(self._new, 0)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._pages, 1)
        self._bar.currentChanged.connect(self._show_page)
        self._bar.tabCloseRequested.connect(self.close_tab)
        self._new.clicked.connect(self.open_blank)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        self.current.builder.focus_url()

    def tabs(self) -> tuple[RequestTab, ...]:
        found = (self._pages.widget(at) for at in range(self._pages.count()))
        return tuple(tab for tab in found if isinstance(tab, RequestTab))

    @property
    def current(self) -> RequestTab:
        """The tab on the screen; a blank one is opened where there is none."""
        tab = self._pages.currentWidget()
        return tab if isinstance(tab, RequestTab) else self.open_blank()

    def open_blank(self) -> RequestTab:
        """A new tab at the end, with the cursor in its address."""
        tab = self._make_tab()
        self._pages.addWidget(tab)
        at = self._bar.addTab("")
        tab.title_changed.connect(self._retitle)
        self._bar.setCurrentIndex(at)
        self._retitle()
        self.tab_opened.emit(tab)
        tab.builder.focus_url()
        return tab

    def open_draft(self, draft: RequestDraft) -> RequestTab:
        """Show a request where it is open already, else in the current tab when blank, else in a new one."""
        for at, tab in enumerate(self.tabs()):
            if tab.builder.draft() == draft:
                self._bar.setCurrentIndex(at)
                return tab
        tab = self.current if self.current.is_blank else self.open_blank()
        tab.set_draft(draft)
        return tab

    def close_current(self) -> None:
        self.close_tab(self._bar.currentIndex())

    def close_tab(self, at: int) -> None:
        tab = self._pages.widget(at)
        if not isinstance(tab, RequestTab):
            return
        if tab.holds_proof:
            self._bar.setCurrentIndex(at)  # its notice says what to do first
            return
        self.tab_closing.emit(tab)
        tab.end()
        self._pages.removeWidget(tab)
        self._bar.removeTab(at)
        tab.deleteLater()
        if not self._bar.count():
            self.open_blank()

    def show_tab(self, tab: RequestTab) -> None:
        self._bar.setCurrentIndex(self._pages.indexOf(tab))

    def show_next(self) -> None:
        self._bar.setCurrentIndex((self._bar.currentIndex() + 1) % self._bar.count())

    def show_previous(self) -> None:
        self._bar.setCurrentIndex((self._bar.currentIndex() - 1) % self._bar.count())

    def _show_page(self, at: int) -> None:
        if 0 <= at < self._pages.count():
            self._pages.setCurrentIndex(at)

    def _retitle(self) -> None:
        for at, tab in enumerate(self.tabs()):
            title = visible(tab.title)
            short = title if len(title) <= _TITLE else f"{title[:_TITLE]}…"
            self._bar.setTabText(at, short.replace("&", "&&"))
            self._bar.setTabToolTip(at, tool_tip(title))
