"""The tokens as a table model over a list of numbers: the rows that are looked at are asked for, a page at a time."""

from __future__ import annotations

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor

from l402desk.protocol.text import visible
from l402desk.ui.colours import colours_now
from l402desk.ui.vault.columns import COLUMNS, EXPIRES, STANDING, severity
from l402desk.ui.widgets.columns import heading
from l402desk.ui.widgets.text import tool_tip
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.wanted import OrderBy

Index = QModelIndex | QPersistentModelIndex
TOKEN_ROLE = Qt.ItemDataRole.UserRole
PAGE = 200
MOST_KEPT = 20 * PAGE
"""Rows kept in memory, however many there are."""
_MOST_WANTED = 2
WAITING = "…"


class TokenModel(QAbstractTableModel):
    """One row a number, in the order given. ``TOKEN_ROLE`` gives the summary, or None while it is being fetched.

    `rows_wanted` carries the numbers of the rows that are looked at and not here; `take_rows` brings them. One question
    is asked at a time, and of the pages that were looked at meanwhile only the last ones are asked for: what has been
    scrolled past is not waited for.
    """

    rows_wanted = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._numbers: array[int] = array("q")
        self._sorted_by: OrderBy | None = None
        self._kept: OrderedDict[int, TokenSummary] = OrderedDict()
        self._stale: set[int] = set()
        self._gone: set[int] = set()
        self._pages: OrderedDict[int, None] = OrderedDict()
        self._asked: frozenset[int] = frozenset()
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)

    def show_numbers(self, numbers: array[int]) -> bool:
        """Show these rows. True where they are others than before, or in another order: what was selected is not now.

        What was fetched before is shown until it was fetched again: it may have changed.
        """
        self._stale.update(self._kept)
        self._gone.clear()
        self._pages.clear()
        if numbers == self._numbers:
            self._tell_all()
            return False
        self.beginResetModel()
        self._numbers = numbers
        self.endResetModel()
        return True

    @Slot(object)
    def take_rows(self, found: Mapping[int, TokenSummary]) -> None:
        """The answer to the last question: rows that are missing in it are gone."""
        asked, self._asked = self._asked, frozenset()
        for number in asked:
            self._stale.discard(number)
            token = found.get(number)
            if token is None:
                self._gone.add(number)
                self._kept.pop(number, None)
            else:
                self._kept[number] = token
                self._kept.move_to_end(number)
        while len(self._kept) > MOST_KEPT:
            number, _ = self._kept.popitem(last=False)
            self._stale.discard(number)
        self._tell_all()
        if self._pages:
            self._asking.start()

    def tick(self, first: int, last: int) -> None:
        """Say the expiries of these rows anew."""
        last = min(last, len(self._numbers) - 1)
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, EXPIRES), self.index(last, STANDING))

    def token_at(self, row: int) -> TokenSummary | None:
        """The token in this row, as far as it is here; it is asked for if it is not."""
        return self._token(row) if 0 <= row < len(self._numbers) else None

    def number_at(self, row: int) -> int | None:
        return self._numbers[row] if 0 <= row < len(self._numbers) else None

    def row_of(self, number: int | None) -> int:
        """The row of this number, or -1."""
        try:
            return -1 if number is None else self._numbers.index(number)
        except ValueError:
            return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.side
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, _COLOUR, TOKEN_ROLE):
            return None
        token = self._token(index.row())
        if token is None:
            return WAITING if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(column.cell(token, int(self._clock())), 120)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(column.cell(token, int(self._clock())))
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(token, index.column())
        return token

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return heading(COLUMNS, section, orientation, role, sorted_by=self._sorted_by)

    def tell_sorted(self, order: OrderBy) -> None:
        """The rows are sorted by this from now on: its heading makes room for the arrow."""
        self._sorted_by = order
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def _token(self, row: int) -> TokenSummary | None:
        number = self._numbers[row]
        if number not in self._asked and self._is_missing(number):
            self._want(row // PAGE)
        return self._kept.get(number)

    def _is_missing(self, number: int) -> bool:
        return number not in self._gone and (number in self._stale or number not in self._kept)

    def _want(self, page: int) -> None:
        self._pages[page] = None
        self._pages.move_to_end(page)
        if len(self._pages) > _MOST_WANTED:
            self._pages.popitem(last=False)
        if not self._asked and not self._asking.isActive():
            self._asking.start()

    @Slot()
    def _ask(self) -> None:
        while self._pages and not self._asked:
            page, _ = self._pages.popitem()
            numbers = self._numbers[page * PAGE : (page + 1) * PAGE]
            self._asked = frozenset(filter(self._is_missing, numbers))
        if self._asked:
            self.rows_wanted.emit(tuple(self._asked))

    def _colour(self, token: TokenSummary, column: int) -> QColor | None:
        weight = severity(token, column, int(self._clock()))
        return QColor(colours_now()[weight]) if weight else None

    def _tell_all(self) -> None:
        if self._numbers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._numbers) - 1, len(COLUMNS) - 1))


_COLOUR = Qt.ItemDataRole.ForegroundRole
