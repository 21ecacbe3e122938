"""A sample of the kills; `python -m tests.crash.kill` does them all."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.crash.kill import RIGHT
from tests.crash.tally import Tally, spread
from tests.harness.market import ROOT


def test_fewer_points_are_spread_over_all() -> None:
    assert spread(range(10), 3) == [0, 3, 6]
    assert spread(range(3), 10) == [0, 1, 2]
    assert spread(range(3), None) == [0, 1, 2]


def test_tallies_add_up() -> None:
    tally = Tally("buy", points=1, killed=1, calls=7, wrong=["a"])
    tally.add(Tally("buy", points=2, killed=1, calls=7, wrong=["b"]))
    assert tally.sentence == "3 points of 7 writes, 2 killed there, 2 wrong"


LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="strace is a Linux program")


def run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The harness forks: it runs in a process that has neither threads nor Qt."""
    ended = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    if ended.returncode == 2:
        pytest.skip(ended.stderr.strip())
    return ended


@LINUX
def test_flows_that_are_killed_lose_nothing_and_pay_once() -> None:
    ended = run("tests.crash.kill", "--flow", "buy", "--flow", "rotate", "--points", "3", "--workers", "1")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count("3 points of") == 2
    assert " 0 killed" not in ended.stdout


@LINUX
def test_the_wrong_order_is_seen_to_pay_twice() -> None:
    ended = run("tests.crash.kill", "--flow", "careless", "--workers", "1")
    assert ended.returncode == 1
    assert "money left 2 times" in ended.stdout


@LINUX
def test_a_disk_that_fails_costs_no_money_and_no_token() -> None:
    ended = run("tests.crash.faults", "--flow", "buy", "--points", "3", "--workers", "1")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 cases of" in ended.stdout


def test_every_flow_but_the_wrong_one_is_tried_by_default() -> None:
    assert set(RIGHT) == {"first", "buy", "resume", "rotate", "restore", "migrate"}
