"""Paying with a wallet takes one deliberate press of one button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.session.wallets import WalletCard
from l402desk.ui.payment.wallet_row import WalletRow
from l402desk.ui.style import Appearance

PLAY, NODE = WalletCard("Play wallet", Msat.of_sats(99_958)), WalletCard("Home node", None)


@pytest.fixture
def row(qtbot: QtBot, dressed: Appearance) -> WalletRow:
    made = WalletRow()
    qtbot.addWidget(made)
    made.show_wallets([PLAY, NODE])
    made.show()
    return made


@pytest.fixture
def pressed(row: WalletRow) -> list[object]:
    heard: list[object] = []
    row.pay_pressed.connect(heard.append)
    return heard


def test_the_button_names_the_wallet_and_the_balance_stands_beside_it(row: WalletRow) -> None:
    balance = row.findChild(QLabel, "walletBalance")
    assert balance is not None
    assert row.pay.text() == row.pay.accessibleName() == "Pay with Play wallet"
    assert balance.text() == "99\u202f958 sats"
    row.box.setCurrentIndex(1)
    assert row.pay.text() == "Pay with Home node"
    assert balance.text() == ""


def test_a_press_carries_the_chosen_wallet(row: WalletRow, pressed: list[object]) -> None:
    row.box.setCurrentIndex(1)
    QTest.mouseClick(row.pay, Qt.MouseButton.LeftButton)
    assert pressed == ["Home node"]


def test_a_refresh_keeps_the_choice(row: WalletRow) -> None:
    row.box.setCurrentIndex(1)
    row.show_wallets([PLAY, NODE])
    assert row.box.currentText() == "Home node"
    row.show_wallets([PLAY])
    assert row.box.currentText() == "Play wallet"
    assert not row.box.isVisible()


def test_without_a_wallet_there_is_no_row(row: WalletRow, pressed: list[object]) -> None:
    row.show_wallets([])
    assert not row.isVisible()
    row.pay.click()
    assert pressed == []


def test_enter_pays_on_the_button_alone(row: WalletRow, pressed: list[object]) -> None:
    assert not row.pay.isDefault()
    assert not row.pay.autoDefault()
    row.activateWindow()
    row.pay.setFocus()
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(row.pay, held)
    assert pressed == []
    QTest.keyClick(row.pay, Qt.Key.Key_Return)
    assert pressed == ["Play wallet"]
    row.box.setFocus()
    QTest.keyClick(row.box, Qt.Key.Key_Return)
    assert pressed == ["Play wallet"]


def test_an_ampersand_in_a_name_is_shown(row: WalletRow) -> None:
    row.show_wallets([WalletCard("Alice & Bob", None)])
    assert row.pay.text() == "Pay with Alice && Bob"


def test_the_first_is_chosen_at_the_beginning_and_nothing_moves_afterwards(row: WalletRow) -> None:
    row.show_wallets([NODE, PLAY], afresh=True)
    assert row.chosen == "Home node"
    row.show_wallets([PLAY, NODE])
    assert row.chosen == "Home node"
    row.show_wallets([PLAY, NODE], afresh=True)
    assert row.chosen == "Play wallet"
    row.show_wallets([NODE])
    assert row.chosen == "Home node"


def test_one_that_does_not_answer_can_be_chosen_and_says_so(row: WalletRow) -> None:
    row.show_wallets([WalletCard("Silent", None, "It is not there.")])
    assert row.findChild(QLabel, "walletBalance").text() == "does not answer now"  # type: ignore[union-attr]
    assert row.pay.isEnabled()
