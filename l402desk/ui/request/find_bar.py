"""Finding plain text in the shown body: Ctrl+F opens, Return and Shift+Return go on and back, Esc closes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import icon_button
from l402desk.ui.widgets.text import label

_COUNTED = 1_000


class FindBar(QWidget):
    """Upper and lower case are the same; the count stops at 1,000."""

    closed = Signal()

    def __init__(self, view: QPlainTextEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.field = QLineEdit()
        self.field.setObjectName("findField")
        self.field.setAccessibleName("Find in the body")
        self.field.setPlaceholderText("Find in the body")
        self.field.setMaxLength(1_000)
        self._count = label(role="dim", name="findCount")
        previous = icon_button("chevron-up", name="findPreviousButton", label="Previous match (Shift+Return)")
        following = icon_button("chevron-down", name="findNextButton", label="Next match (Return)")
        close = icon_button("close", name="closeFindButton", label="Close the find bar (Esc)")
        self.field.textChanged.connect(self.find_from_start)
        previous.clicked.connect(self.find_previous)
        following.clicked.connect(self.find_next)
        close.clicked.connect(self.close_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP.HAIR)
        layout.addWidget(self.field, 1)
        layout.addWidget(self._count)
        for button in (previous, following, close):
            layout.addWidget(button)
        self.hide()

    def open_bar(self) -> None:
        """Show the bar, with what is selected in the body as the text to find."""
        selected = self._view.textCursor().selectedText()
        self.show()
        if selected and "\u2029" not in selected and len(selected) < 200:
            self.field.setText(selected)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        self.hide()
        self._view.setFocus()
        self.closed.emit()

    def find_from_start(self) -> None:
        """What is typed is looked for from the top, so that the first match is the first one shown."""
        cursor = self._view.textCursor()
        cursor.setPosition(0)
        self._view.setTextCursor(cursor)
        if self.field.text():
            self._count.setText(self._counted())
            self._view.find(self.field.text())
        else:
            self._count.setText("")

    def find_next(self) -> None:
        self._find(QTextDocument.FindFlag(0), QTextCursor.MoveOperation.Start)

    def find_previous(self) -> None:
        self._find(QTextDocument.FindFlag.FindBackward, QTextCursor.MoveOperation.End)

    def _find(self, direction: QTextDocument.FindFlag, again_from: QTextCursor.MoveOperation) -> None:
        """One match on; behind the last one the search begins again at the other end."""
        text = self.field.text()
        if text and not self._view.find(text, direction):
            before = self._view.textCursor()
            self._view.moveCursor(again_from)
            if not self._view.find(text, direction):
                self._view.setTextCursor(before)

    def _counted(self) -> str:
        text, wanted = self._view.toPlainText().casefold(), self.field.text().casefold()
        count, at = 0, text.find(wanted)
        while at >= 0 and count < _COUNTED:
            count, at = count + 1, text.find(wanted, at + len(wanted))
        if not count:
            return "not found"
        return f"{count} found" if count < _COUNTED else "1,000 or more found"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.find_previous()
            else:
                self.find_next()
        else:
            super().keyPressEvent(event)
