"""The I/O thread for tests of sessions: a job runs to its end, its call settles at the next turn of the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from PySide6.QtCore import QTimer

from l402desk.worker.call import Call, Cancelled, Failed, Outcome, Succeeded


class ImmediateIo:
    """`l402desk.session.io.Io` without a thread, over services that a test gives it.

    ``held`` keeps calls from settling until `let_go`; the outcomes come in the order they are let go.
    """

    def __init__(self, services: Any) -> None:
        self.services = services
        self.jobs = 0
        self.held = False
        self._waiting: list[_Settling] = []

    def submit(self, job: Callable[[Any], Awaitable[object]]) -> Call:
        return self._run(lambda _call: job(self.services))

    def submit_reporting(self, job: Callable[[Any, Callable[[object], None]], Awaitable[object]]) -> Call:
        return self._run(lambda call: job(self.services, call.progress.emit))

    def let_go(self, *order: int) -> None:
        """Settle the held calls, in this order of their numbers; all of them as they came for none."""
        waiting, self._waiting = self._waiting, []
        for number in order or range(len(waiting)):
            waiting[number].settle()

    def _run(self, start: Callable[[Call], Awaitable[object]]) -> Call:
        self.jobs += 1
        settling = _Settling()
        if self.held:
            self._waiting.append(settling)
            settling.outcome = asyncio.run(_outcome(start(settling.call)))
        else:
            settling.start = start
            QTimer.singleShot(0, settling.run)
        return settling.call


class _Settling:
    """A call and what will become of it; progress reaches only those who listen, so the job waits for them."""

    def __init__(self) -> None:
        self.call = Call(self.cancel)
        self.start: Callable[[Call], Awaitable[object]] | None = None
        self.outcome: Outcome = Cancelled()

    def cancel(self) -> None:
        self.start = None

    def run(self) -> None:
        if self.start is not None:
            self.outcome = asyncio.run(_outcome(self.start(self.call)))
        self.settle()

    def settle(self) -> None:
        self.call.settle(self.outcome)


async def _outcome(work: Awaitable[object]) -> Outcome:
    try:
        return Succeeded(await work)
    except Exception as error:  # noqa: BLE001 - as the real thread does: whatever a job raises is its outcome
        return Failed(error)
