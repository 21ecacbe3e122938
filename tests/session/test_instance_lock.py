"""The lock of a folder is held by one process, and ends with it however it ends."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from l402desk.session.instance_lock import CannotLock, InstanceLock

HOLD = """
import sys
from pathlib import Path
from l402desk.session.instance_lock import InstanceLock
lock = InstanceLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
sys.stdin.read()
"""


def test_two_locks_of_one_folder_exclude_each_other(tmp_path: Path) -> None:
    one, other = InstanceLock(tmp_path), InstanceLock(tmp_path)
    assert one.take()
    assert one.take()  # it has it already
    assert not other.take()
    assert (one.is_held, other.is_held) == (True, False)
    one.release()
    one.release()
    assert other.take()
    other.release()


def test_two_folders_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = InstanceLock(tmp_path / "a"), InstanceLock(tmp_path / "b")
    assert one.take()
    assert other.take()
    one.release()
    other.release()


def test_a_process_that_is_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        lock = InstanceLock(tmp_path)
        assert not lock.take()
        process.kill()
        process.wait(10)
    assert lock.take()
    lock.release()


def test_the_file_is_for_this_user_alone(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path)
    lock.take()
    assert (tmp_path / "instance.lock").stat().st_mode & 0o077 == 0
    lock.release()


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO])
def test_a_folder_that_gives_no_locks_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refuse(_handle: int, _how: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    lock = InstanceLock(tmp_path)
    with pytest.raises(CannotLock, match=r"cannot be locked .* Set L402DESK_HOME to a folder on this computer"):
        lock.take()
    assert not lock.is_held


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "somebody's file"
    (tmp_path / "instance.lock").symlink_to(target)
    with pytest.raises(CannotLock):
        InstanceLock(tmp_path).take()
    assert not target.exists()
