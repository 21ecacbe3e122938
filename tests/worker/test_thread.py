"""The real thread, no project code: every way a job can begin, end, or be cut off."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from l402desk.worker.call import Call, Cancelled, Failed, Succeeded
from l402desk.worker.thread import IoThread, Report


class Tools:
    """What the jobs of these tests get."""

    def __init__(self) -> None:
        self.closed = False


OpenTools = Callable[[], AbstractAsyncContextManager[Tools]]


@asynccontextmanager
async def open_tools() -> AsyncIterator[Tools]:
    tools = Tools()
    yield tools
    tools.closed = True


@pytest.fixture
def io(qtbot: QtBot) -> Iterator[IoThread[Tools]]:
    thread = IoThread(open_tools)
    with qtbot.waitSignal(thread.opened):
        thread.begin()
    yield thread
    assert thread.close()


async def seven(_tools: Tools) -> int:
    return 7


async def for_ever(_tools: Tools) -> None:
    await asyncio.Event().wait()


def settled(qtbot: QtBot, call: Call) -> object:
    qtbot.waitUntil(lambda: call.outcome is not None)
    return call.outcome


def test_a_job_gets_the_services_and_its_value_comes_home(qtbot: QtBot, io: IoThread[Tools]) -> None:
    async def job(tools: Tools) -> bool:
        await asyncio.sleep(0)
        return tools.closed

    assert settled(qtbot, io.submit(job)) == Succeeded(False)


def test_an_error_of_a_job_comes_home_as_it_is(qtbot: QtBot, io: IoThread[Tools]) -> None:
    error = ValueError("no")

    async def job(_tools: Tools) -> None:
        await asyncio.sleep(0)
        raise error

    outcome = settled(qtbot, io.submit(job))
    assert isinstance(outcome, Failed)
    assert outcome.error is error


def test_a_job_that_raises_before_it_is_a_coroutine_fails_too(qtbot: QtBot, io: IoThread[Tools]) -> None:
    def job(_tools: Tools) -> Awaitable[None]:
        raise LookupError("at once")

    outcome = settled(qtbot, io.submit(job))
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, LookupError)


class Receiver(QObject):
    """A widget's stand-in: remembers what it was told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []
        self.values: list[object] = []

    @Slot(object)
    def take(self, value: object) -> None:
        self.threads.append(threading.get_ident())
        self.values.append(value)

    @Slot(object)
    def stumble(self, _value: object) -> None:
        raise ArithmeticError("a slot stumbled")


def test_everything_is_delivered_on_the_gui_thread_and_done_on_the_other(qtbot: QtBot, io: IoThread[Tools]) -> None:
    async def job(_tools: Tools, report: Report) -> int:
        report("half")
        return threading.get_ident()

    receiver = Receiver()
    call = io.submit_reporting(job)
    call.progress.connect(receiver.take)
    call.succeeded.connect(receiver.take)
    settled(qtbot, call)
    assert set(receiver.threads) == {threading.get_ident()}
    assert receiver.values[0] == "half"
    assert receiver.values[1] != threading.get_ident()


def test_a_running_job_is_cancelled_after_its_clean_up(qtbot: QtBot, io: IoThread[Tools]) -> None:
    cleaned: list[str] = []
    running = threading.Event()

    async def job(_tools: Tools) -> None:
        try:
            running.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            cleaned.append("yes")

    call = io.submit(job)
    assert running.wait(5)
    call.cancel()
    call.cancel()
    assert settled(qtbot, call) == Cancelled()
    assert cleaned == ["yes"]


def test_closing_does_not_interrupt_the_clean_up_of_a_cancelled_job(qtbot: QtBot) -> None:
    cleaned: list[str] = []
    cleaning = threading.Event()

    async def job(_tools: Tools) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaning.set()
            await asyncio.sleep(0.05)
            cleaned.append("yes")

    thread = IoThread(open_tools)
    with qtbot.waitSignal(thread.opened):
        thread.begin()
    call = thread.submit(job)
    settled(qtbot, thread.submit(seven))  # so the job before it has begun
    call.cancel()
    assert cleaning.wait(5)
    assert thread.close()
    assert call.outcome == Cancelled()
    assert cleaned == ["yes"]


def test_cancelling_before_the_first_step_is_told_every_time(qtbot: QtBot, io: IoThread[Tools]) -> None:
    for _ in range(200):
        call = io.submit(for_ever)
        call.cancel()
        assert settled(qtbot, call) == Cancelled()


def test_cancelling_after_the_end_changes_nothing(qtbot: QtBot, io: IoThread[Tools]) -> None:
    call = io.submit(seven)
    assert settled(qtbot, call) == Succeeded(7)
    call.cancel()
    assert settled(qtbot, io.submit(seven)) == Succeeded(7)
    assert call.outcome == Succeeded(7)


def test_closing_settles_twenty_jobs_in_flight(qtbot: QtBot) -> None:
    for _ in range(50):
        thread = IoThread(open_tools)
        with qtbot.waitSignal(thread.opened):
            thread.begin()
        calls = [thread.submit(for_ever) for _ in range(20)]
        assert thread.close()
        assert [call.outcome for call in calls] == [Cancelled()] * 20


def test_submits_that_race_with_closing_all_settle(qtbot: QtBot) -> None:
    for number in range(100):
        thread = IoThread(open_tools)
        with qtbot.waitSignal(thread.opened) if number % 2 else nullcontext():
            thread.begin()
        calls = [thread.submit(seven if number % 3 else for_ever) for _ in range(number % 7)]
        assert thread.close()
        assert all(isinstance(call.outcome, Succeeded | Cancelled) for call in calls)


def test_a_job_submitted_after_closing_is_cancelled_on_the_next_turn(qtbot: QtBot) -> None:
    thread = IoThread(open_tools)
    thread.begin()
    assert thread.close()
    call = thread.submit(seven)
    assert call.outcome is None
    assert settled(qtbot, call) == Cancelled()


def test_closing_twice_is_harmless(io: IoThread[Tools]) -> None:
    assert io.close()
    assert io.close()


def test_closing_leaves_the_services_after_the_jobs_have_ended(qtbot: QtBot) -> None:
    tools = Tools()
    seen: list[bool] = []

    @asynccontextmanager
    async def opener() -> AsyncIterator[Tools]:
        yield tools
        tools.closed = True

    async def job(given: Tools) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            seen.append(given.closed)

    thread = IoThread(opener)
    with qtbot.waitSignal(thread.opened):
        thread.begin()
    began = thread.submit(seven)
    thread.submit(job)
    settled(qtbot, began)
    qtbot.wait(20)
    assert thread.close()
    assert seen == [False]
    assert tools.closed


def test_five_thousand_jobs_at_once_all_come_home(qtbot: QtBot, io: IoThread[Tools]) -> None:
    async def echo(number: int) -> int:
        await asyncio.sleep(0)
        return number

    def job(number: int) -> Callable[[Tools], asyncio.Future[int]]:
        return lambda _tools: asyncio.ensure_future(echo(number))

    calls = [io.submit(job(number)) for number in range(5000)]
    qtbot.waitUntil(lambda: all(call.outcome is not None for call in calls), timeout=30_000)
    assert [call.outcome for call in calls] == [Succeeded(number) for number in range(5000)]


def test_a_receiver_deleted_in_flight_is_not_called(qtbot: QtBot, io: IoThread[Tools]) -> None:
    receiver = Receiver()
    values = receiver.values
    call = io.submit(seven)
    call.succeeded.connect(receiver.take)
    del receiver
    gc.collect()
    assert settled(qtbot, call) == Succeeded(7)
    assert values == []


def test_a_slot_that_stumbles_does_not_stop_the_others(qtbot: QtBot, io: IoThread[Tools]) -> None:
    stumbling, fine, ends = Receiver(), Receiver(), Receiver()
    with qtbot.captureExceptions() as exceptions:
        call = io.submit(seven)
        call.succeeded.connect(stumbling.stumble)
        call.succeeded.connect(fine.take)
        with qtbot.waitSignal(call.finished):
            pass
    assert [kind for kind, _value, _trace in exceptions] == [ArithmeticError]
    assert fine.values == [7]
    assert ends.values == []


# Opening


@asynccontextmanager
async def broken_tools() -> AsyncIterator[Tools]:
    await asyncio.sleep(0)
    raise PermissionError("the folder is not ours")
    yield Tools()


def test_beginning_returns_before_the_services_are_open(qtbot: QtBot) -> None:
    gate = threading.Event()

    @asynccontextmanager
    async def slow() -> AsyncIterator[Tools]:
        await asyncio.to_thread(gate.wait)
        yield Tools()

    thread = IoThread(slow)
    begun = time.monotonic()
    thread.begin()
    call = thread.submit(seven)
    assert time.monotonic() - begun < 1
    qtbot.wait(30)
    assert call.outcome is None
    with qtbot.waitSignal(thread.opened):
        gate.set()
    assert settled(qtbot, call) == Succeeded(7)
    assert thread.close()


def test_jobs_submitted_before_the_beginning_run_in_their_order(qtbot: QtBot) -> None:
    order: list[int] = []

    def job(number: int) -> Callable[[Tools], asyncio.Future[None]]:
        async def note() -> None:
            order.append(number)

        return lambda _tools: asyncio.ensure_future(note())

    thread = IoThread(open_tools)
    calls = [thread.submit(job(number)) for number in range(5)]
    thread.begin()
    calls += [thread.submit(job(number)) for number in range(5, 10)]
    for call in calls:
        settled(qtbot, call)
    assert order == list(range(10))
    assert thread.close()


def test_a_failing_opening_is_told_and_fails_what_waited(qtbot: QtBot) -> None:
    thread = IoThread(broken_tools)
    receiver = Receiver()
    thread.open_failed.connect(receiver.take)
    early = thread.submit(seven)
    with qtbot.waitSignal(thread.open_failed):
        thread.begin()
    assert isinstance(receiver.values[0], PermissionError)
    assert receiver.threads == [threading.get_ident()]
    assert early.outcome == Failed(receiver.values[0])
    assert settled(qtbot, thread.submit(seven)) == Failed(receiver.values[0])
    assert thread.close()


def test_a_job_that_waits_for_the_opening_can_be_cancelled(qtbot: QtBot) -> None:
    thread = IoThread(open_tools)
    call = thread.submit(seven)
    call.cancel()
    assert call.outcome is None, "nobody is called back inside their own cancel()"
    thread.begin()
    assert settled(qtbot, call) == Cancelled()
    assert thread.close()


def test_closing_during_the_opening_cancels_it(qtbot: QtBot) -> None:
    cleaned: list[str] = []

    @asynccontextmanager
    async def never() -> AsyncIterator[Tools]:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append("yes")
        yield Tools()

    thread = IoThread(never)
    said = Receiver()
    thread.open_failed.connect(said.take)
    thread.begin()
    call = thread.submit(seven)
    qtbot.wait(30)
    assert thread.close()
    assert call.outcome == Cancelled()
    assert cleaned == ["yes"]
    qtbot.wait(10)
    assert said.values == []


def test_closing_a_thread_that_never_began_settles_its_jobs(qtbot: QtBot) -> None:
    thread = IoThread(open_tools)
    call = thread.submit(seven)
    assert thread.close()
    assert call.outcome == Cancelled()
    with pytest.raises(RuntimeError):
        thread.begin()


def test_beginning_twice_is_refused(io: IoThread[Tools]) -> None:
    with pytest.raises(RuntimeError):
        io.begin()


# Progress


def test_progress_is_thinned_and_its_last_value_arrives_in_time(qtbot: QtBot, io: IoThread[Tools]) -> None:
    async def job(_tools: Tools, report: Report) -> None:
        for number in range(2001):
            report(number)
            await asyncio.sleep(0)

    receiver = Receiver()
    call = io.submit_reporting(job)
    call.progress.connect(receiver.take)
    settled(qtbot, call)
    assert receiver.values[0] == 0
    assert receiver.values[-1] == 2000
    assert len(receiver.values) < 200


# Trouble


def test_a_thread_that_dies_fails_what_is_in_flight(
    qtbot: QtBot, io: IoThread[Tools], caplog: pytest.LogCaptureFixture
) -> None:
    async def die(_tools: Tools) -> None:
        raise SystemExit(3)

    waiting = io.submit(for_ever)
    settled(qtbot, io.submit(die))
    settled(qtbot, waiting)
    qtbot.waitUntil(io.isFinished)
    assert isinstance(settled(qtbot, io.submit(seven)), Failed)
    assert "the I/O thread ended" in caplog.text


def test_a_job_that_blocks_past_the_deadline_does_not_hold_up_the_end(qtbot: QtBot) -> None:
    gate, blocking = threading.Event(), threading.Event()

    async def block(_tools: Tools) -> None:
        blocking.set()
        gate.wait()  # the loop itself, on purpose

    thread = IoThread(open_tools)
    with qtbot.waitSignal(thread.opened):
        thread.begin()
    calls = [thread.submit(block), thread.submit(seven)]
    assert blocking.wait(5)
    assert not thread.close(deadline_ms=50)
    assert [call.outcome for call in calls] == [Cancelled(), Cancelled()]
    gate.set()
    assert thread.close()
    assert [call.outcome for call in calls] == [Cancelled(), Cancelled()]


def test_a_slot_that_submits_again_while_closing_does_not_hold_it_up(qtbot: QtBot) -> None:
    class Stubborn(QObject):
        def __init__(self, thread: IoThread[Tools]) -> None:
            super().__init__()
            self.io, self.again = thread, 0

        @Slot()
        def submit_again(self) -> None:
            self.again += 1
            if self.again < 3:
                self.io.submit(for_ever).cancelled.connect(self.submit_again)

    thread = IoThread(open_tools)
    with qtbot.waitSignal(thread.opened):
        thread.begin()
    stubborn = Stubborn(thread)
    thread.submit(for_ever).cancelled.connect(stubborn.submit_again)
    assert thread.close()
    qtbot.waitUntil(lambda: stubborn.again == 3)
