"""Foreign files are read whole, bounded, and never through a link within what the user named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from l402desk.vault.foreign import files
from l402desk.vault.foreign.entries import ImportRefused
from l402desk.vault.foreign.files import folders_in, is_plain_file, is_plain_folder, read_file, real_path


def test_a_plain_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"\r\n\x1a0")
    assert read_file(tmp_path / "f") == b"\r\n\x1a0"
    assert read_file(tmp_path / "f", 4) == b"\r\n\x1a0"


def test_a_larger_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    with pytest.raises(ImportRefused, match="larger"):
        read_file(tmp_path / "f", 4)


def test_what_is_no_plain_file_is_refused_and_nobody_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "missing", "nul\0"):
        assert not is_plain_file(tmp_path / name)
        with pytest.raises(ImportRefused):
            read_file(tmp_path / name)


def test_the_users_own_link_is_followed_once(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"x")
    (tmp_path / "link").symlink_to("real")
    assert read_file(real_path(tmp_path / "link")) == b"x"


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for path in (tmp_path / "loop", tmp_path / "missing", Path("nul\0"), Path("~nobody-of-this-name/x")):
        with pytest.raises(ImportRefused, match="nothing to read"):
            real_path(path)


def test_folders_are_listed_in_order_without_links(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
    (tmp_path / "c").symlink_to("a")
    (tmp_path / "file").write_bytes(b"")
    assert [folder.name for folder in folders_in(tmp_path)] == ["a", "b"]
    assert is_plain_folder(tmp_path / "a")
    assert not is_plain_folder(tmp_path / "c")


def test_a_folder_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_ENTRIES", 2)
    for name in "abc":
        (tmp_path / name).mkdir()
    with pytest.raises(ImportRefused, match="more than 2"):
        folders_in(tmp_path)
    with pytest.raises(ImportRefused, match="cannot be read"):
        folders_in(tmp_path / "missing")
