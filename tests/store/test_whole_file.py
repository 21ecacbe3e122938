"""Files appear whole or not at all, for their owner alone, and over what is there only where that was allowed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from l402desk.store.whole_file import WholeFile, writing_whole


def write(file: Path, data: bytes, *, replace: bool = False) -> None:
    with writing_whole(file, replace=replace) as out:
        out.write(data)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_for_its_owner_and_nothing_else_is_left(tmp_path: Path) -> None:
    write(tmp_path / "out", b"data")
    assert (tmp_path / "out").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600
    assert names(tmp_path) == ["out"]


def test_nothing_has_its_name_before_it_is_whole(tmp_path: Path) -> None:
    with writing_whole(tmp_path / "out") as out:
        out.write(b"half")
        out.flush()
        assert not (tmp_path / "out").exists()
        out.write(b" and half")
    assert (tmp_path / "out").read_bytes() == b"half and half"


@pytest.mark.parametrize("replace", [False, True])
def test_the_name_may_be_as_long_as_a_name_can_be(tmp_path: Path, replace: bool) -> None:
    write(tmp_path / ("é" * 127), b"data", replace=replace)
    assert names(tmp_path) == ["é" * 127]


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_there_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "out"
    if kind == "file":
        target.write_bytes(b"old")
    elif kind == "folder":
        target.mkdir()
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        write(target, b"new")
    assert names(tmp_path) == ["out"]
    assert kind != "file" or target.read_bytes() == b"old"


def test_what_is_there_is_replaced_where_that_is_allowed(tmp_path: Path) -> None:
    elsewhere, target = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.write_bytes(b"keep me")
    target.symlink_to(elsewhere)
    write(target, b"new", replace=True)
    assert (target.read_bytes(), target.is_symlink(), elsewhere.read_bytes()) == (b"new", False, b"keep me")
    assert names(tmp_path) == ["elsewhere", "out"]


@pytest.mark.parametrize("replace", [False, True])
def test_a_failing_disk_leaves_what_was_there_and_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "there").write_bytes(b"old")
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / ("there" if replace else "out"), b"data", replace=replace)
    assert names(tmp_path) == ["there"]
    assert (tmp_path / "there").read_bytes() == b"old"


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), writing_whole(tmp_path / "out") as out:
        out.write(b"half")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_file_system_without_hard_links_is_written_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_source: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", refuse)
    write(tmp_path / "out", b"data")
    with pytest.raises(FileExistsError):
        write(tmp_path / "out", b"other")
    assert (tmp_path / "out").read_bytes() == b"data"
    assert names(tmp_path) == ["out"]


def test_where_no_file_can_be_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "missing" / "out", b"data")
    with pytest.raises(ValueError, match="null"):
        write(tmp_path / "nul\0" / "out", b"data")


def test_step_by_step_it_can_be_given_up_at_any_of_them(tmp_path: Path) -> None:
    WholeFile(tmp_path / "out").discard()
    made = WholeFile(tmp_path / "out")
    made.begin().write(b"half")
    made.discard()
    made.discard()
    assert names(tmp_path) == []
