"""The composition root: it starts light, says what keeps it from starting, and leaves nothing running."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from l402desk import __version__, app, settings
from l402desk.app import Composition, Start
from l402desk.session.instance_lock import InstanceLock

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("httpx", "httpcore", "keyring", "cryptography", "qrcode", "sqlite3", "starlette", "bolt11")
LATE = (*HEAVY, "asyncio", "ssl", "PySide6.QtNetwork")
"""Not even before the first frame, to which the loop and its sockets are no help."""


def run(*arguments: str, home: Path, code: str = "") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, without a screen."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "L402DESK_HOME": str(home)}
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "l402desk", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_measuring_the_start_prints_one_object_and_ends(home: Path) -> None:
    done = run("--measure-start", home=home)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert set(found) == {"first_paint_ms", "rss_mb", "modules"}
    assert found["first_paint_ms"] > 0
    assert 0 < found["rss_mb"] <= 110


def test_nothing_heavy_is_imported_before_the_page_is_painted(home: Path) -> None:
    """The window must be there at once; the network, the vault and the sandbox come after its first frame."""
    code = (
        "import sys\n"
        "from l402desk import app\n"
        "assert app.run(measure=True) == 0\n"
        f"print('heavy:', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = run(home=home, code=code)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_neither_the_loop_nor_a_socket_is_imported_for_the_first_frame(home: Path) -> None:
    code = f"import sys\nfrom l402desk import app\nprint([name for name in {LATE!r} if name in sys.modules])"
    assert run(home=home, code=code).stdout.strip() == "[]"


def test_a_folder_that_is_not_ours_is_told_in_one_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")
    done = run(home=in_the_way)
    assert done.returncode == 1
    assert "Set L402DESK_HOME to a folder of yours" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--frobnicate"], ["https://a.example", "https://b.example"], ["-x"], ["inspekt"], ["doktor"]]
)
def test_what_is_not_understood_ends_with_the_usage(arguments: list[str], home: Path) -> None:
    """A link handler passes exactly one address: nothing that looks like an option may come in by a link."""
    done = run(*arguments, home=home)
    assert done.returncode == 2
    assert "usage: l402desk" in done.stderr
    assert not (home / "data").exists()


@contextmanager
def a_window(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A window in a process of its own; it holds the lock of its folder."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "L402DESK_HOME": str(home)}
    command = [sys.executable, "-m", "l402desk"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True) as process:
        lock = InstanceLock(home / "data")
        deadline = time.monotonic() + 30
        while not (home / "data" / "instance.lock").exists() or lock.take():
            lock.release()
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        try:
            yield process
        finally:
            process.kill()


def test_a_second_start_calls_the_first_and_ends(home: Path) -> None:
    with a_window(home) as first:
        for arguments in ([], ["https://api.example.com/data"], ["--sandbox"]):
            done = run(*arguments, home=home)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert first.poll() is None
        measured = run("--measure-start", home=home)  # what it measures is not the window that is open
        assert measured.returncode == 0
        assert json.loads(measured.stdout)["first_paint_ms"] > 0


def test_a_window_that_was_killed_is_taken_over(home: Path) -> None:
    with a_window(home) as first:
        assert run(home=home).returncode == 0  # it listens, so that it leaves a socket behind
        first.kill()
        first.wait(10)
    with a_window(home) as following:
        assert run("https://api.example.com/data", home=home).returncode == 0
        assert following.poll() is None


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "https://u:p@a.example"]
)
def test_a_link_that_is_no_address_ends_the_program(link: str, home: Path) -> None:
    done = run(link, home=home)
    assert done.returncode == 2
    assert "usage: l402desk" in done.stderr
    assert not (home / "data").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
def test_without_a_screen_one_sentence_says_so(home: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.endswith("DISPLAY") and not key.startswith("QT_")}
    done = subprocess.run(
        [sys.executable, "-m", "l402desk"],
        cwd=ROOT,
        env={**env, "L402DESK_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no screen" in done.stderr


def test_version_and_help_need_no_window(home: Path) -> None:
    assert run("--version", home=home).stdout == f"l402desk {__version__}\n"
    said = run("--help", home=home).stdout
    assert "usage: l402desk" in said
    assert "inspect" in said
    assert not home.exists()


def test_the_process_keeps_to_itself(home: Path) -> None:
    code = (
        "import os, resource\n"
        "from l402desk.__main__ import main\n"
        "main(['--version'])\n"
        "print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    assert run(home=home, code=code).stdout.splitlines()[-1] == "0o77 (0, 0)"


@pytest.fixture
def folders(home: Path) -> settings.Folders:
    found = settings.Folders.find(os.environ)
    found.make()
    return found


def test_an_address_is_filled_in_and_not_sent(qtbot: QtBot, qapp: QApplication, folders: settings.Folders) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/never"
        composition = Composition(qapp, Start(url=url), folders, settings.Settings())
        with qtbot.waitSignal(composition.io.opened, timeout=20_000):
            composition.desk.window.show()
        tab = composition.desk.requests.page.current_tab
        assert tab.builder.draft().url == url
        with pytest.raises(TimeoutError):
            listener.accept()
        assert composition.close()
        composition.appearance.undress()


def test_a_taken_sandbox_port_is_no_obstacle(
    qtbot: QtBot, qapp: QApplication, folders: settings.Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery staple\n", encoding="utf-8")
    monkeypatch.setenv(app.PASSPHRASE_FILE, str(secret))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(app, "SANDBOX_PORT", taken.getsockname()[1])
        composition = Composition(qapp, Start(with_sandbox=True), folders, settings.Settings())
        with qtbot.waitSignal(composition.desk.starts.changed, timeout=20_000):
            composition.desk.window.show()
        assert composition.desk.starts.starts
        assert composition.close()
        composition.appearance.undress()


def test_a_database_of_a_newer_version_is_told_and_left_alone(
    qtbot: QtBot, qapp: QApplication, folders: settings.Folders, caplog: pytest.LogCaptureFixture
) -> None:
    database = folders.data / "desk.sqlite3"
    database.write_bytes(b"this is no database" * 100)
    composition = Composition(qapp, Start(), folders, settings.Settings())
    with qtbot.waitSignal(composition.io.open_failed, timeout=20_000):
        composition.desk.window.show()
    notice = composition.desk.requests.page.current_tab.notice
    assert notice.isVisible()
    assert "cannot work" in notice.accessibleName()
    assert database.read_bytes() == b"this is no database" * 100
    assert "did not open" in caplog.text
    assert composition.close()
    composition.appearance.undress()


def test_the_theme_is_applied_and_kept(qtbot: QtBot, qapp: QApplication, folders: settings.Folders) -> None:
    composition = Composition(qapp, Start(), folders, settings.Settings())
    with qtbot.waitSignal(composition.io.opened, timeout=20_000):
        composition.desk.window.show()
    composition.preferences.choose_theme("dark")
    assert composition.appearance.choice == "dark"
    qtbot.waitUntil(lambda: settings.load(folders.settings_file).theme == "dark", timeout=20_000)
    assert composition.close()
    composition.appearance.undress()
