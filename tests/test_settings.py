"""Settings survive restarts, newer versions, broken files and a full disk."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.settings import Folders, Settings, load, save


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def test_there_are_defaults_without_a_file(file: Path) -> None:
    assert load(file) == Settings() == Settings(theme="system")
    assert not file.exists()


def test_what_is_saved_is_loaded(file: Path) -> None:
    save(file, Settings(theme="dark"))
    assert load(file) == Settings(theme="dark")
    assert [left.name for left in file.parent.iterdir()] == ["settings.json"]


def test_keys_of_a_newer_version_stay(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"theme": "light", "zoom": 1.5, "ü": [1]}', encoding="utf-8")
    save(file, Settings(theme="dark"))
    assert json.loads(file.read_text("utf-8")) == {
        "theme": "dark", "lock_after_minutes": 15, "tor": "127.0.0.1:9050", "zoom": 1.5, "ü": [1],
    }  # fmt: skip


@pytest.mark.parametrize("value", ["purple", 3, None, ["dark"], {"a": 1}, True])
def test_a_value_that_is_no_choice_is_its_default(file: Path, value: object) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"theme": value}), encoding="utf-8")
    assert load(file) == Settings()
    assert file.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"dark"', b"[" * 100_000])
def test_a_broken_file_is_kept_aside_and_told(file: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert load(file) == Settings()
    assert file.with_name("settings.json.broken").read_bytes() == content
    assert not file.exists()
    assert "settings.json.broken" in caplog.text


def test_saving_over_a_broken_file_does_not_fail(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"{")
    save(file, Settings(theme="light"))
    assert load(file) == Settings(theme="light")


def test_a_full_disk_leaves_the_old_settings_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(file, Settings(theme="dark"))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(file, Settings(theme="light"))
    assert load(file) == Settings(theme="dark")
    assert [left.name for left in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_user_can_read_it(file: Path) -> None:
    save(file, Settings())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("minutes", [-1, 1441, 1.5, "5", True, None])
def test_a_time_that_is_not_offered_is_its_default_and_spoils_nothing_else(file: Path, minutes: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"theme": "dark", "lock_after_minutes": minutes}), encoding="utf-8")
    assert load(file) == Settings(theme="dark")
    with pytest.raises(ValueError, match="1,440"):
        Settings(lock_after_minutes=minutes)  # type: ignore[arg-type]


def test_a_theme_that_does_not_exist_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="system, light or dark"):
        Settings(theme="purple")  # type: ignore[arg-type]


@given(st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.text(max_size=8), max_size=5))
def test_any_object_can_be_loaded_and_loses_nothing(found: dict[str, object]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "settings.json"
        file.write_text(json.dumps(found), encoding="utf-8")
        settings = load(file)
        save(file, settings)
        assert json.loads(file.read_text("utf-8")) == found | asdict(settings)


def test_one_variable_puts_everything_under_one_folder(tmp_path: Path) -> None:
    folders = Folders.find({"L402DESK_HOME": str(tmp_path / "desk")})
    places = {folders.config, folders.data, folders.cache, folders.logs}
    assert {place.parent for place in places} == {tmp_path / "desk"}
    assert len(places) == 4
    assert folders.settings_file.parent == folders.window_file.parent == folders.config


def test_a_relative_home_is_made_absolute_where_the_app_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = Folders.find({"L402DESK_HOME": "desk"})
    monkeypatch.chdir("/")
    assert folders.data == tmp_path / "desk" / "data"


def test_without_it_the_folders_are_where_the_desktop_wants_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    folders = Folders.find({})
    if sys.platform == "linux":
        assert folders.config == tmp_path / "config" / "l402desk"
        assert folders.data == tmp_path / "data" / "l402desk"
        assert folders.cache == tmp_path / "cache" / "l402desk"
    assert all(p.is_absolute() for p in (folders.config, folders.data, folders.cache, folders.logs))


def test_the_folders_are_made_on_demand_only(tmp_path: Path) -> None:
    folders = Folders.find({"L402DESK_HOME": str(tmp_path / "desk")})
    assert not (tmp_path / "desk").exists()
    folders.make()
    folders.make()
    assert all(p.is_dir() for p in (folders.config, folders.data, folders.cache, folders.logs))
