"""Two processes on one home buy the same thing at the same moment: ``python -m tests.crash.two --rounds 20``.

Whatever each of them says, money leaves once: the database stops the second. Exit status 1 if it did not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.crash.flows import Buy
from tests.crash.homes import import_everything, look, stretch_quickly
from tests.harness.dying import start
from tests.harness.market import market

AT_ONCE = 2


def round_of(flow: Buy, folder: Path, name: str, at_once: int) -> tuple[list[int], list[str]]:
    """Their exit statuses, and what was wrong."""
    home = flow.template.copy_to(folder / name)
    with open(os.devnull, "wb") as nowhere:
        processes = [
            start(flow.main(home, name), home.environ, nowhere.fileno(), nowhere.fileno()) for _ in range(at_once)
        ]
        for process in processes:
            process.go()
        statuses = [process.wait(60) for process in processes]
    paid = flow.market.paid(flow.path(name))
    wrong = [] if len(paid) <= 1 else [f"money left {len(paid)} times"]
    wrong += [f"one ended with status {status}" for status in statuses if status not in (0, 3, 4)]
    openly = [p for p in look(home).at(flow.path(name)) if p["state"] in ("intent", "submitted", "unknown")]
    wrong += [f"{len(openly)} purchases of the same are open"] if len(openly) > 1 else []
    wrong += flow.trouble(home, name)
    home.remove()
    return statuses, wrong


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash.two")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    options = parser.parse_args(argv)
    import_everything()
    stretch_quickly()
    began = time.monotonic()
    wrong: list[str] = []
    both = 0
    with tempfile.TemporaryDirectory(prefix="two-") as folder, market(Path(folder) / "market") as stalls:
        flow = Buy(stalls, Path(folder) / "homes")
        for number in range(options.rounds):
            statuses, found = round_of(flow, Path(folder) / "homes", f"round-{number}", options.at_once)
            both += statuses.count(0) > 1
            wrong += [f"round {number}: {sentence}" for sentence in found]
    print(
        f"two at once: {options.rounds} rounds of {options.at_once} processes, both answered in {both},"
        f" {len(wrong)} wrong, {time.monotonic() - began:.0f} s"
    )
    for sentence in wrong[:20]:
        print(f"  {sentence}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
