"""Buttons with a place in the hierarchy: one primary per screen, plain ones, quiet ones; all have names."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QToolButton

from l402desk.ui.assets import Tint, set_icon
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.text import set_tool_tip, visible

ICON = QSize(16, 16)
COPIED_MS = 2_000
_TINTS: dict[str, Tint] = {"primary": "on_accent", "danger": "danger", "link": "link"}


def button(text: str, *, name: str, icon: str = "", role: str = "", label: str = "") -> QPushButton:
    """A plain button. ``label`` is what a screen reader says where the text alone would not do."""
    made = QPushButton(_literal(text))
    made.setObjectName(name)
    made.setAccessibleName(label or text)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if icon:
        made.setIconSize(ICON)
        set_icon(made, icon, _TINTS.get(role, "normal"))
    return made


def primary_button(text: str, *, name: str, icon: str = "", label: str = "") -> QPushButton:
    """The one action a screen is for, in amber; Enter presses it in a dialog."""
    made = button(text, name=name, icon=icon, role="primary", label=label)
    made.setDefault(True)
    return made


def ghost_button(text: str, *, name: str, icon: str = "", label: str = "") -> QPushButton:
    """An action without a frame, for what is seldom wanted."""
    return button(text, name=name, icon=icon, role="ghost", label=label)


def danger_button(text: str, *, name: str, icon: str = "", label: str = "") -> QPushButton:
    """An action that gives something up."""
    return button(text, name=name, icon=icon, role="danger", label=label)


def link_button(text: str, *, name: str, icon: str = "", label: str = "") -> QPushButton:
    """A question or a detour, looking like a link; never one made of foreign text."""
    made = button(text, name=name, icon=icon, role="link", label=label)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def icon_button(icon: str, *, name: str, label: str, tint: Tint = "normal", checkable: bool = False) -> QToolButton:
    """A square button; ``label`` is its tool tip and its accessible name."""
    made = QToolButton()
    made.setObjectName(name)
    made.setProperty("role", "icon")
    made.setIconSize(ICON)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleName(label)
    set_tool_tip(made, label)
    set_icon(made, icon, tint)
    return made


class CopyButton(QPushButton):
    """Copies one text and says "Copied" for two seconds. Without a text it is disabled."""

    def __init__(self, text: str, *, name: str, label: str = "", copy: Callable[[str], None] | None = None) -> None:
        """``copy`` takes the text to the clipboard; a secret needs one that marks it and clears it later."""
        super().__init__(_literal(text))
        self._idle = text
        self._payload = ""
        self._copy = copy or _to_clipboard
        self._back = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._back.timeout.connect(self.show_idle)
        self.setObjectName(name)
        self.setAccessibleName(label or text)
        self.setAutoDefault(False)
        self.setIconSize(ICON)
        self.clicked.connect(self.copy_payload)
        self.show_idle()
        self.set_payload("")

    def set_payload(self, text: str) -> None:
        """What the next press copies."""
        self._payload = text
        self.setEnabled(bool(text))

    def copy_payload(self) -> None:
        self._copy(self._payload)
        self.setMinimumWidth(self.width())
        self.setText("Copied")
        set_icon(self, "check", "good")
        announce(self, "Copied")
        self._back.start()

    def show_idle(self) -> None:
        self.setText(_literal(self._idle))
        set_icon(self, "copy")


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _literal(text: str) -> str:
    """An ampersand in a button's text would become an underline."""
    return visible(text, 120).replace("&", "&&")
