"""A notice says what happened and offers what can be done, without taking the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import LIGHT
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.notice import NoticeBar


def test_it_is_not_there_until_something_happened(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()


def test_an_action_is_told_by_its_word(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar(name="payNotice")
    qtbot.addWidget(bar)
    bar.show_notice("warning", "The wallet does not answer", "It may still pay.", [("look-up", "Look again")])
    assert bar.accessibleName() == "Caution: The wallet does not answer"
    pressed = bar.findChild(QPushButton, "payNoticeLookUpButton")
    assert pressed is not None
    with qtbot.waitSignal(bar.action_pressed) as told:
        QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
    assert told.args == ["look-up"]


def test_the_next_notice_replaces_the_actions_of_the_last(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_notice("info", "One", "", [("a", "A"), ("b", "B")])
    bar.show_notice("good", "Two")
    assert [b.text() for b in bar.findChildren(QPushButton) if b.isVisible()] == []


def test_dismissing_hides_it_and_says_so(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_notice("good", "Paid 21 sats")
    cross = bar.findChild(QToolButton, "noticeBarClose")
    assert cross is not None
    with qtbot.waitSignal(bar.dismissed):
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_a_notice_that_must_stay_has_no_cross(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar(dismissible=False)
    qtbot.addWidget(bar)
    bar.show_notice("danger", "Not safe to pay")
    cross = bar.findChild(QToolButton, "noticeBarClose")
    assert cross is not None
    assert not cross.isVisible()


def test_typing_goes_on_while_it_appears(qtbot: QtBot, dressed: Appearance) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    field, bar = QLineEdit(), NoticeBar()
    column = QVBoxLayout(page)
    column.addWidget(field)
    column.addWidget(bar)
    page.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    bar.show_notice("danger", "The connection was lost", "Try again.", [("again", "Try again")])
    QTest.keyClicks(field, "typing")
    assert field.text() == "typing"


def test_its_ground_shows_the_severity_and_changes_with_it(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.resize(400, 80)
    for severity, role in (("danger", "danger"), ("good", "good")):
        bar.show_notice(severity, "Title", "Sentence")
        assert bar.grab().toImage().pixelColor(200, bar.height() - 4).name() == LIGHT.soft(role)


def test_markup_of_a_server_stays_text(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_notice("info", "<b>bold</b>", "<img src='/dev/zero'>")
    texts = [part.text() for part in bar.findChildren(type(bar._title))]
    assert texts == ["<b>bold</b>", "<img src='/dev/zero'>"]


def test_tab_goes_from_the_cross_to_the_actions_and_then_on(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    bar, after = NoticeBar(), QPushButton("After")
    column.addWidget(bar)
    column.addWidget(after)
    page.show()
    bar.show_notice("warning", "Title", "Words.", (("one", "One"), ("two", "Two")))
    chain: list[str] = []
    found: QWidget | None = page
    for _ in range(40):
        found = found.nextInFocusChain() if found else None
        if isinstance(found, QAbstractButton):
            chain.append(found.text())
    assert chain[:4] == ["", "One", "Two", "After"]


def test_a_narrow_message_asks_for_the_height_of_all_it_says(qtbot: QtBot, dressed: Appearance) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.show_notice("warning", "Paid, but not delivered yet", "It is kept in the vault. " * 8, [("again", "Try again")])
    bar.resize(900, 400)
    wide = bar.minimumSizeHint().height()
    bar.resize(320, 400)
    narrow = bar.minimumSizeHint().height()
    assert narrow > wide
    button = bar.findChild(QPushButton, "noticeBarAgainButton")
    assert button is not None
    bar.resize(320, narrow)
    qtbot.waitUntil(lambda: button.mapTo(bar, button.rect().bottomLeft()).y() < bar.height())
