"""Cuts the power at random moments of a flow and looks at what is left: ``python -m tests.torn.cut --states 5000``.

Of every state must be left, whole and readable: everything that was committed, or that and the whole of the one
transaction that was being written. Prints the counts for each flow; exit status 1 if any state fails.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from l402desk.ledger.ledger import Ledger
from l402desk.services import SCHEMAS
from l402desk.store import passphrase
from l402desk.store.database import Database
from l402desk.store.unlock import unlock
from l402desk.vault.vault import Vault
from tests.schemas.make import PASSPHRASE
from tests.torn.connection import FILE, dump
from tests.torn.disk import Replay
from tests.torn.flows import FLOWS, Recorded, is_whole


@dataclass(frozen=True, slots=True)
class Loss:
    """A state in which something was wrong. ``cut`` is the operation before which the power went."""

    flow: str
    cut: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at: how many states, how many of them different, and those in which something was lost."""

    states: int
    different: int
    operations: int
    losses: tuple[Loss, ...]


def look(name: str, states: int, *, seed: int = 0) -> Seen:
    """Run a flow once and cut its power ``states`` times, each time somewhere else."""
    return asyncio.run(_look(name, states, seed))


async def _look(name: str, states: int, seed: int) -> Seen:
    with _quick_passphrases() if name == "rotating" else contextlib.nullcontext():
        return await _cut_often(name, states, seed)


@contextlib.contextmanager
def _quick_passphrases() -> Iterator[None]:
    """What makes a passphrase slow writes nothing, and would be asked for in every single state."""
    slow = passphrase._derive
    passphrase._derive = lambda words, salt, cost: hashlib.sha256(salt + words).digest()
    try:
        yield
    finally:
        passphrase._derive = slow


async def _cut_often(name: str, states: int, seed: int) -> Seen:
    recorded = await FLOWS[name]()
    chance = random.Random(f"{name} {seed}")
    operations = len(recorded.disk.log)
    replay = Replay(recorded.disk.first, recorded.disk.log)
    losses: list[Loss] = []
    different: set[int] = set()
    folder = Path(tempfile.mkdtemp(prefix="torn-"))
    try:
        for at in sorted(chance.randrange(operations + 1) for _ in range(states)):
            replay.advance(at)
            left = replay.cut(chance)
            different.add(hash(tuple(sorted(left.items()))))
            sentence = await _trouble(folder, left, recorded, replay.committed)
            if sentence:
                losses.append(Loss(name, at, sentence))
    finally:
        shutil.rmtree(folder)
    return Seen(states, len(different), operations, tuple(losses))


async def _trouble(folder: Path, left: dict[str, bytes], recorded: Recorded, committed: int) -> str:
    """What is wrong with this state, as a sentence; empty if nothing is."""
    try:
        return _lost(_put(folder / "raw", left), recorded, committed) or await _unusable(
            _put(folder / "app", left), recorded
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(folder / "raw", ignore_errors=True)
        shutil.rmtree(folder / "app", ignore_errors=True)


def _put(folder: Path, left: dict[str, bytes]) -> Path:
    folder.mkdir(mode=0o700)
    for name, content in left.items():
        (folder / name).write_bytes(content)
    return folder / FILE


def _lost(file: Path, recorded: Recorded, committed: int) -> str:
    """Look with bare eyes, before the product finishes what an update had begun."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        if not is_whole(connection):
            return "the integrity check fails"
        found = dump(connection)
    possible = recorded.history[committed : committed + 2]
    return (
        "" if found in possible else f"{committed} transactions were committed, and this is neither that nor one more"
    )


async def _unusable(file: Path, recorded: Recorded) -> str:
    """The product opens it, and every sealed value in it."""
    database = await Database.open(file, SCHEMAS)
    try:
        seal = recorded.seal or await unlock(database, passphrase=PASSPHRASE, keyring=None)
        ledger = Ledger(database, seal, time.time)
        vault = Vault(database, seal, time.time)
        for purchase in await ledger.history():
            secrets = await ledger.secrets(purchase.id)
            if (purchase.settled_at is not None) != (secrets.preimage is not None):
                return f"the proof of {purchase.path} is {'there' if secrets.preimage else 'lost'}"
        for token in [*await vault.list(), *await vault.list(trashed=True)]:
            if not token.is_intact:
                return f"the token {token.title} does not open"
        return "" if await database.read(is_whole) else "the integrity check fails after it was opened"
    finally:
        await database.close()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torn.cut")
    parser.add_argument("--states", type=int, default=500, help="of each flow (default: 500)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--flow", choices=sorted(FLOWS), action="append")
    options = parser.parse_args(argv)
    lost = 0
    for name in options.flow or sorted(FLOWS):
        began = time.monotonic()
        seen = look(name, options.states, seed=options.seed)
        lost += len(seen.losses)
        print(
            f"torn writes, {name}: {seen.states} states ({seen.different} different) of {seen.operations} operations,"
            f" {len(seen.losses)} with a loss, {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for loss in seen.losses[:10]:
            print(f"  power cut before operation {loss.cut}: {loss.sentence}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
