"""The journey as a stranger's program sees it: a real process on a real X server, keys in, pictures and effects out."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = Path(os.environ.get("L402DESK_PICTURES", ROOT / "screenshots"))
PATIENCE_S = 30.0
PROGRAMS = ("Xvfb", "xdotool", "import")

pytestmark = pytest.mark.desktop


def until(question: Callable[[], object], what: str) -> object:
    """Ask until the answer is true. Raises AssertionError naming what did not happen."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE_S:.0f} s for {what}")


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of the test's own."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        reason = f"this machine has no {', '.join(missing)}"
        if os.environ.get("L402DESK_TESTS_MUST_RUN"):
            pytest.fail(reason)
        pytest.skip(reason)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x820x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        name = f":{number.readline().strip()}"
    yield name
    server.terminate()
    server.wait(10)


class Stranger:
    """Sees the screen and presses keys, nothing else."""

    def __init__(self, display: str, home: Path) -> None:
        self._env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("QT_", "L402DESK_"))},
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "L402DESK_HOME": str(home),
            "L402DESK_PASSPHRASE_FILE": str(home.parent / "passphrase"),
        }
        (home.parent / "passphrase").write_text("correct horse battery staple\n", encoding="utf-8")

    def start_app(self) -> tuple[subprocess.Popen[str], str]:
        """The process, and the address of its sandbox."""
        process = subprocess.Popen(
            [sys.executable, "-m", "l402desk", "--sandbox"], cwd=ROOT, env=self._env, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "The sandbox listens on http://" in said
        return process, said.split()[-1]

    def window(self, title: str) -> str:
        """The id of the visible window with this title, waited for."""
        return str(until(lambda: self._windows(title), f"a window called {title}")).split()[0]

    def has_window(self, title: str) -> bool:
        return bool(self._windows(title))

    def _windows(self, title: str) -> str:
        found = self._do("xdotool", "search", "--onlyvisible", "--name", title, check=False)
        return found.stdout.strip()

    def press(self, window: str, *keys: str) -> None:
        self._do("xdotool", "windowfocus", "--sync", window)
        self._do("xdotool", "key", "--delay", "20", *keys)

    def type(self, window: str, text: str) -> None:
        self._do("xdotool", "windowfocus", "--sync", window)
        self._do("xdotool", "type", "--delay", "5", text)

    def photograph(self, name: str) -> Path:
        PICTURES.mkdir(exist_ok=True)
        file = PICTURES / f"{name}.png"
        self._do("import", "-window", "root", str(file))
        return file

    def _do(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self._env, capture_output=True, text=True, check=check, timeout=PATIENCE_S)


def balance(sandbox: str) -> int:
    with urllib.request.urlopen(f"{sandbox}/wallet/balance", timeout=10) as answer:
        return int(json.load(answer)["balance_msat"])


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{home / 'data' / 'desk.sqlite3'}?mode=ro", uri=True) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_stranger_buys_the_weather_and_asks_again_for_free(display: str, tmp_path: Path, theme: str) -> None:
    home = tmp_path / "state"
    (home / "config").mkdir(parents=True)
    (home / "config" / "settings.json").write_text(json.dumps({"theme": theme}), encoding="utf-8")
    stranger = Stranger(display, home)
    app, sandbox = stranger.start_app()
    try:
        main = stranger.window("Requests – L402 Desk")
        stranger.photograph(f"{theme}-1-start")
        stranger.press(main, "ctrl+l", "ctrl+a")
        stranger.type(main, f"{sandbox}/weather?city=Lisbon")
        stranger.press(main, "ctrl+Return")
        time.sleep(1.0)  # for the picture alone: the next line waits for the challenge itself
        stranger.photograph(f"{theme}-2-challenge")
        until(lambda: asks_to_pay(stranger, main), "the payment of the challenge")
        dialog = stranger.window("Pay 21 sats")
        until(lambda: rows(home, "SELECT 1 FROM purchases WHERE state = 'offered'"), "the offer on the disk")
        time.sleep(0.5)  # for the picture alone: the code is drawn in the background
        stranger.photograph(f"{theme}-3-pay")
        stranger.press(dialog, "Return")
        until(lambda: balance(sandbox) == 99_979_000, "the debit of 21 sats")
        until(lambda: rows(home, "SELECT 1 FROM purchases WHERE delivery = 'delivered'"), "the delivered answer")
        until(lambda: not stranger.has_window("Pay 21 sats"), "the end of the dialog")
        stranger.photograph(f"{theme}-4-answer")

        stranger.press(main, "ctrl+Return")
        until(lambda: rows(home, "SELECT 1 FROM tokens WHERE uses = 2 AND last_status = 200"), "the second use")
        assert balance(sandbox) == 99_979_000
        stranger.press(main, "ctrl+2")
        stranger.window("Vault – L402 Desk")
        time.sleep(0.5)  # for the picture alone
        stranger.photograph(f"{theme}-5-vault")
        stranger.press(main, "ctrl+q")
        assert app.wait(15) == 0
    finally:
        app.kill()
        app.communicate(timeout=10)
    assert rows(home, "SELECT count(*) FROM purchases WHERE state = 'settled'") == [(1,)]
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]


def asks_to_pay(stranger: Stranger, main: str) -> bool:
    """The payment opens by its shortcut once the challenge is there; before that the keys do nothing."""
    if stranger.has_window("Pay 21 sats"):
        return True
    stranger.press(main, "ctrl+shift+p")
    time.sleep(0.3)
    return stranger.has_window("Pay 21 sats")
