"""Every measured part is a named bar with its figure; what was not measured is not shown as zero."""

from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from l402desk.client.answer import Timings
from l402desk.ui.request.timing_view import Step, TimingView, steps_of


@pytest.fixture
def view(qtbot: QtBot) -> TimingView:
    made = TimingView()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def words(view: TimingView) -> list[str]:
    QApplication.processEvents()  # a new row is shown by its layout in the next turn
    return [found.text() for found in view.findChildren(QLabel) if found.isVisible()]


def test_parts_come_in_the_order_they_happened_with_connection_as_one() -> None:
    steps = steps_of(Timings(1.0, 2.0, 10.0, 40.0, 5.0, 58.0))
    assert [(step.name, step.ms) for step in steps] == [
        ("Look-up and connection", 3.0),
        ("TLS handshake", 10.0),
        ("Waiting for the first byte", 40.0),
        ("Download", 5.0),
    ]


def test_a_kept_connection_shows_no_connecting() -> None:
    assert [step.name for step in steps_of(Timings(first_byte_ms=1.0))] == ["Waiting for the first byte"]


def test_a_payment_has_its_own_row_and_counts_in_the_total(view: TimingView) -> None:
    view.show_timings(Timings(first_byte_ms=40.0, total_ms=60.0), (Step("Payment, Play wallet", 940.0, "accent"),))
    shown = words(view)
    assert shown[:2] == ["Payment, Play wallet", "940 ms"]  # it came before the answer
    assert "Waiting for the first byte" in shown
    assert shown[-2:] == ["Total", "1.0 s"]


def test_another_answer_replaces_the_rows(view: TimingView, qtbot: QtBot) -> None:
    view.show_timings(Timings(first_byte_ms=40.0, total_ms=60.0))
    view.show_timings(Timings(body_ms=2.0, total_ms=3.0))
    assert words(view) == ["Download", "2.0 ms", "Total", "3.0 ms"]


def test_nothing_measured_says_so(view: TimingView) -> None:
    view.show_timings(Timings())
    assert words(view) == ["Nothing was measured for this answer."]


def test_a_bar_speaks_its_figure(view: TimingView) -> None:
    view.show_timings(Timings(tls_ms=14.0, total_ms=14.0))
    names = [child.accessibleName() for child in view.findChildren(QWidget)]
    assert "TLS handshake: 14 ms" in names


@pytest.mark.parametrize("ms", [-1.0, math.nan])
def test_a_step_without_a_real_duration_cannot_be_built(ms: float) -> None:
    with pytest.raises(ValueError, match="duration"):
        Step("x", ms)
