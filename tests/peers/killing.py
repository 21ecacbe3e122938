"""The command line as processes with a home of their own, and killed while a real wallet is asked to pay."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.homes import DATABASE, Home, new_home
from tests.harness.market import ROOT
from tests.peers.selling import Stall

UNRESOLVED = 4
TRIES, TRY_S = 4, 5.0
"""How often a purchase is looked up again before the clock is put forward, and how long each time."""
LATER_S = (2 * 3600, 2 * 3600 + 90, 2 * 3600 + 180, 2 * 3600 + 270, 2 * 3600 + 360)
"""Seconds ahead at which it is tried once more: by then the invoice has run out, and nobody can begin to pay it."""
A_DAY_S = 86_400
_AHEAD = """
import sys, time
from l402desk.services import Services
real, ahead = time.time, float(sys.argv.pop(1))
Services.__init__.__kwdefaults__["clock"] = lambda: real() + ahead
from l402desk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
ENDS_S = 120.0
BEGAN = ("submitted", "unknown")
"""States of a payment that a wallet may have been asked for."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it said. ``status`` is negative for a signal."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


IsPaid = Callable[[str], Awaitable[bool]]
"""Of a payment hash in hexadecimal: has the payee its money?"""


class App:
    """``l402desk`` with everything that it keeps in ``folder``: started anew for each command, as in a terminal."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.home: Home = new_home(folder / "home")

    async def run(self, *words: str, within_s: float = ENDS_S, ahead_s: int = 0) -> Ran:
        """Run a command to its end, with its clock so far ahead. Raises TimeoutError, and has killed it then."""
        async with self.begun(*words, ahead_s=ahead_s) as process:
            async with asyncio.timeout(within_s):
                out, err = await process.communicate()
            assert process.returncode is not None
            return Ran(process.returncode, out.decode(), err.decode())

    async def send(self, url: str, wallet: str, *more: str, wait_s: float = 60, ahead_s: int = 0) -> Ran:
        """``send GET URL --pay`` with this wallet: a name, or a connection string."""
        words = _send(url, wallet, *more, wait_s=wait_s)
        return await self.run(*words, within_s=wait_s + ENDS_S, ahead_s=ahead_s)

    @asynccontextmanager
    async def begun(self, *words: str, ahead_s: int = 0) -> AsyncIterator[asyncio.subprocess.Process]:
        """The command as a process that runs; killed when the context ends."""
        start = ("-c", _AHEAD, str(ahead_s)) if ahead_s else ("-m", "l402desk")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *start,
            *words,
            cwd=ROOT,
            env={**os.environ, **self.home.environ},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.communicate()  # also closes its pipes

    def states(self, path: str) -> list[str]:
        """The states of the purchases at this path, as another process sees them on the disk; the oldest first."""
        file = self.home.folder / DATABASE
        try:
            with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
                found = connection.execute("SELECT state FROM purchases WHERE path = ? ORDER BY number", (path,))
                return [str(row[0]) for row in found]
        except sqlite3.OperationalError:
            return []  # not there yet, or not whole yet

    async def payments(self) -> list[dict[str, Any]]:
        return await self._listed("payments")

    async def tokens(self) -> list[dict[str, Any]]:
        return await self._listed("tokens")

    async def _listed(self, what: str) -> list[dict[str, Any]]:
        ran = await self.run(what, "list", "--json")
        assert ran.status == 0, ran.err
        found = ran.json
        return list(found if isinstance(found, list) else found[what])


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until this is so; a coroutine function is awaited each time. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            told = condition()
            if await told if isinstance(told, Awaitable) else told:
                return
            await asyncio.sleep(0.01)


async def killed_mid_payment(
    app: App,
    stall: Stall,
    wallet: str,
    *,
    is_paid: IsPaid,
    is_asked: Callable[[], object] | None = None,
    before_restart: Callable[[], Awaitable[object]] | None = None,
    after_s: float = 0.0,
    path: str = "/killed",
    ends_within_s: float = 120.0,
) -> Ran:
    """Buy at the stall, be killed (SIGKILL) while the wallet is asked, buy again: how the last command ended.

    It is killed ``after_s`` seconds after its ledger says that the wallet is being asked and ``is_asked``, if given, is
    true. ``before_restart`` sets right what held the payment up. ``is_paid`` tells of a payment hash (hexadecimal)
    whether the payee has its money. What stays open although nothing was paid is tried again with the clock put
    forward, as it would be tomorrow. Asserts that exactly one invoice was paid, that its purchase is settled and
    delivered, and that its token is kept.
    """
    url = f"{stall.url}{path}"
    async with app.begun(*_send(url, wallet, wait_s=ends_within_s)) as process:
        await until(lambda: any(state in BEGAN for state in app.states(path)) or process.returncode is not None)
        if is_asked is not None:
            await until(is_asked)
        await asyncio.sleep(after_s)
        assert process.returncode is None, f"it had ended before it was killed: {await _said(process)}"
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert process.returncode == -signal.SIGKILL
    first = [bill.payment_hash.hex for bill in stall.bills(path)]
    if before_restart is not None:
        await before_restart()
    ran = await _until_resolved(app, stall, path, wallet, is_paid, ends_within_s)
    assert ran.status == 0, f"status {ran.status}: {ran.err}{ran.out}"
    await _assert_one_purchase(app, stall, path, is_paid, first)
    return ran


async def _until_resolved(app: App, stall: Stall, path: str, wallet: str, is_paid: IsPaid, within_s: float) -> Ran:
    deadline = time.monotonic() + within_s
    url = f"{stall.url}{path}"
    ran = await app.send(url, wallet, wait_s=TRY_S)
    tries = 1
    # After some tries with nothing paid it never got as far as the wallet, as nobody can know: only time ends it.
    while ran.status == UNRESOLVED and (tries < TRIES or await _paid_of(stall, path, is_paid)):
        if time.monotonic() > deadline:
            return ran
        ran = await app.send(url, wallet, wait_s=TRY_S)
        tries += 1
    stall.expiry_s = A_DAY_S  # what is billed from now on must not have run out by the app's clock
    for ahead_s in LATER_S:
        if ran.status == UNRESOLVED:
            ran = await app.send(url, wallet, wait_s=TRY_S, ahead_s=ahead_s)
    return ran


async def _paid_of(stall: Stall, path: str, is_paid: IsPaid) -> list[str]:
    """The payment hashes of the invoices at this path that were paid."""
    return [bill.payment_hash.hex for bill in stall.bills(path) if await is_paid(bill.payment_hash.hex)]


async def _assert_one_purchase(app: App, stall: Stall, path: str, is_paid: IsPaid, first: list[str]) -> None:
    paid = await _paid_of(stall, path, is_paid)
    assert len(paid) == 1, f"{len(paid)} of {len(stall.bills(path))} invoices were paid"
    assert first, "nothing was asked before the kill"
    open_or_paid = [state for state in app.states(path) if state not in ("failed", "offered")]
    assert open_or_paid == ["settled"], app.states(path)
    bought = [payment for payment in await app.payments() if payment["payment_hash"] in paid]
    assert [(p["state"], p["delivery"]) for p in bought] == [("settled", "delivered")], bought
    kept = [token for token in await app.tokens() if token.get("payment_hash") in paid]
    assert len(kept) == 1, f"{len(kept)} tokens were kept"


def _send(url: str, wallet: str, *more: str, wait_s: float) -> tuple[str, ...]:
    return ("send", "GET", url, "--pay", "--wallet", wallet, "--json", "--wait", str(int(wait_s)), *more)


async def _said(process: asyncio.subprocess.Process) -> str:
    out, err = await process.communicate()
    return f"{out.decode()}{err.decode()}"
