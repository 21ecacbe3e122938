"""While sending the pane says what happens and for how long; a failure says why and what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.client.errors import Kind, Trouble
from l402desk.ui.request.response_states import FailedPage, SendingPage


def test_the_time_is_said_after_a_moment_with_what_has_come(qtbot: QtBot) -> None:
    page = SendingPage()
    qtbot.addWidget(page)
    page.begin()
    facts = page.findChild(QLabel, "sendingFacts")
    words = page.findChild(QLabel, "sendingWords")
    assert isinstance(facts, QLabel)
    assert isinstance(words, QLabel)
    assert facts.text() == " "
    page.tell("Receiving the answer…", 2_000_000)
    assert words.text() == "Receiving the answer…"
    qtbot.waitUntil(lambda: "ms · 2.0 MB received" in facts.text())
    page.end()


def test_a_failure_has_title_sentence_and_remedy(qtbot: QtBot) -> None:
    page = FailedPage()
    qtbot.addWidget(page)
    page.show()
    page.show_error(Trouble(Kind.REFUSED, "No server answers there", "<b>why</b>", "Start it."))
    shown = [found.text() for found in page.findChildren(QLabel) if found.isVisible() and found.text()]
    assert shown == ["No server answers there", "<b>why</b>", "Start it."]


def test_without_a_remedy_there_is_no_empty_line(qtbot: QtBot) -> None:
    page = FailedPage()
    qtbot.addWidget(page)
    page.show()
    page.show_error(Trouble(Kind.TLS, "a", "b"))
    remedy = page.findChild(QLabel, "errorRemedy")
    assert isinstance(remedy, QLabel)
    assert not remedy.isVisible()
