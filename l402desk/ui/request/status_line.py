"""The first line of an answer: status, the token that was sent for it, time and size."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.ui.request.body_text import size_words, time_words
from l402desk.ui.style import GAP
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import elided_label, label, set_tool_tip

_SEPARATOR = " · "
_WIDEST = 240
"""Logical pixels that one part may claim: a server's reason may be endless."""


def severity_of(status: int) -> str:
    """2xx went well, 1xx and 3xx are news, 4xx is about the request, 5xx about the server."""
    if 200 <= status < 300:
        return "good"
    if status < 400:
        return "info"
    return "warning" if status < 500 else "danger"


class StatusLine(QWidget):
    """``responseStatus`` says code and reason; beside it stand the token that was sent, time and size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = IconView("info", "link", 20)
        self.status = elided_label(name="responseStatus", role="strong")
        self._key = IconView("key", "accent")
        self._token = elided_label(name="responseToken", role="dim")
        self._facts = label(name="responseFacts", role="dim")
        self._all_facts: list[str] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, 0)
        layout.setSpacing(GAP.SMALL)
        layout.addWidget(self._sign)
        layout.addWidget(self.status)
        layout.addSpacing(GAP.SMALL)
        layout.addWidget(self._key)
        layout.addWidget(self._token)
        layout.addStretch(1)
        layout.addWidget(self._facts)

    def show_answer(self, answer: Answer, token: str = "") -> None:
        """``token`` says in words what was sent with the request; empty where nothing was."""
        self._token.setText(token)
        self._token.setVisible(bool(token))
        self._key.setVisible(bool(token))
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
        self._all_facts = [fact for fact in facts if fact]
        self._show_what_fits()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        """Where it is narrow, the status and the token come before the last of the facts."""
        others = (self._sign, self.status, *((self._key, self._token) if self._token.text() else ()))
        taken = sum(min(part.sizeHint().width(), _WIDEST) + GAP.MEDIUM for part in others)
        room = self.width() - 2 * GAP.LARGE - taken
        count = len(self._all_facts)
        while (
            count > 1 and self._facts.fontMetrics().horizontalAdvance(_SEPARATOR.join(self._all_facts[:count])) > room
        ):
            count -= 1
        self._facts.setText(_SEPARATOR.join(self._all_facts[:count]))
        set_tool_tip(self._facts, _SEPARATOR.join(self._all_facts) if count < len(self._all_facts) else "")
