"""The answer pane is in exactly one of four states, and the answer's warnings are said above it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from l402desk.client.answer import Answer
from l402desk.client.errors import Kind, SendError, Trouble
from l402desk.ui.request.response import ANSWERED, EMPTY, FAILED, SENDING, ResponsePane
from l402desk.ui.request.timing_view import Step
from l402desk.ui.style import Appearance
from tests.ui.request.samples import HOSTILE, answer_of

TROUBLE = Trouble(Kind.DROPPED, "The answer is cut off", "The connection ended early.", "Send it again.")


@pytest.fixture
def pane(qtbot: QtBot) -> ResponsePane:
    made = ResponsePane()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    return made


def find_button(pane: ResponsePane, name: str) -> QAbstractButton:
    found = pane.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def test_it_begins_empty_and_says_what_to_do(pane: ResponsePane) -> None:
    assert pane.page == EMPTY
    assert any("Send a request" in found.text() for found in pane.findChildren(QLabel) if found.isVisible())


def test_sending_can_be_cancelled(pane: ResponsePane, qtbot: QtBot) -> None:
    pane.show_sending()
    assert pane.page == SENDING
    with qtbot.waitSignal(pane.cancel_requested):
        find_button(pane, "cancelSendButton").click()
    pane.show_empty()


def test_an_error_can_be_tried_again(pane: ResponsePane, qtbot: QtBot) -> None:
    pane.show_error(SendError(TROUBLE))
    assert pane.page == FAILED
    with qtbot.waitSignal(pane.retry_requested):
        find_button(pane, "retryButton").click()


def test_an_answer_has_status_body_headers_and_timing(pane: ResponsePane) -> None:
    pane.show_answer(answer_of(), steps=(Step("Payment", 5.0),))
    assert pane.page == ANSWERED
    for name in ("responseStatus", "responseTabs", "responseBody", "responseHeaders", "responseTiming"):
        assert isinstance(pane.findChild(QWidget, name), QWidget), name
    tabs = pane.findChild(QTabWidget, "responseTabs")
    assert isinstance(tabs, QTabWidget)
    assert [tabs.tabText(at) for at in range(3)] == ["Body", "Headers 1", "Timing"]


def test_the_body_tools_stand_beside_the_body_only(pane: ResponsePane) -> None:
    pane.show_answer(answer_of())
    tabs = pane.findChild(QTabWidget, "responseTabs")
    assert isinstance(tabs, QTabWidget)
    assert find_button(pane, "saveBodyButton").isVisible()
    tabs.setCurrentIndex(1)
    assert not find_button(pane, "saveBodyButton").isVisible()
    tabs.setCurrentIndex(0)
    assert find_button(pane, "saveBodyButton").isVisible()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (replace(answer_of(), trouble=TROUBLE), "cut off"),
        (replace(answer_of(status=302), redirect_refused="It leads elsewhere."), "redirect was not followed"),
        (replace(answer_of(), undecoded="It is compressed with br."), "as it was received"),
        (replace(answer_of(), authorization_replaced=True), "held token"),
    ],
)
def test_what_kept_the_answer_from_being_plain_is_said(pane: ResponsePane, answer: Answer, words: str) -> None:
    pane.show_answer(answer)
    notice = pane.findChild(QFrame, "responseNotice")
    assert isinstance(notice, QFrame)
    assert notice.isVisible()
    assert words in notice.accessibleName()
    pane.show_answer(answer_of())
    assert not notice.isVisible()


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_body_breaks_the_pane(pane: ResponsePane, name: str, qtbot: QtBot) -> None:
    pane.show_answer(answer_of(HOSTILE[name], reason="<img src='/dev/zero'>", more_headers=(("X", "<b>" * 999),)))
    body = pane.findChild(QPlainTextEdit, "responseBody")
    assert isinstance(body, QPlainTextEdit)
    assert body.toPlainText()
    pane.grab()
    pane.show_empty()


def test_progress_does_not_set_the_clock_back(pane: ResponsePane, qtbot: QtBot) -> None:
    facts = pane.findChild(QLabel, "sendingFacts")
    assert facts is not None
    pane.show_sending()
    qtbot.waitUntil(lambda: "ms" in facts.text() or " s" in facts.text())
    pane.show_sending(2_000_000)
    assert "2.0 MB received" in facts.text()
    assert "ms" in facts.text() or " s ·" in facts.text()
    pane.show_empty()


def test_in_a_narrow_pane_every_tab_can_be_pressed(pane: ResponsePane, dressed: Appearance) -> None:
    pane.resize(383, 300)  # what is left of the smallest window
    pane.show_answer(answer_of(more_headers=tuple((f"X-{number}", "1") for number in range(9))))
    QApplication.processEvents()
    tabs = pane.findChild(QTabWidget, "responseTabs")
    assert tabs is not None
    bar = tabs.tabBar()
    assert bar.rect().contains(bar.tabRect(bar.count() - 1))
    assert not [arrow for arrow in bar.findChildren(QToolButton) if arrow.isVisible()]


def test_a_message_in_the_answer_keeps_away_from_the_edge_and_the_status(
    pane: ResponsePane, dressed: Appearance
) -> None:
    pane.show_answer(replace(answer_of(), trouble=TROUBLE))
    QApplication.processEvents()
    notice = pane.findChildren(QFrame, "responseNotice")[0]
    status = pane.findChildren(QLabel, "responseStatus")[0]
    assert notice.mapTo(pane, QPoint()).x() >= 12
    assert notice.mapTo(pane, QPoint()).y() > status.mapTo(pane, status.rect().bottomLeft()).y() + 4
