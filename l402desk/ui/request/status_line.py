"""The first line of an answer: status, time and size."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.ui.request.body_text import size_words, time_words
from l402desk.ui.style import GAP
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import elided_label, label


def severity_of(status: int) -> str:
    """2xx went well, 1xx and 3xx are news, 4xx is about the request, 5xx about the server."""
    if 200 <= status < 300:
        return "good"
    if status < 400:
        return "info"
    return "warning" if status < 500 else "danger"


class StatusLine(QWidget):
    """``responseStatus`` says code and reason; beside it, how long it took and how large it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = IconView("info", "link", 20)
        self.status = elided_label(name="responseStatus", role="strong")
        self._facts = label(name="responseFacts", role="dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, 0)
        layout.setSpacing(GAP.SMALL)
        layout.addWidget(self._sign)
        layout.addWidget(self.status, 1)
        layout.addWidget(self._facts)

    def show_answer(self, answer: Answer) -> None:
        look = look_of(severity_of(answer.status))
        self._sign.show_icon(look.icon, look.tint)
        words = f"{answer.status} {answer.reason}".strip()
        self.status.setText(words)
        self.status.setAccessibleName(f"{look.word}: status {words}")
        facts = [size_words(answer.body.size), answer.http_version]
        if answer.timings.total_ms is not None:
            facts.insert(0, time_words(answer.timings.total_ms))
        if answer.redirects:
            count = len(answer.redirects)
            facts.append("1 redirect" if count == 1 else f"{count} redirects")
        self._facts.setText(" · ".join(fact for fact in facts if fact))
