"""The first line of an answer says code, reason, time and size, and a sign says what the colour says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from l402desk.client.answer import Timings
from l402desk.ui.request.status_line import StatusLine, severity_of
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.icon_view import IconView
from tests.ui.request.samples import answer_of


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    made = StatusLine()
    qtbot.addWidget(made)
    return made


def facts(line: StatusLine) -> str:
    found = line.findChild(QLabel, "responseFacts")
    assert isinstance(found, QLabel)
    return found.text()


@pytest.mark.parametrize(
    ("status", "severity"),
    [(200, "good"), (204, "good"), (301, "info"), (101, "info"), (404, "warning"), (503, "danger"), (999, "danger")],
)
def test_each_class_of_status_has_its_severity(status: int, severity: str) -> None:
    assert severity_of(status) == severity


def test_code_reason_time_size_and_version_are_said(line: StatusLine) -> None:
    line.show_answer(answer_of(b"x" * 1_400, status=404, reason="Not Found"))
    assert line.status.text() == "404 Not Found"
    assert facts(line) == "58 ms · 1.4 kB · HTTP/1.1"


def test_the_sign_differs_with_the_severity(line: StatusLine) -> None:
    signs = set()
    for status in (200, 302, 404, 500):
        line.show_answer(answer_of(status=status))
        sign = line.findChild(IconView)
        assert isinstance(sign, IconView)
        signs.add(sign.shown)
    assert len({name for name, _tint in signs}) == 4


def test_what_was_not_measured_is_left_out_and_redirects_are_counted(line: StatusLine) -> None:
    answer = replace(answer_of(b"ab", timings=Timings()), redirects=("http://a/", "http://b/"))
    line.show_answer(answer)
    assert facts(line) == "2 B · HTTP/1.1 · 2 redirects"


def test_a_long_hostile_reason_stays_on_one_line_and_is_plain(line: StatusLine) -> None:
    line.resize(300, 40)
    line.show_answer(answer_of(reason="<h1>" + "x" * 5_000))
    assert "<h1>" in line.status.text()
    assert line.minimumSizeHint().width() < 400
    assert line.status.accessibleName().startswith("Good: status 200")


def test_a_token_that_was_sent_is_told_and_one_that_was_not_is_not(line: StatusLine) -> None:
    line.resize(700, 40)
    line.show_answer(answer_of(), "sent with your token · use 2")
    token = line.findChild(QLabel, "responseToken")
    assert token is not None
    assert token.text() == "sent with your token · use 2"
    assert not token.isHidden()
    line.show_answer(answer_of())
    assert token.isHidden()


def test_where_it_is_narrow_the_status_and_the_token_stand_before_the_facts(
    line: StatusLine, dressed: Appearance
) -> None:
    line.show()
    line.resize(367, 40)
    line.show_answer(answer_of(), "sent with your token · use 2")
    QApplication.processEvents()
    assert line.status.width() >= line.status.sizeHint().width()
    assert facts(line) == "58 ms"
    line.resize(800, 40)
    assert facts(line).endswith("HTTP/1.1")
