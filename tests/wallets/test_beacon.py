"""A sandbox is found while it runs, and what is left of one that ended leads nowhere."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from l402desk.wallets.beacon import MOST_FILES, USUAL, announced, places

pytestmark = pytest.mark.anyio


def folder(cache: Path) -> Path:
    made = cache / "sandboxes"
    made.mkdir(parents=True, exist_ok=True)
    return made


async def test_a_sandbox_is_found_while_it_runs(tmp_path: Path) -> None:
    assert places(tmp_path) == (USUAL,)
    async with announced(tmp_path, "http://127.0.0.1:9001"):
        (file,) = folder(tmp_path).iterdir()
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert places(tmp_path) == ("http://127.0.0.1:9001", USUAL)
    assert places(tmp_path) == (USUAL,)
    assert list(folder(tmp_path).iterdir()) == []


async def test_the_newest_comes_first_and_none_twice(tmp_path: Path) -> None:
    async with announced(tmp_path, "http://127.0.0.1:9001"):
        (old,) = folder(tmp_path).iterdir()
        os.utime(old, (1, 1))
        async with announced(tmp_path, "http://127.0.0.1:9002"), announced(tmp_path, USUAL):
            assert set(places(tmp_path)[:2]) == {"http://127.0.0.1:9002", USUAL}
            assert places(tmp_path)[2:] == ("http://127.0.0.1:9001",)


@pytest.mark.skipif(os.name != "posix", reason="only there can a process be asked whether it runs")
async def test_what_a_killed_sandbox_left_is_ignored_and_swept_away(tmp_path: Path) -> None:
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await ended.wait()
    left = folder(tmp_path) / f"{ended.pid}-abcd.url"
    left.write_text("http://127.0.0.1:9001")
    assert places(tmp_path) == (USUAL,)
    async with announced(tmp_path, "http://127.0.0.1:9002"):
        assert not left.exists()


@pytest.mark.parametrize(
    "text", ["", "8402 8402", "http://10.0.0.1:80", "https://127.0.0.1", "\xff", "a" * 100_000, "http://[::1", "\n"]
)
def test_a_file_that_leads_off_this_computer_or_nowhere_is_ignored(tmp_path: Path, text: str) -> None:
    (folder(tmp_path) / f"{os.getpid()}-a.url").write_text(text, encoding="latin-1")
    assert places(tmp_path) == (USUAL,)


def test_files_of_strangers_and_folders_do_no_harm(tmp_path: Path) -> None:
    (folder(tmp_path) / "no number-a.url").write_text("http://127.0.0.1:9001")
    (folder(tmp_path) / f"{'9' * 40}-a.url").mkdir()
    for number in range(3 * MOST_FILES):
        (folder(tmp_path) / f"{os.getpid()}-{number}.url").write_text(f"http://127.0.0.1:{9000 + number}")
    assert MOST_FILES - 1 <= len(places(tmp_path)) <= MOST_FILES + 1


async def test_a_folder_that_cannot_be_made_keeps_no_sandbox_from_running(tmp_path: Path) -> None:
    (tmp_path / "sandboxes").write_text("in the way")
    async with announced(tmp_path, "http://127.0.0.1:9001"):
        assert places(tmp_path) == (USUAL,)
