"""What was done to a flow and what came of it, counted over several processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.harness.market import ROOT

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What was done to one flow and what came of it. ``wrong`` are sentences, each with its point."""

    flow: str
    points: int = 0
    killed: int = 0
    calls: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.points += other.points
        self.killed += other.killed
        self.calls = max(self.calls, other.calls)
        self.wrong += other.wrong

    @property
    def sentence(self) -> str:
        return f"{self.points} points of {self.calls} writes, {self.killed} killed there, {len(self.wrong)} wrong"


def spread(points: Sequence[T], most: int | None) -> list[T]:
    """At most so many of them, evenly, and never the first ones alone."""
    if most is None or most >= len(points):
        return list(points)
    return [points[index * len(points) // most] for index in range(most)]


def in_workers(module: str, options: Sequence[str], workers: int) -> list[Tally]:
    """A module in several processes, each with its share; their tallies added up, one per flow."""
    command = [sys.executable, "-m", module, *options]
    processes = [
        subprocess.Popen([*command, "--share", str(index), str(workers)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for index in range(workers)
    ]
    tallies: dict[str, Tally] = {}
    for process in processes:
        out, _ = process.communicate()
        if process.returncode not in (0, 1):
            raise RuntimeError(f"a worker ended with status {process.returncode}")
        for line in out.splitlines():
            tally = Tally(**json.loads(line))
            tallies.setdefault(tally.flow, Tally(tally.flow)).add(tally)
    return list(tallies.values())
