"""The parts of the vault to look at, as a row of switches with their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.vault.wanted import Shelf

WORDS = {
    Shelf.ALL: "All",
    Shelf.USABLE: "Usable",
    Shelf.EXPIRED: "Expired",
    Shelf.OWED: "Not delivered",
    Shelf.TRASH: "Trash",
}


class ShelfBar(QWidget):
    """One switch is on; `chosen` carries the shelf that was chosen. What is empty cannot be, but for the first two."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("vaultShelves")
        self.setAccessibleName("Which tokens to show")
        self._group = QButtonGroup(self)
        self._buttons = {shelf: button(words, name=f"{shelf}ShelfButton") for shelf, words in WORDS.items()}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.SMALL)
        for shelf, made in self._buttons.items():
            made.setCheckable(True)
            made.setProperty("shelf", str(shelf))
            self._group.addButton(made)
            row.addWidget(made)
        self._buttons[Shelf.ALL].setChecked(True)
        self._group.buttonClicked.connect(self._tell)

    def show_tally(self, tally: Mapping[Shelf, int], shelf: Shelf) -> None:
        """The numbers of now, and which shelf is looked at."""
        for each, made in self._buttons.items():
            number = tally.get(each, 0)
            tells = number and each is not Shelf.ALL
            made.setText(f"{WORDS[each]} {number:,}" if tells else WORDS[each])
            made.setEnabled(bool(number) or each in (Shelf.ALL, Shelf.USABLE) or each is shelf)
            made.setAccessibleName(f"{WORDS[each]}: {number:,}")
        self._buttons[shelf].setChecked(True)

    @Slot(QAbstractButton)
    def _tell(self, pressed: QAbstractButton) -> None:
        self.chosen.emit(Shelf(pressed.property("shelf")))
