"""The editor of a JSON or text body: checked while one types, laid out on request."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from l402desk.ui.request.json_check import CHECKED_CHARACTERS, JsonProblem, check, formatted
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.buttons import ghost_button
from l402desk.ui.widgets.text import elided_label, plain_editor

_PAUSE_MS = 250  # a check after each pause in typing, not after each key


class TextBodyEditor(QWidget):
    """Plain text; with ``set_json(True)`` its ``verdict_bar`` says whether it is JSON, and where it breaks.

    The bar stands wherever its user puts it.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._json = True
        self.verdict_bar = QWidget()
        self._problem: JsonProblem | None = None
        self._editor = plain_editor(name="bodyEditor", label="Request body")
        self._editor.setPlaceholderText("The body of the request")
        self._editor.setTabChangesFocus(True)
        self._editor.setMinimumHeight(40)
        # Wrapping costs time quadratic in the length of a line, and minified JSON is one line.
        self._editor.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._verdict = elided_label(name="jsonVerdict")
        self._go = ghost_button("Go there", name="goToProblemButton", label="Go to where the JSON breaks")
        self._format = ghost_button(
            "Format", name="formatBodyButton", label="Lay out the JSON with two spaces per level"
        )
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.check_now)
        self._editor.textChanged.connect(self._note_change)
        self._go.clicked.connect(self.go_to_problem)
        self._format.clicked.connect(self.format_text)
        self._arrange()

    def _arrange(self) -> None:
        row = QHBoxLayout(self.verdict_bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.SMALL)
        row.addWidget(self._verdict, 1)
        row.addWidget(self._go)
        row.addWidget(self._format)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._editor)
        self.setFocusProxy(self._editor)
        self.check_now()

    @property
    def text(self) -> str:
        return self._editor.toPlainText()

    @property
    def problem(self) -> JsonProblem | None:
        """The problem of the latest check; only ever set for JSON."""
        return self._problem

    def set_text(self, text: str) -> None:
        self._editor.setPlainText(text)
        self.check_now()

    def set_json(self, on: bool) -> None:
        """Whether the text should be JSON."""
        self._json = on
        self._editor.setPlaceholderText('{"name": "value"}' if on else "The body of the request")
        self.check_now()

    def _note_change(self) -> None:
        self._pause.start()
        self.changed.emit()

    def check_now(self) -> None:
        """Look at the text and say what is wrong, if anything is."""
        self._pause.stop()
        text = self.text if self._json else ""
        self._problem = check(text) if text.strip() else None
        self._verdict.setText(self._words(text))
        set_role(self._verdict, "caution" if self._problem else "dim")
        self._go.setVisible(self._problem is not None and self._problem.line > 0)
        self._format.setEnabled(bool(text.strip()) and self._problem is None and len(text) <= CHECKED_CHARACTERS)

    def _words(self, text: str) -> str:
        if self._problem is not None:
            return self._problem.sentence() + " It can be sent as it is."
        if len(text) > CHECKED_CHARACTERS:
            return "Over a million characters: sent as it is, not checked."
        return "Valid JSON" if text.strip() else "Empty"

    def go_to_problem(self) -> None:
        """Put the cursor where the JSON breaks."""
        if self._problem is not None:
            cursor = self._editor.textCursor()
            line = self._editor.document().findBlockByNumber(self._problem.line - 1)
            cursor.setPosition(line.position() + min(self._problem.column - 1, max(line.length() - 1, 0)))
            self._editor.setTextCursor(cursor)
            self._editor.setFocus()

    def format_text(self) -> None:
        """Replace the text by the same JSON laid out, as one step that Ctrl+Z takes back."""
        laid_out = formatted(self.text)
        if laid_out is None:
            self._verdict.setText("This JSON cannot be laid out without changing it.")
            return
        cursor = self._editor.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(laid_out.decode("utf-8", "replace"))
