"""The activity rail: one button per page, the settings at the foot; Ctrl+1, Ctrl+2 … press them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from l402desk.ui.assets import set_icon
from l402desk.ui.page import Page
from l402desk.ui.style import GAP
from l402desk.ui.widgets.text import set_tool_tip

_WIDTH = 80
_FOOT = "settings"


class Rail(QFrame):
    """Shows which page is open; ``chosen`` carries the name of the page the user wants."""

    chosen = Signal(object)

    def __init__(self, pages: Sequence[Page]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setProperty("role", "rail")
        self.setAccessibleName("Pages")
        self.setFixedWidth(_WIDTH)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._choose)
        self._shortcuts = QActionGroup(self)
        self._shortcuts.triggered.connect(self._choose_by_key)
        self._buttons = {page.name: self._button(number, page) for number, page in enumerate(pages, 1)}
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.SMALL, GAP.SMALL, GAP.SMALL, GAP.SMALL)
        column.setSpacing(GAP.HAIR)
        for name, made in self._buttons.items():
            if name != _FOOT:
                column.addWidget(made)
        column.addStretch(1)
        if _FOOT in self._buttons:
            column.addWidget(self._buttons[_FOOT])

    def mark(self, name: str) -> None:
        """Show that this page is open. Raises KeyError for a page that does not exist."""
        self._buttons[name].setChecked(True)

    def _button(self, number: int, page: Page) -> QToolButton:
        made = QToolButton()
        made.setObjectName(f"{page.name}RailButton")
        made.setProperty("role", "rail")
        made.setProperty("page", page.name)
        made.setText(page.title)
        made.setAccessibleName(page.title)
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setIconSize(QSize(20, 20))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_icon(made, page.icon, "dim", checked="accent")
        tip = page.title
        if number <= 9:
            # Not the button's own shortcut: that would play a press first and open the page a moment later.
            keys = QKeySequence(f"Ctrl+{number}")
            action = QAction(page.title, self)
            action.setShortcut(keys)
            action.setData(page.name)
            self._shortcuts.addAction(action)
            self.addAction(action)
            tip = f"{page.title} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})"
        set_tool_tip(made, tip)
        self._group.addButton(made)
        return made

    def _choose(self, pressed: QAbstractButton) -> None:
        self.chosen.emit(pressed.property("page"))

    def _choose_by_key(self, action: QAction) -> None:
        self.chosen.emit(action.data())
