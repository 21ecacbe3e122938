from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from l402desk.store.errors import Damaged, DiskFull, NotPrivate, ReadOnly
from l402desk.store.privacy import make_private_file, make_private_folder, narrow_file, translated_os_error

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX matter")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> object:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_folders_and_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    make_private_file(tmp_path / "a" / "b" / "file")
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700
    assert mode(tmp_path / "a" / "b" / "file") == 0o600


def test_wider_modes_are_narrowed_and_nothing_is_added(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "folder" / "file"
    folder.mkdir()
    folder.chmod(0o755)
    file.write_bytes(b"kept")
    file.chmod(0o644)
    make_private_folder(folder)
    make_private_file(file)
    assert (mode(folder), mode(file), file.read_bytes()) == (0o700, 0o600, b"kept")
    file.chmod(0o444)
    narrow_file(file)
    assert mode(file) == 0o400


def test_narrowing_a_file_that_is_not_there_is_fine(tmp_path: Path) -> None:
    narrow_file(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_a_folder_that_everyone_shares_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(NotPrivate, match="share"):
        make_private_folder(tmp_path)
    assert mode(tmp_path) == 0o1777


def test_a_link_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "file").symlink_to(elsewhere)
    with pytest.raises(Damaged):
        make_private_file(tmp_path / "file")
    assert not elsewhere.exists()


def test_a_folder_in_the_place_of_the_file_or_the_reverse_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(Damaged):
        make_private_file(tmp_path / "file")
    (tmp_path / "folder").write_text("")
    with pytest.raises(Damaged):
        make_private_folder(tmp_path / "folder")
    with pytest.raises(ReadOnly):
        make_private_folder(tmp_path / "folder" / "below")


def test_a_full_disk_is_told_apart_from_a_forbidden_one(tmp_path: Path) -> None:
    import errno

    assert isinstance(translated_os_error(OSError(errno.ENOSPC, ""), tmp_path), DiskFull)
    assert isinstance(translated_os_error(OSError(errno.EDQUOT, ""), tmp_path), DiskFull)
    assert isinstance(translated_os_error(PermissionError(errno.EACCES, ""), tmp_path), ReadOnly)
