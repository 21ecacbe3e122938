"""Where to hand a bought token in when the address that sold it does not: a method and an address of the same host."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.dialog import ColumnDialog
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WHY = (
    "Some shops sell at one address (/checkout) and hand out at another (/claim). The token you bought is sent there"
    " for free; it goes to no other host."
)


class ClaimDialog(ColumnDialog):
    """`address_given` carries the method and the address; the dialog then closes itself."""

    address_given = Signal(object, object)

    def __init__(self, method: str, url: str, parent: QWidget | None = None) -> None:
        super().__init__(
            name="claimDialog", title="Deliver to another address", width=560, least_height=220, parent=parent
        )
        self._method = QComboBox()
        self._method.setObjectName("claimMethodBox")
        self._method.setAccessibleName("Method")
        self._method.addItems(METHODS)
        self._method.setCurrentIndex(max(self._method.findText(method), 0))
        self._url = line_field(name="claimUrlField", label="Address to deliver to", mono=True)
        self._url.setText(url)
        self._go = primary_button("Deliver", name="claimGoButton", icon="send")
        self._cancel = button("Cancel", name="claimCancelButton")
        self._go.clicked.connect(self._give)
        self._cancel.clicked.connect(self.reject)
        self._url.textChanged.connect(self._allow)
        self._lay_out()
        self._url.setFocus()
        self._url.selectAll()

    def _lay_out(self) -> None:
        address = QHBoxLayout()
        address.setSpacing(GAP.SMALL)
        address.addWidget(self._method)
        address.addWidget(self._url, 1)
        self.column.addWidget(label("Deliver to another address", role="title"))
        self.column.addWidget(label(WHY, role="dim", wrap=True))
        self.column.addLayout(address)
        self.end_with(self._cancel, self._go)

    @Slot()
    def _allow(self) -> None:
        self._go.setEnabled(bool(self._url.text().strip()))

    @Slot()
    def _give(self) -> None:
        self.address_given.emit(self._method.currentText(), self._url.text().strip())
        self.accept()
