from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from l402desk.store.errors import ReadOnly
from l402desk.store.run_folder import LEFT_BEHIND_S, make_run_folder


def test_each_run_has_a_folder_of_its_own_for_its_user_alone(tmp_path: Path) -> None:
    first, second = (make_run_folder(tmp_path / "bodies") for _ in range(2))
    assert first != second
    assert first.stat().st_mode & 0o777 == 0o700


def test_what_a_crash_left_a_week_ago_is_removed_and_a_younger_one_is_not(tmp_path: Path) -> None:
    old, young = make_run_folder(tmp_path), make_run_folder(tmp_path)
    week = time.time() - LEFT_BEHIND_S - 60
    os.utime(old, (week, week))
    make_run_folder(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_place_that_takes_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "bodies").write_text("in the way")
    with pytest.raises(ReadOnly, match="bodies"):
        make_run_folder(tmp_path / "bodies")
