"""Walks the money machine for many steps: ``python -m tests.money.run --steps 1000000``.

``--engine`` walks the machine over the whole engine instead, which is slower. Prints how many steps were taken, by what
they did; a law that was broken is shown as the shortest way there that Hypothesis found, and the exit status is 1.
``--seed`` takes other ways. Workers share the steps.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.harness.market import ROOT
from tests.money import engine as engine_machine
from tests.money import machine

A_LIFE = 100
"""Steps from an empty file until the next begins: long enough for every purchase to meet every other."""


def walk(steps: int, chosen_seed: int, *, engine: bool = False) -> None:
    """Take at least so many steps, in lives of at most a hundred. Raises AssertionError where a law was broken."""
    module: Any = engine_machine if engine else machine
    walker: type[RuleBasedStateMachine] = module.EngineMachine if engine else module.MoneyMachine
    number, before = 0, module.steps.total()
    while (taken := module.steps.total() - before) < steps:
        lives = min(max((steps - taken) // A_LIFE, 4), 500)
        how = settings(
            max_examples=lives,
            stateful_step_count=A_LIFE,
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=False,
            verbosity=Verbosity.normal,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(seed(chosen_seed * 1_000 + number)(walker), settings=how)
        number += 1


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.money.run")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--engine", action="store_true", help="over the whole engine")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(argv)
    if options.workers == 1:
        walk(options.steps, options.seed, engine=options.engine)
        module = engine_machine if options.engine else machine
        print(json.dumps([module.steps, module.outcomes]))
        return 0
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.money.run", "--workers", "1", *(["--engine"] if options.engine else [])]
    share = -(-options.steps // options.workers)
    processes = [
        subprocess.Popen(
            [*command, "--steps", str(share), "--seed", str(options.seed * options.workers + index)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(options.workers)
    ]
    taken: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for process in processes:
        out, _ = process.communicate()
        if process.returncode == 0:
            steps, outcomes = json.loads(out.splitlines()[-1])
            taken.update(steps)
            came.update(outcomes)
    failed = any(process.returncode for process in processes)
    said = "a law was broken" if failed else "0 laws broken"
    name = "engine machine" if options.engine else "money machine"
    print(f"{name}: {taken.total():,} steps, {said}, {time.monotonic() - began:.0f} s")
    for counted in (taken, came):
        print("  " + ", ".join(f"{name} {count:,}" for name, count in counted.most_common()))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
