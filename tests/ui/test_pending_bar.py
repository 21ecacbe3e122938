"""The bar of open payments is there while there are any."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.pending_bar import PendingBar
from l402desk.ui.style import Appearance


def text(bar: PendingBar) -> str:
    found = bar.findChild(QLabel, "pendingText")
    assert found is not None
    return found.text()


def test_it_is_hidden_until_a_payment_is_open_and_after_it_is_settled(qtbot: QtBot, dressed: Appearance) -> None:
    bar = PendingBar()
    qtbot.addWidget(bar)
    assert bar.objectName() == "pendingBar"
    assert bar.isHidden()
    bar.show_pending(["21 sats to 127.0.0.1:8402"])
    assert bar.isVisible()
    assert text(bar) == "A payment is not settled yet: 21 sats to 127.0.0.1:8402"
    bar.show_pending([])
    assert bar.isHidden()


def test_several_payments_are_counted_and_listed(qtbot: QtBot, dressed: Appearance) -> None:
    bar = PendingBar()
    qtbot.addWidget(bar)
    bar.show_pending(["21 sats to a", "5 sats to b"])
    assert text(bar) == "2 payments are not settled yet: 21 sats to a; 5 sats to b"
    assert bar.accessibleName() == text(bar)


def test_the_wallets_can_be_asked_once_more(qtbot: QtBot, dressed: Appearance) -> None:
    bar = PendingBar()
    qtbot.addWidget(bar)
    bar.show_pending(["21 sats to a"])
    button = bar.findChild(QPushButton, "pendingAskButton")
    assert button is not None
    with qtbot.waitSignal(bar.ask_requested):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_hundred_payments_do_not_widen_the_window(qtbot: QtBot, dressed: Appearance) -> None:
    bar = PendingBar()
    qtbot.addWidget(bar)
    bar.show_pending([f"21 sats to host{number}.example" for number in range(100)])
    assert bar.minimumSizeHint().width() < 400
