"""The text of a body in the window, filled in slices so that no body stops the window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from l402desk.ui.request.body_text import displayable, slices
from l402desk.ui.request.json_colours import COLOURED_CHARACTERS, JsonColours
from l402desk.ui.widgets.text import TextView

_WRAPPED_CHARACTERS = 512_000
_BARE = "QPlainTextEdit { background: transparent; } QPlainTextEdit:!focus { border-color: transparent; }"


class BodyPane(TextView):
    """Read-only, searchable, copied as it was received even where long lines are broken for the eye."""

    filled = Signal()
    _colours: JsonColours | None = None  # Qt calls changeEvent before __init__ gets that far

    def __init__(self) -> None:
        super().__init__(name="responseBody", label="Body of the answer")
        self._rest: Iterator[str] = iter(())
        self._colours = JsonColours(self.document())
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._fill_on)
        self.setPlaceholderText("The answer has no body.")
        self.setMinimumHeight(48)
        # It lies in a card: a frame of its own appears with the focus only.
        self.setStyleSheet(_BARE)

    @property
    def is_filling(self) -> bool:
        return self._turn.isActive()

    def show_body(self, text: str, *, coloured: bool = False, wrapped: bool = True) -> None:
        """Show ``text``; the first screen at once, the rest in slices, then ``filled``."""
        self._turn.stop()
        lines, self._continued = displayable(text)
        if self._colours is not None:
            self._colours.set_on(coloured and len(text) <= COLOURED_CHARACTERS)
        wrap = wrapped and len(text) <= _WRAPPED_CHARACTERS
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if wrap else mode.NoWrap)
        self._rest = slices(lines)
        self.setPlainText(next(self._rest, ""))
        self._turn.start()
        self._fill_on()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._colours is not None:
            self._colours.take_theme()

    def _fill_on(self) -> None:
        part = next(self._rest, None)
        if part is None:
            self._turn.stop()
            self.filled.emit()
            return
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(part)
