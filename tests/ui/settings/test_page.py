"""The settings page applies at once and tells where things are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from l402desk import __version__
from l402desk.session.preferences import Preferences
from l402desk.settings import Folders, Settings
from l402desk.ui.settings.page import SettingsPage


@pytest.fixture
def kept() -> list[Settings]:
    return []


@pytest.fixture
def preferences(kept: list[Settings]) -> Preferences:
    return Preferences(Settings(theme="light"), kept.append)


@pytest.fixture
def page(qtbot: QtBot, preferences: Preferences, tmp_path: Path) -> SettingsPage:
    made = SettingsPage(preferences, Folders.find({"L402DESK_HOME": str(tmp_path)}))
    qtbot.addWidget(made)
    made.show()
    return made


def choice(page: SettingsPage, theme: str) -> QRadioButton:
    found = page.findChild(QRadioButton, f"{theme}ThemeChoice")
    assert found is not None
    return found


def test_the_chosen_theme_is_marked(page: SettingsPage) -> None:
    assert choice(page, "light").isChecked()
    assert not choice(page, "dark").isChecked()


def test_a_choice_holds_at_once(
    qtbot: QtBot, page: SettingsPage, preferences: Preferences, kept: list[Settings]
) -> None:
    with qtbot.waitSignal(preferences.changed):
        choice(page, "dark").click()
    assert preferences.settings.theme == "dark"
    assert kept == [Settings(theme="dark")]


def test_a_theme_chosen_elsewhere_is_shown_here(page: SettingsPage, preferences: Preferences) -> None:
    preferences.choose_theme("system")
    assert choice(page, "system").isChecked()


def test_the_folders_can_be_read_and_copied_but_not_changed(qtbot: QtBot, page: SettingsPage, tmp_path: Path) -> None:
    for word in ("config", "data", "cache", "logs"):
        field = page.findChild(QLineEdit, f"{word}Folder")
        assert field is not None
        assert field.text() == str(tmp_path / word)
        assert field.isReadOnly()
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_version_is_told(page: SettingsPage) -> None:
    version = page.findChild(QLabel, "versionText")
    assert version is not None
    assert version.text() == __version__
