"""A clock that nobody can set."""

from __future__ import annotations

import subprocess
import sys

import pytest

from l402desk.ledger.uptime import uptime


def test_it_only_grows_and_names_its_boot() -> None:
    first, second = uptime(), uptime()
    assert first.boot
    assert first.boot == second.boot
    assert 0 <= first.seconds <= second.seconds


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux names its boots")
def test_two_processes_of_one_boot_agree() -> None:
    code = "from l402desk.ledger.uptime import uptime; now = uptime(); print(now.boot, now.seconds)"
    boot, seconds = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert boot == uptime().boot
    assert abs(int(seconds) - uptime().seconds) < 60
