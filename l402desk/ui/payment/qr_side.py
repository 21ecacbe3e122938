"""The left half of the payment: the code to scan, and the other ways to hand the invoice to a wallet."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.payment.qr import MOST_CHARACTERS, Modules, QrMaker, qr_text
from l402desk.ui.payment.qr_view import QrView
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
        self._too_long.hide()
        self._maker.made.connect(self._show_code)
        self.open_wallet.clicked.connect(self._open_wallet)
        self.enlarge.clicked.connect(self.show_large)
        self.code.clicked.connect(self.show_large)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(self.code, 1)
        column.addWidget(self._too_long)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.copy, 1)
        row.addWidget(self.open_wallet, 1)
        row.addWidget(self.enlarge)
        column.addLayout(row)

    def show_invoice(self, invoice: str) -> None:
        """Draw this invoice; an empty one clears the code. Only after its intent is on the disk (law 2)."""
        if invoice == self._invoice:
            return
        self._invoice = invoice
        self.code.show_modules(())
        self.copy.set_payload(invoice)
        fits = len(invoice) <= MOST_CHARACTERS
        self._too_long.setVisible(bool(invoice) and not fits)
        for control in (self.open_wallet, self.enlarge):
            control.setEnabled(bool(invoice))
        if invoice and fits:
            self._maker.make(qr_text(invoice))

    def cover(self, reason: str) -> None:
        """While a wallet pays, nothing here may lead a second one to the same invoice (law 3)."""
        self.code.cover(reason)
        if reason:
            for large in self.window().findChildren(LargeQr):
                large.close()
        for control in (self.copy, self.open_wallet, self.enlarge):
            control.setEnabled(not reason and bool(self._invoice))

    @Slot(object, object)
    def _show_code(self, text: str, modules: Modules) -> None:
        if text == qr_text(self._invoice):
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
        large = LargeQr(self.code.modules, self.window())
        large.showMaximized()


class LargeQr(QDialog):
    """One code, nothing else; a click or Esc ends it."""

    def __init__(self, modules: Modules, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Invoice as QR code")
        self.setObjectName("largeQr")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        code = QrView()
        code.setObjectName("largeInvoiceQr")
        code.show_modules(modules)
        code.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.LARGE, GAP.LARGE, GAP.LARGE)
        column.addWidget(code)
