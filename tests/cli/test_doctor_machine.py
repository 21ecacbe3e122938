"""What is wrong with the machine is seen, and said with what to do."""

from __future__ import annotations

import os
from collections import namedtuple
from pathlib import Path

import pytest

from l402desk import __version__
from l402desk.cli import doctor_machine as machine
from l402desk.settings import Folders


@pytest.fixture
def folders(home: Path) -> Folders:
    found = Folders.find(os.environ)
    found.make()
    return found


def test_versions_are_told_and_nothing_is_wrong_here() -> None:
    section = machine.versions()
    assert section.data["app"] == __version__
    assert isinstance(section.data["packages"], dict)
    assert section.data["packages"]["httpx"]
    assert section.problems == []


@pytest.mark.parametrize(
    ("version", "part"),
    [
        ("6.12.0", "ends the process after a while"),
        ("6.13.1", "ends the process after a while"),
        ("7.0", "ends the process"),
        ("6.7.3", "is too old"),
        (None, "Qt is not installed"),
    ],
)
def test_a_qt_that_the_app_does_not_run_with_is_told(
    monkeypatch: pytest.MonkeyPatch, version: str | None, part: str
) -> None:
    monkeypatch.setattr(machine, "_version", lambda _name: version)
    (problem,) = machine.versions().problems
    assert part in problem.what
    assert "below 6.12" in problem.remedy


def test_another_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 14, 0))
    assert "is not supported" in machine.versions().problems[0].what


@pytest.mark.skipif(os.name != "posix" or os.uname().sysname != "Linux", reason="the screens of Linux")
@pytest.mark.parametrize(
    ("environ", "platform"),
    [
        ({}, None),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen:size=1"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
    ],
)
def test_the_platform_is_the_one_that_a_window_would_use(
    environ: dict[str, str], platform: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda name: f"lib{name}.so.0")
    section = machine.screen(environ)
    assert section.data["qt_platform"] == platform
    assert section.problems == []


def test_a_library_that_no_window_opens_without_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    (problem,) = machine.screen({"QT_QPA_PLATFORM": "xcb"}).problems
    assert "libxcb-cursor" in problem.what


def test_private_folders_are_well(folders: Folders) -> None:
    section = machine.folders(folders)
    assert section.problems == []
    data = section.data["data"]
    assert isinstance(data, dict)
    assert (data["path"], data["mode"], data["writable"], data["private"]) == (str(folders.data), "0700", True, True)
    assert data["free_bytes"] > 0


def test_folders_that_are_not_made_yet_are_no_problem_and_are_not_made(home: Path) -> None:
    section = machine.folders(Folders.find(os.environ))
    assert section.problems == []
    data = section.data["data"]
    assert isinstance(data, dict)
    assert (data["exists"], data["mode"]) == (False, None)
    assert not home.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_folder_that_others_can_read_is_told(folders: Folders) -> None:
    folders.data.chmod(0o755)
    (problem,) = machine.folders(folders).problems
    assert problem.what == f"Others can read {folders.data}."
    assert problem.remedy.startswith(f"Run: chmod go-rwx '{folders.data}'")


def test_a_folder_that_cannot_be_written_is_told(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda place, _how: Path(place) != folders.data)
    (problem,) = machine.folders(folders).problems
    assert problem.what == f"{folders.data} cannot be written."


def test_a_shared_drive_is_told_for_the_vault_alone(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_file_system", lambda _place: "nfs4")
    (problem,) = machine.folders(folders).problems
    assert "other computers share" in problem.what


def test_a_full_disk_is_told(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _place: usage(10**9, 10**9 - 1000, 1000))
    (problem,) = machine.folders(folders).problems
    assert "little space" in problem.what


def test_a_disk_that_cannot_be_asked_is_no_problem(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_place: object) -> object:
        raise OSError

    monkeypatch.setattr("shutil.disk_usage", refuse)
    assert machine.folders(folders).problems == []


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="needs the kernel's list of mounts")
def test_the_file_system_is_the_kernels_word() -> None:
    assert machine._file_system(Path("/proc")) == "proc"
    assert machine._file_system(Path("/")) not in ("", "proc")


def test_the_roots_of_the_system_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert machine.tls().problems == []
    monkeypatch.setattr(machine, "os_trust", lambda: bare)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: namedtuple("paths", "openssl_capath")("/nowhere"))
    (problem,) = machine.tls().problems
    assert problem.remedy == "Install ca-certificates."
