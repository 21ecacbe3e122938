"""The one thread that does I/O: it runs an asyncio loop, and reports home by one queued signal."""

from __future__ import annotations

import contextlib
import functools
import itertools
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot

from l402desk.worker.call import Call, Cancelled, Failed, Outcome, Succeeded
from l402desk.worker.messages import Message, Opened, OpenFailed, Progressed, Settled
from l402desk.worker.throttle import Throttle

if TYPE_CHECKING:
    import asyncio  # at run time only on the loop's own thread: the window's first frame need not wait for it

log = logging.getLogger(__name__)

Services = TypeVar("Services")
Report = Callable[[object], None]
Job = Callable[[Services], Awaitable[object]]
ReportingJob = Callable[[Services, Report], Awaitable[object]]


class IoThread(QThread, Generic[Services]):
    """Runs jobs on its own asyncio loop and settles their calls on the GUI thread.

    Owned by the composition root, which calls ``begin`` once and ``close`` before the process ends.
    ``opened`` or ``open_failed`` follows a ``begin``, on the GUI thread, unless ``close`` came first.
    """

    opened = Signal()
    open_failed = Signal(object)
    _home = Signal(object)  # a Message: the only thing the loop ever emits

    def __init__(
        self,
        open_services: Callable[[], AbstractAsyncContextManager[Services]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_services = open_services
        self._numbers = itertools.count(1)
        # Touched by the GUI thread only:
        self._calls: dict[int, Call] = {}
        self._waiting: dict[int, ReportingJob[Services]] | None = {}  # None once the loop takes jobs itself
        # Touched by the loop only:
        self._tasks: dict[int, asyncio.Task[object]] = {}
        # Each is written by one side, then read by the other, in opposite order: one of them sees both.
        self._closing = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = False
        self._failure: BaseException | None = None
        self._home.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self.finished.connect(self._abandon, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Start the thread and return at once."""
        if self.isRunning() or self.isFinished() or self._closing:
            raise RuntimeError("an I/O thread begins once")
        self.start()

    def submit(self, job: Job[Services]) -> Call:
        """Run ``job(services)`` on the loop, as soon as the services are open.

        Safe at any time. The call fails with the opening's error if there will be no services, and is
        cancelled if the thread is closed first.
        """
        return self.submit_reporting(functools.partial(_without_report, job))

    def submit_reporting(self, job: ReportingJob[Services]) -> Call:
        """Run ``job(services, report)``; what the job reports, on the loop, comes home as ``call.progress``.

        At most twenty values a second pass; the newest always does, before the call settles.
        """
        number = next(self._numbers)
        call = Call(functools.partial(self._cancel, number))
        self._calls[number] = call
        if self._failure is not None:
            self._home.emit(Settled(number, Failed(self._failure)))
        elif self._closing or self.isFinished():
            self._home.emit(Settled(number, Cancelled()))
        elif self._waiting is not None:
            self._waiting[number] = job
        else:
            self._post(self._spawn, number, job)
        return call

    def close(self, deadline_ms: int = 5000) -> bool:
        """Cancel what is in flight, close the services, stop; every call has settled on return.

        Safe at any time, also while the services are being opened, and twice. False means that a job, or the
        opening, did not let go within ``deadline_ms``: its thread still runs, so the process must be left by
        ``os._exit``.
        """
        self._closing = True
        self._post(self._begin_stop)
        stopped = self.wait(deadline_ms) if self.isRunning() else True
        QCoreApplication.sendPostedEvents(self)
        self._abandon()
        return stopped

    def _cancel(self, number: int) -> None:
        if self._waiting is not None and number in self._waiting:
            del self._waiting[number]
            self._home.emit(Settled(number, Cancelled()))  # queued: nobody is called back inside their own cancel()
        else:
            self._post(self._cancel_task, number)

    def _post(self, function: Callable[..., object], *args: object) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nothing left to tell it
                loop.call_soon_threadsafe(function, *args)

    @Slot(object)
    def _receive(self, message: Message) -> None:
        match message:
            case Opened():
                self._release()
            case OpenFailed(error):
                self._abandon()
                if not self._closing:
                    self.open_failed.emit(error)
            case Progressed(number, value):
                if call := self._calls.get(number):
                    call.progress.emit(value)
            case Settled(number, outcome):
                if call := self._calls.pop(number, None):
                    call.settle(outcome)

    def _release(self) -> None:
        """Hand the loop what was submitted before it could take it."""
        if self._closing:
            return
        waiting, self._waiting = self._waiting or {}, None
        for number, job in waiting.items():
            self._post(self._spawn, number, job)
        self.opened.emit()

    @Slot()
    def _abandon(self) -> None:
        """Settle what the loop will never report: it never opened, has ended, or is past its deadline."""
        if self._waiting is not None:
            self._waiting.clear()
        calls, self._calls = self._calls, {}  # a slot may submit again: that call settles on the next turn
        for call in calls.values():
            call.settle(Cancelled() if self._failure is None else Failed(self._failure))

    # Everything below runs on the loop's thread.

    def run(self) -> None:
        """The thread's life; Qt calls it."""
        import asyncio  # noqa: PLC0415 - on the loop only

        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._open:
                self._failure = error
                log.exception("the I/O thread ended")
            elif self._closing:
                log.debug("closed while opening", exc_info=error)
            else:
                self._failure = error
                self._home.emit(OpenFailed(error))

    async def _serve(self) -> None:
        import asyncio  # noqa: PLC0415 - on the loop only

        self._stop = asyncio.Event()
        self._main = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        if self._closing:
            return
        async with self._open_services() as self._services:
            self._open = True
            self._home.emit(Opened())
            await self._stop.wait()
            tasks = list(self._tasks.values())
            for task in tasks:
                _cancel_once(task)
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin_stop(self) -> None:
        self._stop.set()
        if not self._open and self._main is not None:
            _cancel_once(self._main)

    def _spawn(self, number: int, job: ReportingJob[Services]) -> None:
        if self._stop.is_set():
            self._home.emit(Settled(number, Cancelled()))
            return
        import asyncio  # noqa: PLC0415 - on the loop only

        throttle = Throttle(functools.partial(self._progress, number))
        task = asyncio.create_task(self._perform(job, throttle.report), name=f"job {number}")
        self._tasks[number] = task
        task.add_done_callback(functools.partial(self._report, number, throttle))

    async def _perform(self, job: ReportingJob[Services], report: Report) -> object:
        return await job(self._services, report)

    def _cancel_task(self, number: int) -> None:
        if task := self._tasks.get(number):
            _cancel_once(task)

    def _progress(self, number: int, value: object) -> None:
        self._home.emit(Progressed(number, value))

    def _report(self, number: int, throttle: Throttle, task: asyncio.Task[object]) -> None:
        # A done callback, not a `finally` in the job: a task cancelled before its first step runs no code.
        del self._tasks[number]
        throttle.flush()
        if task.cancelled():
            outcome: Outcome = Cancelled()
        elif error := task.exception():
            outcome = Failed(error)
        else:
            outcome = Succeeded(task.result())
        self._home.emit(Settled(number, outcome))


def _cancel_once(task: asyncio.Task[Any]) -> None:
    """A second cancellation would interrupt the clean-up that the first one began."""
    if not task.cancelling():
        task.cancel()


async def _without_report(job: Job[Services], services: Services, _report: Report) -> object:
    return await job(services)
