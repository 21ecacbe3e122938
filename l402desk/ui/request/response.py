"""What came back: nothing yet, on its way, an error in words, or the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.ui.request.body_text import size_words, time_words
from l402desk.ui.request.body_view import BodyView
from l402desk.ui.request.headers_view import HeadersView
from l402desk.ui.request.status_line import StatusLine
from l402desk.ui.request.timing_view import Step, TimingView
from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import label

_TICK_MS = 100
_ELAPSED_AFTER_MS = 300
EMPTY, SENDING, FAILED, ANSWERED = range(4)


class Explained(Protocol):
    """An error that can be shown: what happened, why, and what to do."""

    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def remedy(self) -> str: ...


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
        self._sending = _SendingPage()
        self._failed = _FailedPage()
        self._pages = QStackedWidget()
        self._empty = EmptyState(
            "send",
            "Send a request to see the answer",
            "Ctrl+Enter sends, Esc cancels",
            name="responseEmpty",
        )
        for page in (self._empty, self._sending, self._failed, self._answer_page()):
            self._pages.addWidget(page)
        card = Card(margin=GAP.HAIR, spacing=0)
        card.body.addWidget(self._pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self._sending.cancel.clicked.connect(self.cancel_requested)
        self._failed.retry.clicked.connect(self.retry_requested)

    def _answer_page(self) -> QWidget:
        self._tabs.setObjectName("responseTabs")
        self._tabs.setAccessibleName("Parts of the answer")
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
        layout.addWidget(self._notice)
        layout.addWidget(self._tabs, 1)
        return page

    def _show_tools(self, tab: int) -> None:
        self._body.tools.setVisible(tab == 0)

    @property
    def page(self) -> int:
        """Which of EMPTY, SENDING, FAILED and ANSWERED is shown."""
        return self._pages.currentIndex()

    def show_empty(self) -> None:
        self._show(EMPTY)

    def show_sending(self) -> None:
        self._show(SENDING)
        self._sending.begin()

    def show_progress(self, words: str, received: int = 0) -> None:
        """While sending: what is happening now, and how many bytes have come."""
        self._sending.tell(words, received)

    def show_error(self, error: Explained) -> None:
        self._failed.show_error(error)
        self._show(FAILED)
        announce(self, f"{error.title}. {error.sentence} {error.remedy}", urgent=True)

    def show_answer(self, answer: Answer, *, steps: Sequence[Step] = ()) -> None:
        """Show an answer; ``steps`` are the parts of its journey beyond the request, a payment for one."""
        self._status.show_answer(answer)
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

    def _show(self, page: int) -> None:
        if page != SENDING:
            self._sending.end()
        self._pages.setCurrentIndex(page)


class _SendingPage(QWidget):
    """What is happening, for how long, and the way out."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_elapsed)
        self._words = label("Sending the request…", role="heading", name="sendingWords")
        self._facts = label(" ", role="dim", name="sendingFacts")
        self._received = 0
        self.cancel = button(
            "Cancel", name="cancelSendButton", icon="stop", label="Stop waiting for the answer"
        )
        _centred(self, IconView("clock", "dim", 40), self._words, self._facts, self.cancel)

    def begin(self) -> None:
        self._words.setText("Sending the request…")
        self._facts.setText(" ")
        self._received = 0
        self._clock.start()
        self._tick.start()

    def end(self) -> None:
        self._tick.stop()

    def tell(self, words: str, received: int) -> None:
        self._received = received
        self._words.setText(words)
        self._show_elapsed()

    def _show_elapsed(self) -> None:
        elapsed = self._clock.elapsed() if self._clock.isValid() else 0
        facts = [time_words(elapsed)] if elapsed >= _ELAPSED_AFTER_MS else []
        facts += [f"{size_words(self._received)} received"] if self._received else []
        self._facts.setText(" · ".join(facts) or " ")


class _FailedPage(QWidget):
    """What happened, why, what to do; and the same request again."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role="heading", name="errorTitle", wrap=True)
        self._sentence = label(name="errorSentence", wrap=True, selectable=True)
        self._remedy = label(role="dim", name="errorRemedy", wrap=True)
        self.retry = button(
            "Send again", name="retryButton", icon="refresh", label="Send the same request again"
        )
        _centred(
            self, IconView("danger", "danger", 40), self._title, self._sentence, self._remedy, self.retry
        )

    def show_error(self, error: Explained) -> None:
        self._title.setText(error.title)
        self._sentence.setText(error.sentence)
        self._remedy.setText(error.remedy)
        self._remedy.setVisible(bool(error.remedy))


def _centred(page: QWidget, *parts: QWidget) -> None:
    """The parts below each other in the middle of the page; the last one, a button, at its own size."""
    middle = Qt.AlignmentFlag.AlignHCenter
    column = QVBoxLayout()
    column.setSpacing(GAP.SMALL)
    column.addStretch(2)
    for part in parts[:-1]:
        if isinstance(part, QLabel):
            part.setAlignment(middle)
        # An alignment in the layout would cost a wrapped label its height.
        column.addWidget(part, 0, Qt.AlignmentFlag(0) if isinstance(part, QLabel) else middle)
    column.addSpacing(GAP.SMALL)
    column.addWidget(parts[-1], 0, middle)
    column.addStretch(3)
    row = QHBoxLayout(page)
    row.setContentsMargins(GAP.HUGE, GAP.LARGE, GAP.HUGE, GAP.LARGE)
    row.addStretch(1)
    row.addLayout(column, 6)
    row.addStretch(1)
