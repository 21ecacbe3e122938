"""A real GNOME Keyring on a session bus of its own: unlocked, locked, killed, absent; nothing is faked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("dbus-run-session", "dbus-send", "gnome-keyring-daemon")
UNLOCKED = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n'
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1\n"
RUN = 'exec "$@"'

APP = """
import asyncio, json, os, signal, subprocess, sys, time
from pathlib import Path
from l402desk.store.database import Database
from l402desk.store.errors import StoreError
from l402desk.store.keys import OsKeyring
from l402desk.store.keyholder import KeyHolder
from l402desk.store.unlock import SCHEMA, unlock

def kill_the_keyring():
    # Only the daemon on this session's own bus: there may be others on the machine, and they are not ours.
    bus = ("--dest=org.freedesktop.DBus", "/org/freedesktop/DBus")
    question = ("org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets")
    answer = subprocess.check_output(["dbus-send", "--print-reply=literal", *bus, *question], text=True)
    os.kill(int(answer.split()[-1]), signal.SIGKILL)

async def main():
    database = await Database.open(Path(sys.argv[1]), (SCHEMA,))
    try:
        if "kill the keyring" in sys.argv:
            await unlock(database, passphrase=None, keyring=OsKeyring(patience=20))
            kill_the_keyring()
        before = time.perf_counter()
        keys = KeyHolder(database, OsKeyring(patience=20))
        code = Path(sys.argv[1]).with_name("code")
        if "by the code" in sys.argv:
            seal = await keys.unlock_by_code(code.read_text())
            await keys.keep_by_keyring()
        else:
            seal = await keys.unlock("words" if "by words" in sys.argv else None)
        said = {"kept_by": seal.kept_by, "ms": round((time.perf_counter() - before) * 1000)}
        sealed = Path(sys.argv[1]).with_name("sealed")
        if sealed.exists():
            said["opened"] = seal.unseal(sealed.read_bytes(), table="t", row="1", column="c").decode()
        else:
            sealed.write_bytes(seal.seal(b"secret", table="t", row="1", column="c"))
        if "write a code down" in sys.argv:
            code.write_text(await keys.new_code())
        if "rotate" in sys.argv:
            said["old"] = (await keys.rotate()).old_item_forgotten
            sealed.write_bytes(seal.seal(b"secret", table="t", row="1", column="c"))
        if "to words" in sys.argv:
            await keys.keep_by_passphrase("words")
        if "to the keyring" in sys.argv:
            await keys.keep_by_keyring(proof="words")
    except StoreError as error:
        said = {"error": type(error).__name__, "rows": await database.read(
            lambda c: c.execute("SELECT count(*) FROM vault_key").fetchone()[0])}
    await database.close()
    print(json.dumps(said))

asyncio.run(main())
"""

pytestmark = pytest.mark.keyring


class Desktop:
    """A user's home folder and session, with or without a keyring in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "app" / "desk.sqlite"
        self.environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            # What must have no say: the app takes the real keyring all the same.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            place = folder / name.lower()
            place.mkdir(mode=0o700)
            self.environment[name] = str(place)

    def start_app(self, session: str | None, *more: str, bus: tuple[str, ...] = ()) -> dict[str, object]:
        """Run the app in a session that begins with these shell lines (None: no session bus at all)."""
        app = [sys.executable, "-c", APP, str(self.file), *more]
        if session is not None:
            app = ["dbus-run-session", *bus, "--", "sh", "-c", session + RUN, "sh", *app]
        done = subprocess.run(
            app, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert isinstance(said, dict)
        return said

    def lose_all_items(self) -> None:
        shutil.rmtree(self.folder / "xdg_data_home" / "keyrings")


@pytest.fixture
def desktop(tmp_path: Path) -> Desktop:
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        reason = f"no real keyring here: {', '.join(missing)} not installed"
        if os.environ.get("L402DESK_TESTS_MUST_RUN"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Desktop(tmp_path)


def test_an_unlocked_keyring_seals_and_opens_the_vault_over_several_sessions(desktop: Desktop) -> None:
    first = desktop.start_app(UNLOCKED)
    second = desktop.start_app(UNLOCKED)
    assert first["kept_by"] == second["kept_by"] == "Secret Service"
    assert second["opened"] == "secret"
    print(f"made in {first['ms']} ms, opened in {second['ms']} ms")


def test_a_locked_keyring_makes_no_vault(desktop: Desktop) -> None:
    assert desktop.start_app(LOCKED) == {"error": "KeyringLocked", "rows": 0}


def test_a_vault_whose_keyring_is_locked_stays_closed_and_opens_later(desktop: Desktop) -> None:
    desktop.start_app(UNLOCKED)
    assert desktop.start_app(LOCKED) == {"error": "KeyringLocked", "rows": 1}
    assert desktop.start_app(UNLOCKED)["opened"] == "secret"


def test_a_keyring_that_lost_the_item_gets_no_new_key(desktop: Desktop) -> None:
    desktop.start_app(UNLOCKED)
    desktop.lose_all_items()
    assert desktop.start_app(UNLOCKED) == {"error": "KeyringItemLost", "rows": 1}


def test_no_session_bus_means_no_keyring(desktop: Desktop) -> None:
    assert desktop.start_app(None) == {"error": "KeyringUnavailable", "rows": 0}


def test_a_bus_without_any_keyring_means_no_keyring(desktop: Desktop) -> None:
    config = desktop.folder / "bus.conf"
    config.write_text(
        f"<busconfig><type>session</type><listen>unix:dir={desktop.folder}</listen>"
        '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
        '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
    )
    said = desktop.start_app("", bus=(f"--config-file={config}",))
    assert said == {"error": "KeyringUnavailable", "rows": 0}


def test_a_keyring_killed_in_mid_session_closes_nothing_for_good(desktop: Desktop) -> None:
    desktop.start_app(UNLOCKED)
    # The bus starts a new daemon at the next question, and that one is locked.
    assert desktop.start_app(UNLOCKED, "kill the keyring")["error"] in ("KeyringLocked", "KeyringUnavailable")
    assert desktop.start_app(UNLOCKED)["opened"] == "secret"


def test_a_rotated_key_is_in_the_keyring_and_the_old_item_is_gone(desktop: Desktop) -> None:
    desktop.start_app(UNLOCKED)
    assert desktop.start_app(UNLOCKED, "rotate")["old"] is True
    assert desktop.start_app(UNLOCKED)["opened"] == "secret"
    assert desktop.start_app(LOCKED) == {"error": "KeyringLocked", "rows": 1}
    assert desktop.start_app(UNLOCKED)["opened"] == "secret"


def test_a_recovery_code_opens_what_a_keyring_lost_and_puts_the_key_back(desktop: Desktop) -> None:
    desktop.start_app(UNLOCKED, "write a code down")
    desktop.lose_all_items()
    assert desktop.start_app(UNLOCKED) == {"error": "KeyringItemLost", "rows": 1}
    assert desktop.start_app(UNLOCKED, "by the code")["opened"] == "secret"
    assert desktop.start_app(UNLOCKED)["opened"] == "secret"


def test_a_key_moves_under_a_passphrase_and_back_into_the_keyring(desktop: Desktop) -> None:
    desktop.start_app(UNLOCKED)
    desktop.start_app(UNLOCKED, "to words")
    assert desktop.start_app(None, "by words")["opened"] == "secret"
    assert desktop.start_app(None) == {"error": "PassphraseNeeded", "rows": 1}
    desktop.start_app(UNLOCKED, "by words", "to the keyring")
    assert desktop.start_app(UNLOCKED)["opened"] == "secret"


def test_a_locked_keyring_takes_no_key_and_the_passphrase_goes_on_opening(desktop: Desktop) -> None:
    desktop.start_app(None, "by words")
    assert desktop.start_app(LOCKED, "by words", "to the keyring") == {"error": "KeyringLocked", "rows": 1}
    assert desktop.start_app(None, "by words")["opened"] == "secret"
