"""The pages of the answer pane that are no answer: on its way, and failed."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from l402desk.ui.request.body_text import size_words, time_words
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import label

_TICK_MS = 100
_ELAPSED_AFTER_MS = 300


class Explained(Protocol):
    """An error that can be shown: what happened, why, and what to do."""

    @property
    def title(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def remedy(self) -> str: ...


class SendingPage(QWidget):
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
        self.cancel = button("Cancel", name="cancelSendButton", icon="stop", label="Stop waiting for the answer")
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


class FailedPage(QWidget):
    """What happened, why, what to do; and the same request again."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label(role="heading", name="errorTitle", wrap=True)
        self._sentence = label(name="errorSentence", wrap=True, selectable=True)
        self._remedy = label(role="dim", name="errorRemedy", wrap=True)
        self.retry = button("Send again", name="retryButton", icon="refresh", label="Send the same request again")
        _centred(self, IconView("danger", "danger", 40), self._title, self._sentence, self._remedy, self.retry)

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
