"""How a session asks for work on the I/O thread: the few words of `IoThread` that it uses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from l402desk.worker.call import Call

if TYPE_CHECKING:
    from l402desk.services import Services

Report = Callable[[object], None]
Job = Callable[["Services"], Awaitable[object]]
ReportingJob = Callable[["Services", Report], Awaitable[object]]


class Io(Protocol):
    """Runs jobs beside the window; `l402desk.worker.thread.IoThread` is the real one."""

    def submit(self, job: Job) -> Call: ...

    def submit_reporting(self, job: ReportingJob) -> Call: ...
