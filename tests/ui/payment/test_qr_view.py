"""What is drawn can be read back by a scanner, in whole pixels and both themes, and not while it is covered."""

from __future__ import annotations

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from l402desk.ui.payment.qr import modules_of, qr_text
from l402desk.ui.payment.qr_view import QUIET_ZONE, QrView
from l402desk.ui.style import apply_style
from tests.ui.payment.test_qr import invoice_of


@pytest.fixture
def view(qtbot: QtBot) -> QrView:
    made = QrView()
    qtbot.addWidget(made)
    made.resize(342, 342)
    made.show_modules(modules_of(qr_text(invoice_of(300))))
    return made


def picture(view: QrView, scale: float = 1.0) -> QImage:
    image = QImage(int(view.width() * scale), int(view.height() * scale), QImage.Format.Format_Grayscale8)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.black)
    view.render(image)
    return image


def scanned(image: QImage) -> str | None:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = memoryview(grey.constBits()).cast("B", (grey.height(), grey.bytesPerLine()))
    found = zxingcpp.read_barcode(rows)
    return found.text if found else None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_scanner_reads_the_invoice_in_both_themes(view: QrView, qapp: QApplication, theme: str) -> None:
    appearance = apply_style(qapp, "dark" if theme == "dark" else "light")
    assert scanned(picture(view)) == qr_text(invoice_of(300))
    appearance.choose("system")


def test_a_module_is_a_whole_number_of_device_pixels(view: QrView) -> None:
    assert view.module_size() == 342 // (len(view.modules) + 2 * QUIET_ZONE)
    side = view.module_size() * (len(view.modules) + 2 * QUIET_ZONE)
    left = (342 - side) // 2
    assert {picture(view).pixelColor(x, 171).value() for x in range(left, left + side)} == {0, 255}


def test_a_covered_code_cannot_be_scanned_and_says_why(view: QrView) -> None:
    view.cover("The Play wallet is paying this invoice.")
    assert scanned(picture(view)) is None
    view.uncover()
    assert scanned(picture(view)) is not None


def test_a_click_or_the_enter_key_asks_for_a_larger_code(view: QrView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.clicked):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.clicked):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_an_empty_view_draws_paper_only(qtbot: QtBot) -> None:
    view = QrView()
    qtbot.addWidget(view)
    view.resize(320, 320)
    assert scanned(picture(view)) is None
