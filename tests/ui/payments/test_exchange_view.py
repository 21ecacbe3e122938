"""The exchange in its own window: masked, revealed while a button is held, forgotten when it closes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.engine.exchange_text import Exchange
from l402desk.session.payment import Opened
from l402desk.ui.payments.exchange_view import ExchangeDialog
from l402desk.ui.style import Appearance

MASKED = Exchange("GET /\nAuthorization: L402 ••", "402 ••", "", True)
REVEALED = Exchange("GET /\nAuthorization: L402 secret:proof", "402 secret", "", False)


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance) -> ExchangeDialog:
    made = ExchangeDialog()
    qtbot.addWidget(made)
    made.show_purchase("one", "GET api.example/v1")
    made.show_exchange(Opened("one", MASKED))
    return made


def shown(dialog: ExchangeDialog) -> str:
    return "\n".join(view.toPlainText() for view in (dialog.request, dialog.asked, dialog.answer))


def test_it_asks_for_the_masked_messages_and_shows_them(qtbot: QtBot, dressed: Appearance) -> None:
    made = ExchangeDialog()
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.wanted) as asked:
        made.show_purchase("one", "GET api.example/v1")
    assert asked.args == ["one", False]
    assert made.isVisible()
    made.show_exchange(Opened("one", MASKED))
    assert made.request.toPlainText() == MASKED.request
    assert "Nothing was delivered yet" in made.answer.toPlainText()
    title = made.findChild(QLabel, "exchangeTitle")
    assert title is not None
    assert title.text() == "GET api.example/v1"


def test_secrets_show_while_the_button_is_held_and_not_a_moment_longer(dialog: ExchangeDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.wanted) as asked:
        QTest.mousePress(dialog.reveal, Qt.MouseButton.LeftButton)
    assert asked.args == ["one", True]
    assert "secret" not in shown(dialog)
    dialog.show_exchange(Opened("one", REVEALED))
    assert "secret:proof" in shown(dialog)
    QTest.mouseRelease(dialog.reveal, Qt.MouseButton.LeftButton)
    assert "secret" not in shown(dialog)
    assert dialog.request.toPlainText() == MASKED.request


def test_the_keyboard_holds_it_too(dialog: ExchangeDialog) -> None:
    dialog.reveal.setFocus()
    QTest.keyPress(dialog.reveal, Qt.Key.Key_Space)
    dialog.show_exchange(Opened("one", REVEALED))
    assert "secret:proof" in shown(dialog)
    QTest.keyRelease(dialog.reveal, Qt.Key.Key_Space)
    assert "secret" not in shown(dialog)


def test_secrets_that_come_too_late_are_not_shown(dialog: ExchangeDialog) -> None:
    QTest.mouseClick(dialog.reveal, Qt.MouseButton.LeftButton)
    dialog.show_exchange(Opened("one", REVEALED))
    assert "secret" not in shown(dialog)


def test_another_purchases_messages_are_not_shown(dialog: ExchangeDialog) -> None:
    dialog.show_exchange(Opened("two", Exchange("other", "other", "other", True)))
    assert "other" not in shown(dialog)


def test_closing_forgets_it(dialog: ExchangeDialog) -> None:
    QTest.mousePress(dialog.reveal, Qt.MouseButton.LeftButton)
    dialog.show_exchange(Opened("one", REVEALED))
    dialog.close_button.click()
    assert shown(dialog).strip() == ""
    dialog.show_exchange(Opened("one", REVEALED))
    assert shown(dialog).strip() == ""
    assert "secret" not in repr(vars(dialog))
