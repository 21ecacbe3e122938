"""The bar of open payments is there while there are any, and tells how long, what is known and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.ui.pending_bar import Pending, PendingBar
from l402desk.ui.style import Appearance
from tests.fakes.purchased import NOW, Clock

KNOWN = "nobody knows yet whether it was paid"


def pending(host: str = "host.example", sats: int = 21, since: int = NOW - 180) -> Pending:
    return Pending(Msat.of_sats(sats), host, since, KNOWN)


def text(bar: PendingBar) -> str:
    found = bar.findChild(QLabel, "pendingText")
    assert found is not None
    return found.text()


def made(qtbot: QtBot, clock: Clock | None = None) -> PendingBar:
    bar = PendingBar(clock or Clock())
    qtbot.addWidget(bar)
    return bar


def test_it_is_hidden_until_a_payment_is_open_and_after_it_is_settled(qtbot: QtBot, dressed: Appearance) -> None:
    bar = made(qtbot)
    assert bar.objectName() == "pendingBar"
    assert bar.isHidden()
    bar.show_pending([pending()])
    assert bar.isVisible()
    assert text(bar) == f"1 payment open: 21 sats to host.example, 3 min · {KNOWN}"
    bar.show_pending([])
    assert bar.isHidden()


def test_it_counts_the_time_while_it_is_looked_at(qtbot: QtBot, dressed: Appearance) -> None:
    clock = Clock()
    bar = made(qtbot, clock)
    bar.show_pending([pending(since=NOW - 5)])
    assert "host.example, 5 s" in text(bar)
    clock.now += 120
    bar._ticks.timeout.emit()
    assert "host.example, 2 min" in text(bar)
    bar.hide()
    assert not bar._ticks.isActive()


def test_a_clock_that_was_set_back_tells_no_negative_time(qtbot: QtBot, dressed: Appearance) -> None:
    bar = made(qtbot)
    bar.show_pending([pending(since=NOW + 4_000)])
    assert "host.example, 0 s" in text(bar)


def test_several_payments_are_counted_and_listed(qtbot: QtBot, dressed: Appearance) -> None:
    bar = made(qtbot)
    bar.show_pending([pending("a"), pending("b", 5, NOW - 10)])
    assert text(bar) == "2 payments open: 21 sats to a, 3 min; 5 sats to b, 10 s"
    assert bar.accessibleName() == text(bar)


def test_the_wallets_can_be_asked_once_more_and_all_be_shown(qtbot: QtBot, dressed: Appearance) -> None:
    bar = made(qtbot)
    bar.show_pending([pending()])
    for name, signal in (("pendingAskButton", bar.ask_requested), ("pendingShowButton", bar.show_requested)):
        button = bar.findChild(QPushButton, name)
        assert button is not None
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_hundred_payments_do_not_widen_the_window(qtbot: QtBot, dressed: Appearance) -> None:
    bar = made(qtbot)
    bar.show_pending([pending(f"host{number}.example") for number in range(100)])
    assert bar.minimumSizeHint().width() < 500
