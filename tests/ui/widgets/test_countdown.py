"""The countdown says what is true, wakes when that changes, and sleeps when nobody looks."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from l402desk.ui.widgets.countdown import Countdown, time_left
from tests.fakes.clock import StillClock

NOW = 1_800_000_000.0


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture
def countdown(qtbot: QtBot, clock: StillClock) -> Countdown:
    made = Countdown(name="expiry", clock=clock)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (24, "24 s"), (59.9, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (3_900, "1 h 5 min"),
        (86_400, "24 h"), (172_799, "47 h 59 min"), (172_800, "2 d"), (6.5 * 86_400, "6 d"), (0, "0 s"),
    ],
)  # fmt: skip
def test_a_span_is_never_more_than_there_is(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


@pytest.mark.parametrize(
    ("left", "text", "role"),
    [
        (3_590, "expires in 59 min", "dim"),
        (60, "expires in 1 min", "caution"),
        (23.2, "expires in 24 s", "caution"),
        (0.4, "expires in 1 s", "caution"),
        (0, "expired", "danger"),
        (-5, "expired", "danger"),
    ],
)
def test_it_says_how_long_and_how_urgent(countdown: Countdown, left: float, text: str, role: str) -> None:
    countdown.count_to(NOW + left)
    assert countdown.text() == text
    assert countdown.property("role") == role


def test_without_an_end_it_says_nothing(countdown: Countdown) -> None:
    countdown.count_to(NOW + 5)
    countdown.count_to(None)
    assert countdown.text() == ""
    countdown.show()
    assert not countdown.is_running


def test_it_runs_only_while_it_is_seen(countdown: Countdown, clock: StillClock) -> None:
    countdown.count_to(NOW + 90)
    assert not countdown.is_running
    countdown.show()
    assert countdown.is_running
    countdown.hide()
    assert not countdown.is_running
    clock.now += 60
    countdown.show()
    assert countdown.text() == "expires in 30 s"
    assert countdown.is_running


def test_the_end_is_told_once_and_the_clock_stops(qtbot: QtBot, countdown: Countdown, clock: StillClock) -> None:
    told: list[bool] = []
    countdown.expired.connect(lambda: told.append(True))
    countdown.count_to(NOW + 10)
    countdown.show()
    clock.now += 10
    countdown.tick()
    countdown.tick()
    assert told == [True]
    assert countdown.text() == "expired"
    assert not countdown.is_running


def test_a_new_invoice_counts_anew(countdown: Countdown, clock: StillClock) -> None:
    countdown.count_to(NOW - 1)
    countdown.show()
    assert countdown.text() == "expired"
    countdown.count_to(NOW + 100)
    assert countdown.text() == "expires in 1 min"
    assert countdown.is_running


def test_it_wakes_by_itself_when_the_words_change(qtbot: QtBot, countdown: Countdown, clock: StillClock) -> None:
    countdown.count_to(NOW + 60.05)
    countdown.show()
    assert countdown.text() == "expires in 1 min"
    clock.now += 1.05
    qtbot.waitUntil(lambda: countdown.text() == "expires in 59 s", timeout=2_000)


def test_other_words_before_the_time_do_not_outlive_it(qtbot: QtBot, clock: StillClock) -> None:
    countdown = Countdown(name="other", clock=clock, prefix="another")
    qtbot.addWidget(countdown)
    countdown.count_to(NOW + 90)
    assert countdown.text() == "another 1 min"
    countdown.count_to(NOW - 1)
    assert countdown.text() == "expired"
