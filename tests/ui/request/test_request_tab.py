"""One tab shows what it is told and asks by signals; keys work from anywhere in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.client.errors import Kind, Trouble
from l402desk.client.request import RequestDraft
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.request.response import ANSWERED, EMPTY, FAILED, SENDING
from tests.ui.request.samples import answer_of, draft_of


def make_panel() -> QWidget:
    panel = QWidget()
    panel.setObjectName("challengePanel")
    return panel


@pytest.fixture
def tab(qtbot: QtBot) -> RequestTab:
    made = RequestTab(make_panel)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def test_each_thing_it_is_told_is_on_the_screen(tab: RequestTab) -> None:
    tab.show_sending()
    assert (tab.response.page, tab.builder.is_sending) == (SENDING, True)
    tab.show_answer(answer_of())
    assert (tab.response.page, tab.builder.is_sending) == (ANSWERED, False)
    tab.show_sending()
    tab.show_error(Trouble(Kind.TLS, "a", "b"))
    assert (tab.response.page, tab.builder.is_sending) == (FAILED, False)
    tab.show_empty()
    assert tab.response.page == EMPTY


def test_a_challenge_takes_the_answers_place_until_something_else_comes(tab: RequestTab) -> None:
    tab.show_sending()
    tab.show_challenge()
    assert tab.challenge.isVisible()
    assert not tab.response.isVisible()
    assert not tab.builder.is_sending
    tab.show_sending()
    assert not tab.challenge.isVisible()
    tab.show_empty()


def test_ctrl_enter_in_the_answer_sends_and_escape_cancels(tab: RequestTab, qtbot: QtBot) -> None:
    tab.set_draft(draft_of())
    tab.show_answer(answer_of())
    body = tab.findChild(QPlainTextEdit, "responseBody")
    assert isinstance(body, QPlainTextEdit)
    tab.activateWindow()
    body.setFocus()
    with qtbot.waitSignal(tab.send_requested) as caught:
        QTest.keyClick(body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [draft_of()]
    tab.show_sending()
    with qtbot.waitSignal(tab.cancel_requested):
        QTest.keyClick(QApplication.focusWidget() or tab, Qt.Key.Key_Escape)
    with qtbot.assertNotEmitted(tab.cancel_requested):
        tab.show_empty()
        QTest.keyClick(tab, Qt.Key.Key_Escape)


def test_escape_closes_the_find_bar_when_nothing_is_being_sent(tab: RequestTab, qtbot: QtBot) -> None:
    tab.show_answer(answer_of())
    field = tab.findChild(QLineEdit, "findField")
    opener = tab.findChild(QToolButton, "findButton")
    assert isinstance(field, QLineEdit)
    assert isinstance(opener, QToolButton)
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    opener.click()
    assert field.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_both_cancel_buttons_cancel_and_send_again_sends(tab: RequestTab, qtbot: QtBot) -> None:
    tab.set_draft(draft_of())
    tab.show_sending()
    for name in ("sendButton", "cancelSendButton"):
        button = tab.findChild(QPushButton, name)
        assert isinstance(button, QPushButton)
        with qtbot.waitSignal(tab.cancel_requested):
            button.click()
    tab.show_error(Trouble(Kind.TLS, "a", "b"))
    retry = tab.findChild(QPushButton, "retryButton")
    assert isinstance(retry, QPushButton)
    with qtbot.waitSignal(tab.send_requested):
        retry.click()


@pytest.mark.parametrize(
    ("method", "url", "title"),
    [
        ("GET", "", "New request"),
        ("GET", "http://a.example/weather?x=1", "GET /weather"),
        ("POST", "http://a.example:8080", "POST a.example:8080"),
        ("GET", "http://[broken", "GET …"),
        ("GET", "half typed", "GET half typed"),
    ],
)
def test_the_title_says_method_and_path(tab: RequestTab, method: str, url: str, title: str) -> None:
    tab.set_draft(RequestDraft(method, url))
    assert tab.title == title
    assert tab.is_blank == (not url)


def test_another_draft_clears_the_old_answer(tab: RequestTab) -> None:
    tab.show_answer(answer_of())
    tab.set_draft(draft_of("/other"))
    assert tab.response.page == EMPTY


def test_typing_changes_the_title(tab: RequestTab, qtbot: QtBot) -> None:
    bar = tab.findChild(QLineEdit, "urlBar")
    assert isinstance(bar, QLineEdit)
    with qtbot.waitSignal(tab.title_changed):
        QTest.keyClicks(bar, "h")


def test_ctrl_f_in_the_address_finds_in_the_answer(tab: RequestTab, qtbot: QtBot) -> None:
    tab.show_answer(answer_of())
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    tab.builder.focus_url()
    QTest.keyClick(tab.findChildren(QWidget, "urlBar")[0], Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert tab.findChildren(QWidget, "findField")[0].isVisible()
