"""What came back: nothing yet, on its way, an error in words, or the answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.ui.request.body_view import BodyView
from l402desk.ui.request.headers_view import HeadersView
from l402desk.ui.request.response_states import Explained, FailedPage, SendingPage
from l402desk.ui.request.status_line import StatusLine
from l402desk.ui.request.timing_view import Step, TimingView
from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.card import Card, ScrollColumn
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.notice import NoticeBar

EMPTY, SENDING, FAILED, ANSWERED = range(4)
_NARROW = 440  # logical pixels below which the tabs and all tools do not fit in one row


class ResponsePane(QWidget):
    """One of four pages; the answer has its body, headers and timing as tabs."""

    cancel_requested = Signal()
    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("responsePane")
        self._status = StatusLine()
        self._body = BodyView()
        self._headers = HeadersView()
        self._timing = TimingView()
        self._tabs = QTabWidget()
        self._notice = NoticeBar(name="responseNotice")
        self._sending = SendingPage()
        self._failed = FailedPage()
        self._pages = QStackedWidget()
        self._empty = EmptyState(
            "send",
            "Send a request to see the answer",
            "Ctrl+Enter sends, Esc cancels",
            name="responseEmpty",
        )
        for page in (self._empty, self._sending, self._failed):
            scrolled = ScrollColumn()  # a long error, or a low window: nothing is cut off
            scrolled.body.addWidget(page)
            self._pages.addWidget(scrolled)
        self._pages.addWidget(self._answer_page())
        card = Card(margin=GAP.HAIR, spacing=0)
        card.body.addWidget(self._pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self._sending.cancel.clicked.connect(self.cancel_requested)
        self._failed.retry.clicked.connect(self.retry_requested)

    def _answer_page(self) -> QWidget:
        self._tabs.setObjectName("responseTabs")
        self._tabs.tabBar().setObjectName("responseTabBar")
        self._tabs.tabBar().setAccessibleName("Parts of the answer")
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self._body, "Body")
        self._tabs.addTab(self._headers, "Headers")
        self._tabs.addTab(self._timing, "Timing")
        self._tabs.setCornerWidget(self._body.tools)
        self._tabs.currentChanged.connect(self._show_tools)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP.HAIR)
        layout.addWidget(self._status)
        beside_notice = QVBoxLayout()  # the card's own margin would put the message onto the status and the edge
        beside_notice.setContentsMargins(GAP.MEDIUM, GAP.HAIR, GAP.MEDIUM, 0)
        beside_notice.addWidget(self._notice)
        layout.addLayout(beside_notice)
        layout.addWidget(self._tabs, 1)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._body.set_narrow(event.size().width() < _NARROW)
        super().resizeEvent(event)

    def _show_tools(self, tab: int) -> None:
        self._body.tools.setVisible(tab == 0)

    @property
    def page(self) -> int:
        """Which of EMPTY, SENDING, FAILED and ANSWERED is shown."""
        return self._pages.currentIndex()

    def show_empty(self) -> None:
        self._show(EMPTY)

    def show_sending(self, received: int = 0) -> None:
        """On its way; said again while it still is, with the bytes that have come, it does not start anew."""
        if self.page != SENDING:
            self._show(SENDING)
            self._sending.begin()
        if received:
            self._sending.tell("Receiving the answer…", received)

    def show_error(self, error: Explained) -> None:
        self._failed.show_error(error)
        self._show(FAILED)
        announce(self, f"{error.title}. {error.sentence} {error.remedy}", urgent=True)

    def show_answer(self, answer: Answer, *, steps: Sequence[Step] = (), token: str = "") -> None:
        """Show an answer; ``steps`` are what came before it, a payment for one, ``token`` what was sent to get it."""
        self._status.show_answer(answer, token)
        self._body.show_answer(answer)
        self._headers.set_headers(answer.headers)
        self._tabs.setTabText(1, f"Headers {len(answer.headers)}" if answer.headers else "Headers")
        self._timing.show_timings(answer.timings, steps)
        self._warn(answer)
        self._show(ANSWERED)
        announce(self, f"Answer: {answer.status} {answer.reason}")

    def _warn(self, answer: Answer) -> None:
        """What kept the answer from being what the server meant to give; at most one message, the gravest."""
        self._notice.hide()
        if answer.trouble is not None:
            self._notice.show_notice(
                "warning", answer.trouble.title, f"{answer.trouble.sentence} {answer.trouble.remedy}".strip()
            )
        elif answer.redirect_refused:
            self._notice.show_notice("info", "The redirect was not followed", answer.redirect_refused)
        elif answer.undecoded:
            self._notice.show_notice("info", "The body is shown as it was received", answer.undecoded)
        elif answer.authorization_replaced:
            self._notice.show_notice(
                "info", "A held token was sent", "Your own Authorization header was left out for it."
            )

    def end(self) -> None:
        """The pane is about to go: stop its clock and a save that has not ended."""
        self._sending.end()
        self._body.end()

    def _show(self, page: int) -> None:
        if page != SENDING:
            self._sending.end()
        self._pages.setCurrentIndex(page)
