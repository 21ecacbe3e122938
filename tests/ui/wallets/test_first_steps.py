"""Before any wallet is connected, the page says that none is needed, and what is easiest."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.wallets.first_steps import FirstSteps


def test_a_phone_needs_nothing_and_a_wallet_is_one_press_away(qtbot: QtBot) -> None:
    steps = FirstSteps()
    qtbot.addWidget(steps)
    said = " ".join(part.text() for part in steps.findChildren(QLabel))
    for words in ("Nothing to connect", "Nostr Wallet Connect", "l402desk --sandbox"):
        assert words in said
    with qtbot.waitSignal(steps.add_pressed):
        steps.add.click()


def test_play_money_that_is_there_is_not_recommended(qtbot: QtBot) -> None:
    steps = FirstSteps()
    qtbot.addWidget(steps)
    steps.show_play(True)
    said = " ".join(part.text() for part in steps.findChildren(QLabel) if part.isVisibleTo(steps))
    assert "Two ways" in said
    assert "--sandbox" not in said
    steps.show_play(False)
    assert "Three ways" in " ".join(part.text() for part in steps.findChildren(QLabel))
