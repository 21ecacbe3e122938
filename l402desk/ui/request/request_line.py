"""Method, address and Send in one row; Send turns into Cancel while an answer is awaited."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QPushButton, QWidget

from l402desk.ui.assets import set_icon
from l402desk.ui.request.body_text import time_words
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.text import set_tool_tip

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_ELAPSED_AFTER_MS = 300
_TICK_MS = 100
_URL_CHARACTERS = 65_536


class RequestLine(QWidget):
    """What to ask for, and the one button: ``pressed`` is Send, ``cancelled`` the same while sending."""

    pressed = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sending = False
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_elapsed)
        self.method_box = _method_box()
        self.url_bar = QLineEdit()
        self.url_bar.setObjectName("urlBar")
        self.url_bar.setAccessibleName("Address of the request")
        self.url_bar.setPlaceholderText("https://api.example.com/… or paste an address")
        self.url_bar.setMaxLength(_URL_CHARACTERS)
        self.send_button = QPushButton()
        self.send_button.setObjectName("sendButton")
        self.url_bar.returnPressed.connect(self._send)
        self.send_button.clicked.connect(self._press)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP.SMALL)
        layout.addWidget(self.method_box)
        layout.addWidget(self.url_bar, 1)
        layout.addWidget(self.send_button)
        self._dress_button()

    @property
    def method(self) -> str:
        """As it will be sent: upper case, as every registered method is; an own one stays as typed."""
        typed = self.method_box.currentText().strip()
        return typed.upper() if typed.upper() in METHODS else typed

    @property
    def sending(self) -> bool:
        return self._sending

    def set_sending(self, sending: bool) -> None:
        if sending == self._sending:
            return
        self._sending = sending
        if sending:
            self._clock.start()
            self._tick.start()
        else:
            self._tick.stop()
        self._dress_button()

    def _send(self) -> None:
        if not self._sending:
            self.pressed.emit()

    def _press(self) -> None:
        if self._sending:
            self.cancelled.emit()
        else:
            self.pressed.emit()

    def _dress_button(self) -> None:
        self.send_button.setText("Cancel" if self._sending else "Send")
        self.send_button.setAccessibleName("Cancel the request" if self._sending else "Send the request")
        set_role(self.send_button, "" if self._sending else "primary")
        set_icon(self.send_button, *(("stop", "normal") if self._sending else ("send", "on_accent")))
        set_tool_tip(self.send_button, "Stop waiting (Esc)" if self._sending else "Send (Ctrl+Enter)")

    def _show_elapsed(self) -> None:
        elapsed = self._clock.elapsed()
        if elapsed >= _ELAPSED_AFTER_MS:
            self.send_button.setText(f"Cancel · {elapsed / 1000:.1f} s" if elapsed < 60_000 else time_words(elapsed))


def _method_box() -> QComboBox:
    box = QComboBox()
    box.setObjectName("methodBox")
    box.setAccessibleName("Method")
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(METHODS)
    line = box.lineEdit()
    assert line is not None
    line.setMaxLength(32)
    line.setObjectName("methodField")
    line.setAccessibleName("Method")
    completer = box.completer()
    if isinstance(completer, QCompleter):
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
    box.setMinimumContentsLength(7)
    return box
