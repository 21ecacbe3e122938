"""Idle: only time that really passed counts, only touches reset it, and sleeping through it counts as idle."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from l402desk.session.idle import AGAIN_S, LONGEST_TIMER_S, IdleWatch, running_seconds
from tests.fakes.clock import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock(1_000.0)


@pytest.fixture
def watch(qtbot: QtBot, clock: StillClock) -> Iterator[IdleWatch]:
    made = IdleWatch(clock=clock)
    made.set_minutes(5)
    yield made
    made.set_minutes(0)


@pytest.fixture
def told(watch: IdleWatch) -> list[float]:
    times: list[float] = []
    watch.idle.connect(lambda: times.append(watch._clock()))
    return times


def test_it_is_told_after_the_time_and_not_before(watch: IdleWatch, clock: StillClock, told: list[float]) -> None:
    clock.now += 299.9
    watch.look()
    assert told == []
    assert watch._timer.interval() <= 200  # the rest, and no more
    clock.now += 0.1
    watch.look()
    assert len(told) == 1


def test_a_timer_that_fires_early_or_late_changes_nothing(
    watch: IdleWatch, clock: StillClock, told: list[float]
) -> None:
    for _ in range(50):
        watch.look()
    assert told == []
    clock.now += 10_000
    watch.look()
    assert len(told) == 1


def test_a_touch_begins_anew(watch: IdleWatch, clock: StillClock, told: list[float]) -> None:
    for _ in range(10):
        clock.now += 200
        watch.touch()
        watch.look()
    assert told == []


def test_while_it_stays_idle_it_is_told_again_but_not_all_the_time(
    watch: IdleWatch, clock: StillClock, told: list[float]
) -> None:
    clock.now += 300
    watch.look()
    watch.look()
    clock.now += AGAIN_S - 1
    watch.look()
    assert len(told) == 1
    clock.now += 1
    watch.look()
    assert len(told) == 2
    watch.touch()
    clock.now += AGAIN_S
    watch.look()
    assert len(told) == 2


def test_a_touch_after_the_computer_slept_comes_too_late(
    watch: IdleWatch, clock: StillClock, told: list[float]
) -> None:
    clock.now += 8 * 3600
    watch.touch()
    assert len(told) == 1
    clock.now += 10
    watch.touch()
    assert len(told) == 1


def test_never_means_never(watch: IdleWatch, clock: StillClock, told: list[float]) -> None:
    watch.set_minutes(0)
    clock.now += 1e6
    watch.look()
    watch.touch()
    assert told == []
    assert not watch._timer.isActive()


def test_the_timer_is_never_longer_than_a_minute(watch: IdleWatch) -> None:
    assert 0 < watch._timer.interval() <= LONGEST_TIMER_S * 1000


def test_keys_and_the_mouse_in_a_window_are_touches_and_painting_is_not(
    qtbot: QtBot, watch: IdleWatch, clock: StillClock, told: list[float]
) -> None:
    window = QWindow()
    window.resize(100, 100)
    window.show()
    watch.watch(window)
    watch.watch(window)

    def is_noticed() -> bool:
        return watch._touched == clock.now

    clock.now += 200
    QTest.keyClick(window, Qt.Key.Key_A)
    qtbot.waitUntil(is_noticed, timeout=1_000)
    clock.now += 200
    QTest.mouseMove(window, QPoint(5, 5))
    qtbot.waitUntil(is_noticed, timeout=1_000)
    clock.now += 200
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))
    qtbot.waitUntil(is_noticed, timeout=1_000)
    before = watch._touched
    clock.now += 50
    watch.eventFilter(window, QEvent(QEvent.Type.Paint))
    watch.watch(None)
    assert watch._touched == before
    assert told == []
    window.close()
    window.deleteLater()


def test_the_clock_does_not_follow_the_one_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    before = running_seconds()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0 <= running_seconds() - before < 5
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert abs(running_seconds() - time.monotonic()) < 1
