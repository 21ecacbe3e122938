"""Kills flows at every write, or at random moments, restarts them and counts what was lost, doubled or broken.

``python -m tests.crash.kill``                            every point of every flow
``python -m tests.crash.kill --flow buy --points 40``     forty of them, spread evenly
``python -m tests.crash.kill --random 10000``             kills at random moments, for a release
``python -m tests.crash.kill --flow careless``            the wrong order: must show doubles (exit status 1)

Exit status 1 if anything was wrong. Each worker has a shop and a wallet of its own in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.crash.flows import FLOWS, Flow
from tests.crash.homes import DATABASE, import_everything, stretch_quickly
from tests.crash.tally import Tally, in_workers, spread
from tests.harness.dying import Point, can_trace, kill_at, points_of, run
from tests.harness.market import market

FILES = tuple(f"{DATABASE}{end}" for end in ("", "-wal", "-journal", ".restoring", ".restoring-journal"))
"""What is written by more than one thread, looked at file by file."""
RIGHT = tuple(name for name in FLOWS if name != "careless")


def kill_at_writes(flow: Flow, folder: Path, most: int | None, share: tuple[int, int] = (0, 1)) -> Tally:
    """Kill, restart and look, for this share (``index, of``) of the points."""
    home = flow.template.copy_to(folder / "counted")
    ended, points = points_of(flow.main(home, "counted"), home.environ, home.folder, FILES)
    home.remove()
    if ended.status != 0:
        raise AssertionError(f"{flow.name} does not work undisturbed: status {ended.status}, {ended.err} {ended.out}")
    tally = Tally(flow.name, calls=len(points))
    for number, point in enumerate(spread(points, most)):
        if number % share[1] == share[0]:
            _kill_once(flow, folder, point, tally)
    return tally


def _kill_once(flow: Flow, folder: Path, point: Point, tally: Tally) -> None:
    name = f"{point.call}-{point.number}-{point.file.rpartition('/')[2]}"
    home = flow.template.copy_to(folder / "killed")
    ended = kill_at(flow.main(home, name), home.environ, point, home.folder)
    tally.points += 1
    tally.killed += ended.was_killed
    tally.wrong += [f"{flow.name}, killed before {point}: {sentence}" for sentence in flow.trouble(home, name)]
    home.remove()


def kill_at_random(flow: Flow, folder: Path, times: int, seed: int, share: tuple[int, int] = (0, 1)) -> Tally:
    """Kill after a random time between none at all and a little longer than the flow takes; the seeds are fixed."""
    home = flow.template.copy_to(folder / "timed")
    began = time.monotonic()
    run(flow.main(home, "timed"), home.environ)
    takes = time.monotonic() - began
    home.remove()
    tally = Tally(flow.name)
    for number in range(share[0], times, share[1]):
        after = random.Random(f"{flow.name} {seed} {number}").uniform(0, takes * 1.1)
        name = f"random-{number}"
        home = flow.template.copy_to(folder / "killed")
        ended = run(flow.main(home, name), home.environ, kill_after=after)
        tally.points += 1
        tally.killed += ended.was_killed
        tally.wrong += [f"{flow.name}, killed after {after:.3f} s: {wrong}" for wrong in flow.trouble(home, name)]
        home.remove()
    return tally


def tallies(options: argparse.Namespace) -> Iterator[Tally]:
    for name in options.flow or RIGHT:
        with tempfile.TemporaryDirectory(prefix="crash-") as folder, market(Path(folder) / "market") as stalls:
            flow = FLOWS[name](stalls, Path(folder) / "homes")
            share = (options.share[0], options.share[1])
            if options.random:
                yield kill_at_random(flow, Path(folder) / "homes", options.random, options.seed, share)
            else:
                yield kill_at_writes(flow, Path(folder) / "homes", options.points, share)


def main(argv: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    import_everything()
    stretch_quickly()
    if can_trace() and not options.random:
        print(f"no kills: {can_trace()}", file=sys.stderr)
        return 2
    if options.share:
        found = list(tallies(options))
        for tally in found:
            print(json.dumps(asdict(tally)), flush=True)
        return int(any(tally.wrong for tally in found))
    failed = False
    for name in options.flow or RIGHT:
        began = time.monotonic()
        chosen = ["--flow", name, "--seed", str(options.seed)]
        chosen += ["--random", str(options.random)] if options.random else []
        chosen += ["--points", str(options.points)] if options.points is not None else []
        for tally in in_workers("tests.crash.kill", chosen, options.workers):
            failed = failed or bool(tally.wrong)
            what = f"{tally.killed} of {tally.points} killed at random times, {len(tally.wrong)} wrong"
            said = what if options.random else tally.sentence
            print(f"kills, {tally.flow}: {said}, {time.monotonic() - began:.0f} s", flush=True)
            for sentence in tally.wrong[:20]:
                print(f"  {sentence}")
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.kill")
    parser.add_argument("--flow", choices=sorted(FLOWS), action="append")
    parser.add_argument(
        "--points", type=_count, default=None, help="all (the default), or at most so many of each flow"
    )
    parser.add_argument("--random", type=int, default=0, metavar="N", help="kill N times at random moments instead")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=int, nargs=2, metavar=("INDEX", "OF"), help=argparse.SUPPRESS)
    return parser


def _count(text: str) -> int | None:
    return None if text == "all" else int(text)


if __name__ == "__main__":
    sys.exit(main())
