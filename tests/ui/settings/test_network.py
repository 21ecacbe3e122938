"""Tor's address is applied when the field is left; what is none changes nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.session.preferences import Preferences
from l402desk.settings import Settings
from l402desk.ui.settings.network import NetworkSection


def test_an_address_is_kept_and_an_empty_one_means_none(qtbot: QtBot) -> None:
    kept: list[Settings] = []
    section = NetworkSection(Preferences(Settings(), kept.append))
    qtbot.addWidget(section)
    assert section.tor.text() == "127.0.0.1:9050"
    for typed in ("127.0.0.1:9150", ""):
        section.tor.setText(typed)
        QTest.keyClick(section.tor, Qt.Key.Key_Return)
    assert [settings.tor for settings in kept] == ["127.0.0.1:9150", ""]


def test_what_is_no_address_is_said_and_changes_nothing(qtbot: QtBot) -> None:
    kept: list[Settings] = []
    preferences = Preferences(Settings(), kept.append)
    section = NetworkSection(preferences)
    qtbot.addWidget(section)
    problem = section.findChild(QLabel, "torProblem")
    assert problem is not None
    section.tor.setText("somewhere")
    QTest.keyClick(section.tor, Qt.Key.Key_Return)
    assert kept == []
    assert "“somewhere” is no HOST:PORT" in problem.text()
    assert problem.isVisibleTo(section)
    preferences.reach_tor_at("localhost:1")
    assert section.tor.text() == "localhost:1"
    assert not problem.isVisibleTo(section)
