"""One request: the builder, and below it (beside it on wide windows) what came back or what it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.client.request import RequestDraft
from l402desk.ui.request.builder import RequestBuilder
from l402desk.ui.request.response import ResponsePane
from l402desk.ui.request.response_states import Explained
from l402desk.ui.request.timing_view import Step
from l402desk.ui.style import GAP
from l402desk.ui.widgets.notice import NoticeBar


class RequestTab(QWidget):
    """Says what the user wants by signals and shows what it is told; it sends nothing itself."""

    send_requested = Signal(object)  # RequestDraft
    cancel_requested = Signal()
    title_changed = Signal()

    def __init__(self, make_challenge_panel: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("requestTab")
        self.builder = RequestBuilder()
        self.response = ResponsePane()
        self._make_challenge = make_challenge_panel
        self._challenge: QWidget | None = None
        self.notice = NoticeBar(name="journeyNotice")
        self.holds_proof = False
        """A proof of payment that the disk refused lives in this tab alone: closing it would lose what was paid for."""
        self._area = QStackedWidget()
        self._area.addWidget(self.response)
        self.builder.place_answer(self._answer_side())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, GAP.LARGE)
        layout.addWidget(self.builder)
        self.setFocusProxy(self.builder)
        self._connect()

    def _answer_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addWidget(self.notice)
        column.addWidget(self._area, 1)
        return side

    def _connect(self) -> None:
        self.builder.send_requested.connect(self.send_requested)
        self.builder.cancel_requested.connect(self.cancel_requested)
        self.builder.changed.connect(self.title_changed)
        self.response.cancel_requested.connect(self.cancel_requested)
        self.response.retry_requested.connect(self.builder.send)

    @property
    def challenge(self) -> QWidget:
        """The panel for a 402, made when it is first needed."""
        if self._challenge is None:
            self._challenge = self._make_challenge()
            self._area.addWidget(self._challenge)
        return self._challenge

    @property
    def title(self) -> str:
        """Method and path, ``GET /weather``; the host where there is no path; words where nothing is yet."""
        draft = self.builder.draft()
        if not draft.url:
            return "New request"
        try:
            parts = urlsplit(draft.url)
        except ValueError:
            return f"{draft.method} …"
        host = parts.netloc.rpartition("@")[2]  # what stands before it may be a password, and titles are seen by many
        place = parts.path if parts.path.strip("/") else host or "/"
        return f"{draft.method} {place}"

    @property
    def is_blank(self) -> bool:
        return not self.builder.draft().url

    def set_draft(self, draft: RequestDraft) -> None:
        """Show another request, with nothing sent yet."""
        self.builder.set_draft(draft)
        self.response.show_empty()
        self._area.setCurrentWidget(self.response)

    # ---- what the composing code tells

    def show_sending(self, received: int = 0) -> None:
        self.builder.set_sending(True)
        self.response.show_sending(received)
        self._area.setCurrentWidget(self.response)

    def show_answer(self, answer: Answer, steps: Sequence[Step] = (), token: str = "") -> None:
        self.builder.set_sending(False)
        self.response.show_answer(answer, steps=steps, token=token)
        self._area.setCurrentWidget(self.response)

    def show_error(self, error: Explained) -> None:
        self.builder.set_sending(False)
        self.response.show_error(error)
        self._area.setCurrentWidget(self.response)

    def show_empty(self) -> None:
        self.builder.set_sending(False)
        self.response.show_empty()
        self._area.setCurrentWidget(self.response)

    def show_challenge(self) -> None:
        self.builder.set_sending(False)
        self.response.show_empty()
        self._area.setCurrentWidget(self.challenge)

    def end(self) -> None:
        """The tab is about to close: stop what it does by itself."""
        self.response.end()
