"""The settings page: how the app looks, where it keeps its state, and which version it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from l402desk import __version__
from l402desk.session.preferences import Preferences
from l402desk.settings import Folders
from l402desk.ui.settings.network import NetworkSection
from l402desk.ui.settings.rows import section, table
from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import ScrollColumn
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label

_THEMES = (("system", "System"), ("light", "Light"), ("dark", "Dark"))


class SettingsPage(QWidget):
    """Applies each choice at once through ``Preferences``; there is nothing to confirm."""

    def __init__(
        self, preferences: Preferences, folders: Folders, sections: Sequence[tuple[str, QWidget]] = ()
    ) -> None:
        """``sections`` are titles and widgets of other features, each a card of its own."""
        super().__init__()
        self.setObjectName("settingsPage")
        self.setAccessibleName("Settings")
        self._preferences = preferences
        preferences.changed.connect(self.show_settings)
        self._themes = QButtonGroup(self)
        self._themes.buttonClicked.connect(self._choose_theme)
        column = ScrollColumn(name="settingsScroll", margin=GAP.LARGE)
        column.body.addWidget(label("Settings", role="title", name="settingsTitle"))
        column.body.addWidget(section("Appearance", self._appearance()))
        for title, content in sections:
            column.body.addWidget(section(title, content))
        column.body.addWidget(section("Network", NetworkSection(preferences)))
        column.body.addWidget(section("Where things are kept", _places(folders)))
        column.body.addWidget(section("About", _about()))
        column.body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)
        self.show_settings()

    def show_settings(self) -> None:
        """Show what holds now."""
        for choice in self._themes.buttons():
            choice.setChecked(choice.property("theme") == self._preferences.settings.theme)

    def _choose_theme(self, pressed: QAbstractButton) -> None:
        self._preferences.choose_theme(pressed.property("theme"))

    def _appearance(self) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP.LARGE)
        for word, text in _THEMES:
            choice = QRadioButton(text)
            choice.setObjectName(f"{word}ThemeChoice")
            choice.setAccessibleName(f"Theme: {text}")
            choice.setProperty("theme", word)
            self._themes.addButton(choice)
            row.addWidget(choice)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(GAP.SMALL)
        column.addLayout(row)
        column.addWidget(label("System follows the desktop, also when that changes at night.", role="dim", wrap=True))
        return column


def _places(folders: Folders) -> QLayout:
    return table(
        (
            ("Settings", _path("config", folders.config)),
            ("Tokens and payments", _path("data", folders.data)),
            ("Cache", _path("cache", folders.cache)),
            ("Logs", _path("logs", folders.logs)),
        )
    )


def _path(word: str, folder: Path) -> QWidget:
    """A field, not a label: it scrolls where the path is longer than the window, and can be copied from."""
    made = line_field(name=f"{word}Folder", label=f"The {word} folder", mono=True)
    made.setText(str(folder))
    made.setReadOnly(True)
    made.setCursorPosition(0)
    return made


def _about() -> QLayout:
    version = label(__version__, selectable=True, name="versionText")
    version.setAccessibleName(f"Version {__version__}")
    return table((("Version", version), ("Licence", label("MIT"))))
