"""What a card tells of a wallet: what it may do, its own limit, its fees, and what to beware of."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from l402desk.session.wallet_view import WalletView
from l402desk.ui.assets import set_icon
from l402desk.ui.style import GAP
from l402desk.ui.wallets import words
from l402desk.ui.widgets.buttons import link_button
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.text import label

CAPTION_CHARACTERS = 16


class FactRows(QWidget):
    """Captions on the left; a row without contents is not there."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP.MEDIUM)
        self._grid.setVerticalSpacing(GAP.HAIR)
        self._grid.setColumnStretch(1, 1)
        self._captions: dict[QWidget, QLabel] = {}
        self.may = self._text(f"{name}May", "May")
        self.budget = self._text(f"{name}Budget", "Its own budget")
        self.bar = QProgressBar()
        self.bar.setObjectName(f"{name}BudgetBar")
        self.bar.setRange(0, 1_000)
        self.bar.setTextVisible(False)
        self.add("", self.bar)
        self.fees = self._text(f"{name}Fees", "Routing fees")

    def add(self, caption: str, content: QWidget, *, drop: int = 0) -> None:
        """A further row. ``drop`` pixels are above the first line of what stands in it."""
        row = self._grid.rowCount()
        said = label(caption, role="dim")
        said.setContentsMargins(0, drop, 0, 0)
        said.setMinimumWidth(said.fontMetrics().averageCharWidth() * CAPTION_CHARACTERS)
        said.setBuddy(content)
        self._captions[content] = said
        self._grid.addWidget(said, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(content, row, 1)

    def show_row(self, content: QWidget, is_there: bool) -> None:
        content.setVisible(is_there)
        self._captions[content].setVisible(is_there)

    def show_wallet(self, wallet: WalletView) -> None:
        found = wallet.examination
        budget = found.budget if found is not None else None
        for part, said in (
            (self.may, words.may(wallet)),
            (self.budget, words.budget_words(budget) if budget is not None else ""),
            (self.fees, words.fees(wallet)),
        ):
            part.setText(said)
            self.show_row(part, bool(said))
        share = words.budget_share(budget) if budget is not None else None
        self.bar.setValue(share or 0)
        self.bar.setAccessibleName(f"Its own budget: {self.budget.text()}")
        self.show_row(self.bar, share is not None)

    def _text(self, name: str, caption: str) -> QLabel:
        made = label(wrap=True, name=name)
        self.add(caption, made)
        return made


class Heed(QWidget):
    """What to beware of, behind one line that says how much it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._said: tuple[str, ...] = ()
        self._is_open = False
        self.switch = link_button("", name=f"{name}HeedButton", icon="chevron-right")
        self.switch.clicked.connect(self.turn)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.SMALL)
        self._column.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._rows: list[FindingRow] = []
        self.hide()

    def show_warnings(self, warnings: tuple[str, ...]) -> None:
        if warnings != self._said:
            self._said = warnings
            for row in self._rows:
                self._column.removeWidget(row)
                row.hide()
                row.deleteLater()
            self._rows = [FindingRow("warning", said, name=f"{self._name}Warning") for said in warnings]
            for row in self._rows:
                self._column.addWidget(row)
        self.setVisible(bool(warnings))
        self._show_open()

    def open(self) -> None:
        """Show all of it: somebody has just asked."""
        self._is_open = True
        self._show_open()

    @Slot()
    def turn(self) -> None:
        self._is_open = not self._is_open
        self._show_open()

    def _show_open(self) -> None:
        count = len(self._said)
        things = "one thing" if count == 1 else f"{count} things"
        self.switch.setText(f"Beware of {things}" if not self._is_open else "Beware")
        self.switch.setAccessibleName(f"{'Hide' if self._is_open else 'Show'} {things} to beware of")
        set_icon(self.switch, "chevron-down" if self._is_open else "chevron-right", "link")
        for row in self._rows:
            row.setVisible(self._is_open)
