"""The look of the app: Fusion, one of two palettes, one style sheet, by the system or the user's choice."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from l402desk.ui.assets import announce_resources, app_icon, stylesheet, tint_again
from l402desk.ui.colours import DARK, LIGHT, Colours, colours_now, contrast, mix

__all__ = [
    "DARK",
    "GAP",
    "LIGHT",
    "Appearance",
    "Choice",
    "Colours",
    "apply_style",
    "colours_now",
    "contrast",
    "mix",
    "palette",
    "set_role",
]

Choice = Literal["system", "light", "dark"]


class GAP:
    """The five distances of the app, in logical pixels: nothing is spaced by any other number."""

    HAIR = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    HUGE = 24


class Appearance(QObject):
    """Keeps the application in the chosen theme; ``changed`` comes after each change."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: Choice = "system"
        self._shown: Colours | None = None
        self._hints = QGuiApplication.styleHints()
        self._hints.colorSchemeChanged.connect(self.follow_system)

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def colours(self) -> Colours:
        return colours_now()

    def choose(self, choice: Choice) -> None:
        """Follow the system, or be light or dark whatever the system is."""
        self._choice = choice
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        if choice == "system":
            self._hints.unsetColorScheme()
        else:
            self._hints.setColorScheme(schemes[choice])
        self._show(self._wanted())

    def follow_system(self) -> None:
        """The desktop went light or dark: Qt may have replaced the palette, so ours is set in any case."""
        self._show(self._wanted())

    def undress(self) -> None:
        """Let go of the application: the desktop is followed no more, and the next change is another's."""
        self._hints.colorSchemeChanged.disconnect(self.follow_system)
        self._hints.unsetColorScheme()
        self.deleteLater()

    def _wanted(self) -> Colours:
        if self._choice == "system":
            return DARK if self._hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def _show(self, colours: Colours) -> None:
        self._app.setPalette(palette(colours))
        if colours is self._shown:
            return
        self._shown = colours
        self._app.setStyleSheet(stylesheet(colours, _points(self._app)))
        for widget in self._app.allWidgets():
            tint_again(widget)
            for action in widget.actions():
                tint_again(action)
            for action in widget.findChildren(QAction):
                tint_again(action)
        self.changed.emit()


def apply_style(app: QApplication, choice: Choice = "system") -> Appearance:
    """Dress the application, once; what is returned lives as long as it and changes the theme."""
    announce_resources()
    app.setStyle("Fusion")
    app.setWindowIcon(app_icon())
    appearance = Appearance(app)
    appearance.choose(choice)
    return appearance


def palette(colours: Colours) -> QPalette:
    """The theme as Qt's palette, for what no style sheet reaches: delegates, text cursors, native parts."""
    role = QPalette.ColorRole
    made = QPalette()
    for which, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.control,
        role.AlternateBase: colours.selection,
        role.Text: colours.text,
        role.PlaceholderText: colours.dim,
        role.Button: colours.control,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.ToolTipBase: colours.control,
        role.ToolTipText: colours.text,
        role.Highlight: colours.marked,
        role.HighlightedText: colours.text,
        role.Accent: colours.link,
        role.Link: colours.link,
        role.LinkVisited: colours.link,
        role.Light: colours.card,
        role.Midlight: colours.hover,
        role.Mid: colours.line,
        role.Dark: colours.edge,
        role.Shadow: colours.line,
    }.items():
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.disabled))
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Change the role that the style sheet dresses the widget by, and dress it anew."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _points(app: QApplication) -> float:
    font = app.font()
    return font.pointSizeF() if font.pointSizeF() > 0 else font.pixelSize() * 0.75
