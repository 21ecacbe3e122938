"""The clients of the bench, each in a process and an environment of its own: an order in, statuses and times out."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.peers.preparing import NotHere, node_env, python_env

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LONGEST_S = 90.0


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an order: a status and the milliseconds of each request, and why there were no more."""

    statuses: tuple[int, ...]
    times_ms: tuple[float, ...]
    error: str = ""


class Client(Protocol):
    """One client. ``about`` is its version, and what its times hold besides the purchase."""

    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str: ...

    @property
    def speaks_dialects(self) -> bool:
        """Does it send what it bought as other servers than aperture take it?"""
        ...

    def order(self, url: str, reuses: int) -> Told:
        """Buy there with nothing in hand, then ask ``reuses`` times again with what was bought."""
        ...

    def close(self) -> None: ...


class Driver:
    """A client behind a driver of this folder, which lives as long as the bench: its start is in no time."""

    def __init__(self, name: str, about: str, argv: list[str | Path], node: str, cwd: Path | None = None) -> None:
        self.name, self.about, self.speaks_dialects = name, about, True
        environment = {k: v for k, v in os.environ.items() if not k.startswith("L402DESK_")}
        self._process = subprocess.Popen(
            [str(word) for word in argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "L402DESK_BENCH_NODE": node},
            cwd=cwd or ROOT,
            text=True,
        )
        self._line()  # ready

    def order(self, url: str, reuses: int) -> Told:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"url": url, "reuses": reuses}) + "\n")
        self._process.stdin.flush()
        told = self._line()
        return Told(tuple(told["statuses"]), tuple(told["times_ms"]), told.get("error") or "")

    def _line(self) -> dict[str, Any]:
        out = self._process.stdout
        assert out is not None
        readable, _, _ = select.select([out], [], [], LONGEST_S)
        if not readable:
            raise SystemExit(f"{self.name} said nothing for {LONGEST_S:.0f} seconds")
        told: dict[str, Any] = json.loads(out.readline() or "{}")
        if not told:
            raise SystemExit(f"{self.name} has ended")
        return told

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


class Buyer(Protocol):
    """A client that is a program, with what it bought in a folder of its own. Both raise where they fail."""

    def buy(self, url: str) -> object: ...

    def reuse(self, url: str) -> object: ...


class ByProcess:
    """A client that is a program: each request starts one, and that is in its times."""

    def __init__(self, name: str, about: str, new_buyer: Callable[[Path], Buyer], speaks_dialects: bool = True) -> None:
        self.speaks_dialects = speaks_dialects
        self.name, self.about = name, f"{about}, a process for each request"
        self._new_buyer = new_buyer
        self._folders = ExitStack()

    def order(self, url: str, reuses: int) -> Told:
        buyer = self._new_buyer(Path(self._folders.enter_context(tempfile.TemporaryDirectory())))
        statuses, times = [], []
        try:
            for turn in range(1 + reuses):
                began = time.perf_counter()
                (buyer.reuse if turn else buyer.buy)(url)
                times.append((time.perf_counter() - began) * 1_000)
                statuses.append(200)
        except Exception as error:  # noqa: BLE001 - whatever a client does with a server belongs into the table
            return Told(tuple(statuses), tuple(times), str(error)[:200])
        return Told(tuple(statuses), tuple(times))

    def close(self) -> None:
        self._folders.close()


def drivers(node: str) -> list[Client]:
    """Every client but lnget that can be had on this machine; what cannot is told on standard error."""
    made: list[Client] = []
    this = sys.executable
    wanted: list[tuple[str, str, Callable[[], list[str | Path]], Callable[[], Path | None]]] = [
        ("raw httpx", "three requests by hand", lambda: [this, HERE / "with_raw_httpx.py"], lambda: None),
        ("L402 Desk", "the engine, its ledger on a disk", lambda: [this, HERE / "with_desk.py"], lambda: None),
        ("l402-requests", "0.9.0", lambda: [_python("l402-requests"), HERE / "with_l402_requests.py"], lambda: None),
        ("pyl402", "0.1.2", lambda: [_python("pyl402"), HERE / "with_pyl402.py"], lambda: None),
        ("fetch402", "Alby's, 9.0.1", lambda: [_node(), HERE / "with_alby.mjs"], lambda: node_env("fetch402")),
    ]
    for name, about, argv, cwd in wanted:
        try:
            made.append(Driver(name, about, argv(), node, cwd()))
        except NotHere as error:
            print(f"without {name}: {error}", file=sys.stderr)
    return made


def _python(name: str) -> Path:
    return python_env(name, HERE / f"{name}.lock") / "bin" / "python"


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        raise NotHere("there is no node on this machine")
    return found
