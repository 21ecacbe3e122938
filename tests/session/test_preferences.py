"""Preferences change once, are kept once, and say so once."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from l402desk.session.preferences import Preferences
from l402desk.settings import Settings


def test_a_change_is_kept_before_it_is_told(qtbot: QtBot) -> None:
    order: list[str] = []
    preferences = Preferences(Settings(), lambda settings: order.append(f"kept {settings.theme}"))
    preferences.changed.connect(lambda: order.append(f"told {preferences.settings.theme}"))
    preferences.choose_theme("dark")
    assert order == ["kept dark", "told dark"]


def test_choosing_what_holds_already_does_nothing(qtbot: QtBot) -> None:
    kept: list[Settings] = []
    preferences = Preferences(Settings(theme="dark"), kept.append)
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.choose_theme("dark")
    assert kept == []


def test_a_theme_that_does_not_exist_is_refused(qtbot: QtBot) -> None:
    preferences = Preferences(Settings(), lambda settings: None)
    with pytest.raises(ValueError, match="system, light or dark"):
        preferences.choose_theme("purple")  # type: ignore[arg-type]
    assert preferences.settings == Settings()


def test_the_time_after_which_it_locks_is_kept(qtbot: QtBot) -> None:
    kept: list[Settings] = []
    preferences = Preferences(Settings(), kept.append)
    preferences.lock_after(5)
    assert kept == [Settings(lock_after_minutes=5)]
    with pytest.raises(ValueError, match="1,440"):
        preferences.lock_after(-1)


def test_tors_address_is_kept_and_what_is_none_is_refused() -> None:
    kept: list[Settings] = []
    preferences = Preferences(Settings(), kept.append)
    preferences.reach_tor_at("127.0.0.1:9150")
    with pytest.raises(ValueError):
        preferences.reach_tor_at("nowhere")
    assert [settings.tor for settings in kept] == ["127.0.0.1:9150"]
