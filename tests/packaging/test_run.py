"""The set-up script: what a machine lacks is one sentence and one line, and nothing is done twice."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with an environment folder of the test's own; neither root nor a terminal is there."""
    spec = importlib.util.spec_from_file_location("desk_run", ROOT / "packaging" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "is_root", lambda: False)
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "apt-get" else None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return module


def test_this_python_will_do(script: ModuleType) -> None:
    assert script.unsuitable_python() is None


@pytest.mark.parametrize("version", [(3, 8, 10), (3, 10, 0), (3, 14, 0)])
def test_an_unsuitable_python_gets_one_sentence_and_one_line(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(script.sys, "version_info", version)
    said = script.unsuitable_python()
    assert ".".join(map(str, version)) in said
    assert "python3.12 packaging/run.py" in said
    assert "apt-get install -y --no-install-recommends python3.12" in said
    assert "\n" not in said


def test_a_missing_ensurepip_is_named_with_its_package(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "has_ensurepip", lambda: False)
    monkeypatch.setattr(script, "loads", lambda soname: True)
    assert script.missing_pieces(script.OFFSCREEN) == (
        "This machine lacks python3-venv. Run: sudo apt-get update && "
        "sudo apt-get install -y --no-install-recommends python3-venv"
    )


def test_missing_libraries_are_one_line_and_a_window_needs_more_of_them(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "loads", lambda soname: soname in script.OFFSCREEN)
    assert script.missing_pieces(script.OFFSCREEN) is None
    said = script.missing_pieces({**script.OFFSCREEN, **script.WINDOW})
    assert "libxcb-cursor0" in said
    assert said.count("\n") == 0


@pytest.mark.parametrize(
    ("kind", "arguments", "platform", "needs"),
    [
        ("run", [], "xcb", {"libGL.so.1", "libxcb-cursor.so.0"}),
        ("run", ["--sandbox"], "offscreen", {"libGL.so.1"}),
        ("run", ["inspect", "-"], "xcb", set()),
        ("test", ["test"], "xcb", {"libGL.so.1"}),
    ],
)
def test_only_what_the_start_needs_is_asked_for(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, kind: str, arguments: list[str], platform: str, needs: set[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setattr(script.sys, "platform", "linux")
    found = set(script.libraries_for(kind, arguments))
    assert found & {"libGL.so.1", "libxcb-cursor.so.0"} == needs


def test_without_root_or_a_terminal_nothing_is_installed(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("a package manager was started")

    monkeypatch.setattr(script.subprocess, "run", never)
    assert script.install_now("apt-get install -y libgl1") is False


def test_root_gets_the_line_run_once_and_not_again(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []

    def note(line: str, **_: Any) -> subprocess.CompletedProcess[str]:
        lines.append(line)
        return subprocess.CompletedProcess(line, 0)

    monkeypatch.setattr(script, "is_root", lambda: True)
    monkeypatch.setattr(script.subprocess, "run", note)
    assert script.install_now("apt-get install -y libgl1") is True
    assert script.install_now("apt-get install -y libgl1") is False
    assert lines == ["apt-get install -y libgl1"]


def test_an_environment_that_is_up_to_date_is_left_alone(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    installs: list[str] = []

    def install(lock: Path, *, fresh: bool) -> str:
        installs.append(f"{lock.name}, fresh {fresh}")
        return ""

    monkeypatch.setattr(script, "install", install)
    monkeypatch.setattr(script, "site_packages", lambda: script.VENV)
    python = script.venv_python()
    python.parent.mkdir(parents=True)
    python.touch()
    assert script.make_environment("test") is None
    assert script.make_environment("test") is None
    assert script.make_environment("run") is None  # the tests' environment holds the app's
    assert installs == ["requirements-test.lock, fresh True"]


def test_a_changed_lock_is_installed_again(script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1")
    before = script.fingerprint(lock)
    lock.write_text("a==2")
    assert script.fingerprint(lock) != before


def test_a_failed_set_up_is_one_sentence(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "install", lambda lock, fresh: "“pip install …” ended with an error.")
    said = script.make_environment("run")
    assert said.startswith("Setting up failed: “pip install …”")
    assert not (script.VENV / "l402desk-stamp").exists()


def test_the_locks_are_hashed_and_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
