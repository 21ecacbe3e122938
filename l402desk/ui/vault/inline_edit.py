"""A text of the user's own that is changed where it stands: Enter keeps it, Esc leaves it as it was."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import icon_button
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import elided_label


class InlineEdit(QWidget):
    """Shows a text with a pencil beside it; `written` carries what was typed, if that is something else.

    ``label`` says what is edited, ``keys`` by which shortcut (it is told here, and made elsewhere), ``empty`` what
    stands there while there is nothing.
    """

    written = Signal(object)

    def __init__(self, *, name: str, label: str, most: int, keys: str, role: str = "", empty: str = "") -> None:
        super().__init__()
        self._text = ""
        self._empty = empty
        self.shown = elided_label(role=role, name=name)
        self.pencil = icon_button("edit", name=f"{name}Button", label=f"{label} ({keys})", tint="dim")
        self.field = line_field(name=f"{name}Field", label=label)
        self.field.setMaxLength(most)
        self.field.hide()
        give_up = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.field, self._give_up)
        give_up.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.pencil.clicked.connect(self.begin)
        self.field.editingFinished.connect(self._finish)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.HAIR)
        row.addWidget(self.shown, 1)
        row.addWidget(self.field, 1)
        row.addWidget(self.pencil)

    @property
    def is_editing(self) -> bool:
        return not self.field.isHidden()

    def show_text(self, text: str) -> None:
        """What stands there; while it is being edited, what is typed is left alone."""
        self._text = text
        self.shown.setText(text or self._empty)

    @Slot()
    def begin(self) -> None:
        """Edit it: everything is selected, and the keyboard is in it."""
        self.field.setText(self._text)
        self.shown.hide()
        self.field.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _give_up(self) -> None:
        self.field.setText(self._text)
        self._finish()

    @Slot()
    def _finish(self) -> None:
        if not self.is_editing:
            return
        typed, had_keyboard = self.field.text().strip(), self.field.hasFocus()
        self.shown.show()
        self.field.hide()  # it takes its leave with the keyboard, and `editingFinished` comes a second time
        if had_keyboard:
            self.pencil.setFocus(Qt.FocusReason.OtherFocusReason)
        if typed != self._text:
            self.written.emit(typed)
