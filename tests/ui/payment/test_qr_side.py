"""An invoice leaves by code, clipboard or link while it may be paid, and by no door otherwise."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.payment.qr_side import LargeQr, QrSide
from l402desk.ui.style import Appearance
from tests.fakes.invoices import mint_invoice

INVOICE = mint_invoice()


@pytest.fixture
def side(qtbot: QtBot, dressed: Appearance) -> QrSide:
    made = QrSide()
    qtbot.addWidget(made)
    made.show()
    return made


def drawn(qtbot: QtBot, side: QrSide, invoice: str = INVOICE) -> None:
    side.show_invoice(invoice)
    qtbot.waitUntil(lambda: bool(side.code.modules))


def doors(side: QrSide) -> list[bool]:
    return [control.isEnabled() for control in (side.copy, side.open_wallet, side.enlarge)]


def test_without_an_invoice_every_door_is_shut(side: QrSide) -> None:
    assert doors(side) == [False, False, False]
    assert side.code.modules == ()


def test_an_invoice_is_drawn_and_can_be_copied(qtbot: QtBot, side: QrSide) -> None:
    drawn(qtbot, side)
    assert doors(side) == [True, True, True]
    QTest.mouseClick(side.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == INVOICE


def test_a_cover_shuts_every_door_and_closes_the_large_code(qtbot: QtBot, side: QrSide) -> None:
    drawn(qtbot, side)
    side.show_large()
    (large,) = side.findChildren(LargeQr)
    assert large.isVisible()
    with qtbot.waitSignal(large.destroyed):
        side.cover("The Play wallet is paying this invoice.")
    assert doors(side) == [False, False, False]
    side.show_large()
    assert side.findChildren(LargeQr) == []
    side.cover("")
    assert doors(side) == [True, True, True]


def test_an_invoice_that_arrives_under_a_cover_stays_shut_in(side: QrSide) -> None:
    side.cover("The Play wallet is paying this invoice.")
    side.show_invoice(INVOICE)
    assert doors(side) == [False, False, False]


def test_a_code_that_comes_too_late_is_not_drawn(qtbot: QtBot, side: QrSide) -> None:
    side.show_invoice(INVOICE)
    side.show_invoice("")
    with qtbot.waitSignal(side._maker.made):
        pass
    assert side.code.modules == ()


def test_a_click_on_the_code_enlarges_it_and_esc_ends_that(qtbot: QtBot, side: QrSide) -> None:
    drawn(qtbot, side)
    QTest.mouseClick(side.code, Qt.MouseButton.LeftButton)
    (large,) = side.findChildren(LargeQr)
    with qtbot.waitSignal(large.destroyed):
        QTest.keyClick(large, Qt.Key.Key_Escape)


def test_another_invoice_closes_the_large_code_of_the_last(qtbot: QtBot, side: QrSide) -> None:
    drawn(qtbot, side)
    side.show_large()
    (large,) = side.findChildren(LargeQr)
    with qtbot.waitSignal(large.destroyed):
        side.show_invoice("")


def test_an_invoice_too_long_for_a_camera_is_only_copied(side: QrSide) -> None:
    side.show_invoice("lnbc1" + "q" * 1_500)
    note = side.findChild(QLabel, "qrTooLong")
    assert note is not None
    assert note.isVisible()
    assert doors(side) == [True, True, False]


@pytest.mark.parametrize("opened", [True, False])
def test_a_wallet_of_this_computer_is_asked_by_link(
    qtbot: QtBot, side: QrSide, monkeypatch: pytest.MonkeyPatch, opened: bool
) -> None:
    asked: list[str] = []

    def open_url(url: object) -> bool:
        asked.append(url.toString())  # type: ignore[attr-defined]
        return opened

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    told: list[bool] = []
    side.no_wallet_here.connect(lambda: told.append(True))
    drawn(qtbot, side)
    QTest.mouseClick(side.open_wallet, Qt.MouseButton.LeftButton)
    assert asked == [f"lightning:{INVOICE}"]
    assert told == ([] if opened else [True])
