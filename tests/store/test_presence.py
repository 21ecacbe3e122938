"""Presence: beside others by default, alone only when there is nobody, given back by the system at a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from l402desk.store import presence as module
from l402desk.store.errors import Busy, InUse
from l402desk.store.presence import SUFFIX, Presence

ROOT = Path(__file__).resolve().parents[2]
OTHER = """
import sys
from pathlib import Path
from l402desk.store.presence import Presence
present = Presence.enter(Path(sys.argv[1]))
if "alone" in sys.argv:
    present.become_alone()
print("in", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "WAIT_S", 0.05)
    return tmp_path / "desk.sqlite3"


def another(file: Path, *how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(file), *how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_many_are_in_at_once_and_none_of_them_alone(file: Path) -> None:
    first, second = Presence.enter(file), Presence.enter(file)
    for one in (first, second):
        with pytest.raises(InUse):
            one.become_alone()
    second.leave()
    second.leave()
    first.become_alone()
    first.leave()


def test_whoever_is_alone_keeps_others_out_until_it_shares(file: Path) -> None:
    first = Presence.enter(file)
    first.become_alone()
    with pytest.raises(Busy):
        Presence.enter(file)
    first.share()
    second = Presence.enter(file)
    first.leave()
    second.leave()


def test_another_process_counts_and_a_killed_one_does_not(file: Path) -> None:
    first = Presence.enter(file)
    other = another(file)
    with pytest.raises(InUse):
        first.become_alone()
    end(other)
    first.become_alone()
    first.leave()
    alone = another(file, "alone")
    with pytest.raises(Busy):
        Presence.enter(file)
    end(alone)
    Presence.enter(file).leave()


def test_nothing_is_ever_written_to_its_file(file: Path) -> None:
    present = Presence.enter(file)
    present.become_alone()
    present.leave()
    assert {path.name: path.stat().st_size for path in file.parent.iterdir() if path.is_file()} == {
        f"{file.name}{SUFFIX}": 0
    }
    assert file.with_name(f"{file.name}{SUFFIX}").stat().st_mode & 0o777 == 0o600
