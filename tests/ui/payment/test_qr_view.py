"""What is drawn can be read back by a scanner, in whole pixels and both themes, and not while it is covered."""

from __future__ import annotations

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from l402desk.ui.payment.qr import modules_of, qr_text
from l402desk.ui.payment.qr_view import QUIET_ZONE, RING, SMALLEST, QrView
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
    assert view.module_size() == (342 - 2 * RING) // (len(view.modules) + 2 * QUIET_ZONE)
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
        QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.clicked):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_an_empty_view_draws_paper_only(qtbot: QtBot) -> None:
    view = QrView()
    qtbot.addWidget(view)
    view.resize(320, 320)
    assert scanned(picture(view)) is None


class Dense(QrView):
    """A view on a screen of another density."""

    ratio = 1.0

    def devicePixelRatioF(self) -> float:
        return self.ratio


@pytest.mark.parametrize("length", [271, 300, 420, 900, 1_400])
@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_the_smallest_code_is_320_pixels_wide_on_every_screen(qtbot: QtBot, ratio: float, length: int) -> None:
    view = Dense()
    qtbot.addWidget(view)
    view.ratio = ratio
    view.show_modules(modules_of(qr_text(invoice_of(length))))
    view.resize(view.minimumSizeHint())
    across = len(view.modules) + 2 * QUIET_ZONE
    assert view.module_size() * across >= SMALLEST * ratio
    assert view.module_size() * across <= (view.width() - 2 * RING) * ratio


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_it_is_read_back_at_both_densities(qtbot: QtBot, ratio: float) -> None:
    view = Dense()
    qtbot.addWidget(view)
    view.ratio = ratio
    view.show_modules(modules_of(qr_text(invoice_of(300))))
    view.resize(view.minimumSizeHint())
    assert scanned(picture(view, ratio)) == qr_text(invoice_of(300))


def test_the_focus_ring_keeps_off_the_paper(view: QrView, qtbot: QtBot) -> None:
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    image = view.grab().toImage()
    place = view._place(1.0)
    edge = [image.pixelColor(x, y).name() for x in range(place.left(), place.right() + 1) for y in (place.top(),)]
    assert set(edge) == {"#ffffff"}
    ring = image.pixelColor(place.center().x(), place.top() - RING + 2).name()
    assert ring not in ("#ffffff", "#000000")
    assert scanned(image) == qr_text(invoice_of(300))


def test_a_code_that_may_not_be_paid_takes_no_click_and_no_focus(view: QrView, qtbot: QtBot) -> None:
    view.cover("Paid.")
    assert view.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert view.accessibleDescription() == "Paid."
    with qtbot.assertNotEmitted(view.clicked):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton)
        QTest.keyClick(view, Qt.Key.Key_Return)
