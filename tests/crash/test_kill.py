"""A sample of the kills; `python -m tests.crash.kill` does them all."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from tests.crash.kill import RIGHT, points_of
from tests.crash.tally import Tally, spread
from tests.harness.dying import Point
from tests.harness.market import ROOT


def test_every_call_of_every_kind_is_a_point() -> None:
    assert points_of(Counter(write=1, fsync=2)) == [Point("fsync", 1), Point("fsync", 2), Point("write", 1)]


def test_fewer_points_are_spread_over_all() -> None:
    assert spread(range(10), 3) == [0, 3, 6]
    assert spread(range(3), 10) == [0, 1, 2]
    assert spread(range(3), None) == [0, 1, 2]


def test_tallies_add_up() -> None:
    tally = Tally("buy", points=1, killed=1, calls=7, wrong=["a"])
    tally.add(Tally("buy", points=2, killed=1, calls=7, wrong=["b"]))
    assert tally.sentence == "3 points of 7 writes, 2 killed there, 2 wrong"


def run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    """The harness forks: it runs in a process that has neither threads nor Qt."""
    ended = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    if ended.returncode == 2:
        pytest.skip(ended.stderr.strip())
    return ended


@pytest.mark.parametrize("flow", RIGHT)
def test_a_flow_that_is_killed_loses_nothing_and_pays_once(flow: str) -> None:
    ended = run("tests.crash.kill", "--flow", flow, "--points", "4")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "4 points of" in ended.stdout
    assert " 0 killed" not in ended.stdout


def test_the_wrong_order_is_seen_to_pay_twice() -> None:
    ended = run("tests.crash.kill", "--flow", "careless")
    assert ended.returncode == 1
    assert "money left 2 times" in ended.stdout


def test_a_purchase_killed_at_random_times_pays_once() -> None:
    ended = run("tests.crash.kill", "--flow", "buy", "--random", "4")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "of 4 killed at random times, 0 wrong" in ended.stdout


def test_a_disk_that_fails_costs_no_money_and_no_token() -> None:
    ended = run("tests.crash.faults", "--points", "6")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count("6 cases of") == 2
