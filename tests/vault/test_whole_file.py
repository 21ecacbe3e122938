"""Files appear whole or not at all, for their owner alone, and never over what is there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from l402desk.vault.whole_file import NotWritten, make_folder, write_whole


def test_a_file_is_written_for_its_owner_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "out", b"data")
    assert (tmp_path / "out").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_there_stays_as_it_is_and_another_name_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(NotWritten, match=r"already.*Choose another name"):
        write_whole(tmp_path / "out", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "cannot be written"), (errno.EROFS, "cannot be")]
)
def test_a_failing_disk_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        with pytest.raises(NotWritten, match=words):
            write_whole(tmp_path / "out", b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_or_closed_is_told(tmp_path: Path) -> None:
    for target in (tmp_path / "missing" / "out", tmp_path / "nul\0"):
        with pytest.raises(NotWritten, match="cannot be written"):
            write_whole(target, b"data")


def test_folders_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    (tmp_path / "file").write_bytes(b"")
    for wrong in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(NotWritten):
            make_folder(wrong)
