"""The one button sends, and cancels while sending; the method is what is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from l402desk.ui.request.request_line import METHODS, RequestLine


@pytest.fixture
def line(qtbot: QtBot) -> RequestLine:
    made = RequestLine()
    qtbot.addWidget(made)
    made.show()
    return made


def test_return_in_the_address_and_the_button_send(line: RequestLine, qtbot: QtBot) -> None:
    with qtbot.waitSignal(line.pressed):
        QTest.keyClick(line.url_bar, Qt.Key.Key_Return)
    with qtbot.waitSignal(line.pressed):
        line.send_button.click()


def test_while_sending_the_button_cancels_and_return_does_not_send_twice(line: RequestLine, qtbot: QtBot) -> None:
    line.set_sending(True)
    assert line.send_button.text() == "Cancel"
    with qtbot.assertNotEmitted(line.pressed):
        QTest.keyClick(line.url_bar, Qt.Key.Key_Return)
    with qtbot.waitSignal(line.cancelled):
        line.send_button.click()
    line.set_sending(False)
    assert line.send_button.text() == "Send"


def test_the_elapsed_time_appears_after_a_moment_only(line: RequestLine, qtbot: QtBot) -> None:
    line.set_sending(True)
    assert line.send_button.text() == "Cancel"
    qtbot.waitUntil(lambda: line.send_button.text().startswith("Cancel · 0."))
    line.set_sending(False)


@pytest.mark.parametrize(("typed", "sent"), [("post", "POST"), ("PROPFIND", "PROPFIND"), (" get ", "GET")])
def test_known_methods_are_upper_case_and_own_ones_stay(line: RequestLine, typed: str, sent: str) -> None:
    line.method_box.setCurrentText(typed)
    assert line.method == sent


def test_the_usual_methods_are_offered_in_order(line: RequestLine) -> None:
    assert tuple(line.method_box.itemText(at) for at in range(line.method_box.count())) == METHODS


def test_the_button_says_what_it_does_to_a_screen_reader(line: RequestLine) -> None:
    assert line.send_button.accessibleName() == "Send the request"
    line.set_sending(True)
    assert line.send_button.accessibleName() == "Cancel the request"
    line.set_sending(False)
