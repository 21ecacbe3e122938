"""The left half of the payment: the code to scan, and the other ways to hand the invoice to a wallet."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.payment.qr import MOST_CHARACTERS, Modules, QrMaker, qr_text
from l402desk.ui.payment.qr_view import RING, QrView
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import CopyButton, button, icon_button
from l402desk.ui.widgets.text import label


class QrSide(QWidget):
    """Shows one invoice as a code. `no_wallet_here` tells that this computer opens no ``lightning:`` link."""

    no_wallet_here = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._invoice = ""
        self.code = QrView()
        self._maker = QrMaker(self)
        self.copy = CopyButton("Copy invoice", name="copyInvoiceButton")
        self.open_wallet = button("Open wallet", name="openWalletButton", icon="phone")
        self.enlarge = icon_button("expand", name="enlargeQrButton", label="Enlarge the code")
        self._too_long = label(
            "This invoice is too long for a code that phones can read. Copy it instead.",
            wrap=True, role="dim", name="qrTooLong",
        )  # fmt: skip
        self._maker.made.connect(self._show_code)
        self.open_wallet.clicked.connect(self._open_wallet)
        self.enlarge.clicked.connect(self.show_large)
        self.code.clicked.connect(self.show_large)
        self._lay_out()
        self._allow()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(RING, 0, RING, 0)
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.copy, 1)
        row.addWidget(self.open_wallet, 1)
        row.addWidget(self.enlarge)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(self.code, 1)
        column.addWidget(self._too_long)
        column.addLayout(row)

    def show_invoice(self, invoice: str) -> None:
        """Draw this invoice; an empty one clears the code. Only after its intent is on the disk (law 2)."""
        if invoice == self._invoice:
            return
        self._invoice = invoice
        self.code.show_modules(())
        self._close_large()
        self._allow()
        if invoice and self._fits():
            self._maker.make(qr_text(invoice))

    def cover(self, reason: str) -> None:
        """While a wallet pays, nothing here may lead a second one to the same invoice (law 3)."""
        self.code.cover(reason)
        if reason:
            self._close_large()
        self._allow()

    def _fits(self) -> bool:
        return len(self._invoice) <= MOST_CHARACTERS

    def _allow(self) -> None:
        """An invoice that is covered, or not there yet, leaves by no door."""
        payable = bool(self._invoice) and not self.code.is_covered
        self.copy.set_payload(self._invoice if payable else "")
        self.open_wallet.setEnabled(payable)
        self.enlarge.setEnabled(payable and self._fits())
        self._too_long.setVisible(payable and not self._fits())

    def _close_large(self) -> None:
        for large in self.findChildren(LargeQr):
            large.close()

    @Slot(object, object)
    def _show_code(self, text: str, modules: Modules) -> None:
        if self._invoice and text == qr_text(self._invoice):
            self.code.show_modules(modules)

    @Slot()
    def _open_wallet(self) -> None:
        if not QDesktopServices.openUrl(QUrl(f"lightning:{self._invoice}")):
            self.no_wallet_here.emit()

    @Slot()
    def show_large(self) -> None:
        """The same code as large as the screen."""
        if self.code.is_covered or not self.code.modules:
            return
        self._close_large()
        LargeQr(self.code.modules, self).showMaximized()


class LargeQr(QDialog):
    """One code, nothing else; a click or Esc ends it."""

    def __init__(self, modules: Modules, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Invoice as QR code")
        self.setObjectName("largeQr")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        code = QrView()
        code.setObjectName("largeInvoiceQr")
        code.setAccessibleName("Invoice as a large QR code")
        code.show_modules(modules)
        code.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.LARGE, GAP.LARGE, GAP.LARGE)
        column.addWidget(code)
