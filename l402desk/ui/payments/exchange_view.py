"""Both sides of a purchase in a window of their own; the secrets in them show only while a button is held down."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from l402desk.engine.exchange_text import Exchange
from l402desk.session.payment import Opened
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.text import TextView, elided_label, label

NOT_KEPT = {
    "asked": "The answer that asked for the money was not kept.",
    "answer": "Nothing was delivered yet, or the answer was not kept.",
}


class ExchangeDialog(QDialog):
    """`wanted` carries the id of the purchase and whether its secrets are to be shown."""

    wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exchangeDialog")
        self.setWindowTitle("Exchange")
        self.setModal(True)
        self._purchase_id = ""
        self._is_held = False
        self._masked: Exchange | None = None
        self._title = elided_label(role="heading", mode="middle", name="exchangeTitle")
        self.tabs = QTabWidget()
        self.tabs.setObjectName("exchangeTabs")
        self.tabs.tabBar().setObjectName("exchangeTabBar")
        self.tabs.tabBar().setAccessibleName("Messages of the exchange")
        self.tabs.setDocumentMode(True)
        self.request = TextView(name="exchangeRequest", label="The request as it was sent")
        self.asked = TextView(name="exchangeAsked", label="The answer that asked for the money")
        self.answer = TextView(name="exchangeAnswer", label="The answer to the token")
        for view, title in ((self.request, "Request"), (self.asked, "402"), (self.answer, "Delivered")):
            self.tabs.addTab(view, title)
        self.reveal = button("Hold to show secrets", name="revealExchangeButton", icon="eye")
        self.reveal.setAutoRepeat(False)
        self.reveal.pressed.connect(self._hold)
        self.reveal.released.connect(self._let_go)
        self.close_button = button("Close", name="closeExchangeButton")
        self.close_button.clicked.connect(self.accept)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.LARGE, GAP.LARGE, GAP.LARGE)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(self._title)
        column.addWidget(self.tabs, 1)
        column.addWidget(label("Credentials, proofs, cookies and keys are masked.", role="small", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.reveal)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column.addLayout(row)

    def sizeHint(self) -> QSize:
        return QSize(680, 440)

    def show_purchase(self, purchase_id: str, title: str) -> None:
        """Open for this purchase; its messages come by `show_exchange`."""
        self._purchase_id = purchase_id
        self._title.setText(title)
        self._say("…", "…", "…")
        self.wanted.emit(purchase_id, False)
        self.open()

    @Slot(object)
    def show_exchange(self, opened: object) -> None:
        """Show what came, unless it is another purchase's, or secrets nobody holds the button for any more."""
        assert isinstance(opened, Opened)
        if opened.purchase_id != self._purchase_id:
            return
        if opened.exchange.is_masked:
            self._masked = opened.exchange
        if opened.exchange.is_masked != self._is_held:
            self._fill(opened.exchange)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing of it stays in a window that is not seen."""
        self._purchase_id, self._is_held, self._masked = "", False, None
        self._say("", "", "")
        super().hideEvent(event)

    def _fill(self, exchange: Exchange) -> None:
        self._say(exchange.request, exchange.asked or NOT_KEPT["asked"], exchange.answer or NOT_KEPT["answer"])

    def _say(self, request: str, asked: str, answer: str) -> None:
        for view, text in ((self.request, request), (self.asked, asked), (self.answer, answer)):
            bar = view.verticalScrollBar()
            place = bar.value()
            view.set_text(text)
            bar.setValue(place)

    @Slot()
    def _hold(self) -> None:
        self._is_held = True
        self.wanted.emit(self._purchase_id, True)

    @Slot()
    def _let_go(self) -> None:
        self._is_held = False
        if self._masked is not None:
            self._fill(self._masked)
