"""Lets the disk fail at each of a purchase's calls, once or for good: ``python -m tests.crash.faults``.

Nothing may be paid without an intent that is on the disk, nobody may be shown a traceback, and once the fault is gone
the same command must finish what was begun, having paid once. ``--points N`` takes so many cases of all, evenly.
Exit status 1 if anything was wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.crash.flows import FLOWS, Buy
from tests.crash.homes import DATABASE, Home, import_everything, look, stretch_quickly
from tests.crash.tally import Tally, in_workers, spread
from tests.harness.dying import Ended, Point, can_trace, count_calls, fail_at
from tests.harness.market import market

FAULTS = {
    "pwrite64": ("ENOSPC", "EIO", "EROFS", "EDQUOT"),
    "fdatasync": ("EIO", "ENOSPC"),
    "fsync": ("EIO",),
    "ftruncate": ("EIO", "ENOSPC"),
    "write": ("ENOSPC", "EIO"),
    "mkdir": ("ENOSPC", "EACCES", "EROFS"),
    "openat": ("EACCES", "EROFS", "EIO"),
}
"""The calls that can fail on a disk, each with the errors it can give."""
FLOWS_TRIED = ("buy", "resume")
STATUSES = (0, 1, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one point."""

    point: Point
    error: str
    for_good: bool

    @property
    def name(self) -> str:
        return f"{self.point.call}-{self.point.number}-{self.error}-{'good' if self.for_good else 'once'}"

    def __str__(self) -> str:
        return f"{self.error} from {self.point}{' on' if self.for_good else ', once'}"


def cases_of(calls: Counter[str]) -> list[Case]:
    return [
        Case(Point(call, number), error, for_good)
        for call, errors in FAULTS.items()
        for error in errors
        for number in range(1, calls[call] + 1)
        for for_good in (False, True)
    ]


def own_files(home: Home) -> tuple[str, ...]:
    """The files whose opening fails: the app's own. A machine on which nothing can be opened starts nothing."""
    file = home.folder / DATABASE
    return tuple(f"{file}{end}" for end in ("", "-wal", "-shm", "-journal"))


def fail_once(flow: Buy, folder: Path, case: Case, tally: Tally) -> None:
    home = flow.template.copy_to(folder / "faulty")
    only = own_files(home) if case.point.call == "openat" else ()
    ended = fail_at(flow.main(home, case.name), home.environ, case.point, case.error, for_good=case.for_good, only=only)
    tally.points += 1
    tally.killed += ended.status != 0
    wrong = [*_unspoken(ended, case), *_unbacked(flow, home, case.name), *flow.trouble(home, case.name)]
    tally.wrong += [f"{flow.name}, {case}: {sentence}" for sentence in wrong]
    home.remove()


def _unspoken(ended: Ended, case: Case) -> list[str]:
    """The app ends with a status of its own and says why in a sentence."""
    if ended.status not in STATUSES or "Traceback" in ended.err:
        return [f"status {ended.status}: {ended.err.strip()[-400:]}"]
    if ended.status == 0 or case.point.call == "write":  # where nothing can be written nothing can be said
        return []
    try:
        message = json.loads(ended.out)["message"] or ""
    except (ValueError, KeyError):
        message = ended.err.strip()
    return [] if len(str(message)) > 20 else [f"status {ended.status} without a word: {ended.out} {ended.err}"]


def _unbacked(flow: Buy, home: Home, name: str) -> list[str]:
    """Every payment whose money left has an intent that was committed before."""
    path = flow.path(name)
    paid = flow.market.paid(path)
    if not paid:
        return []
    states = {str(purchase["hash"]): purchase["state"] for purchase in look(home).at(path)}
    return [
        f"money left and the ledger says {states.get(payment_hash)}"
        for payment_hash in paid
        if states.get(payment_hash) not in ("submitted", "unknown", "settled")
    ]


def tallied(name: str, most: int | None, share: tuple[int, int]) -> Tally:
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, market(Path(folder) / "market") as stalls:
        homes = Path(folder) / "homes"
        flow = FLOWS[name](stalls, homes)
        assert isinstance(flow, Buy)
        home = flow.template.copy_to(homes / "counted")
        ended, calls = count_calls(flow.main(home, "counted"), home.environ, tuple(set(FAULTS) - {"openat"}))
        assert ended.status == 0, ended.err
        home.remove()
        home = flow.template.copy_to(homes / "faulty")
        _, opened = count_calls(flow.main(home, "opened"), home.environ, ("openat",), only=own_files(home))
        home.remove()
        calls += opened
        tally = Tally(name, calls=len(cases_of(calls)))
        for number, case in enumerate(spread(cases_of(calls), most)):
            if number % share[1] == share[0]:
                fail_once(flow, homes, case, tally)
        return tally


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.faults")
    parser.add_argument("--flow", choices=FLOWS_TRIED, action="append")
    parser.add_argument("--points", default="all", help="all (default), or so many of each flow")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=int, nargs=2, metavar=("INDEX", "OF"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if can_trace():
        print(f"no faults: {can_trace()}", file=sys.stderr)
        return 2
    most = None if options.points == "all" else int(options.points)
    if options.share:
        import_everything()
        stretch_quickly()
        print(json.dumps(asdict(tallied(options.flow[0], most, tuple(options.share)))), flush=True)
        return 0
    failed = False
    for name in options.flow or FLOWS_TRIED:
        began = time.monotonic()
        chosen = ["--flow", name, "--points", options.points]
        for tally in in_workers("tests.crash.faults", chosen, options.workers):
            failed = failed or bool(tally.wrong)
            print(
                f"disk faults, {name}: {tally.points} cases of {tally.calls}, {tally.killed} stopped the command,"
                f" {len(tally.wrong)} wrong, {time.monotonic() - began:.0f} s",
                flush=True,
            )
            for sentence in tally.wrong[:20]:
                print(f"  {sentence}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
