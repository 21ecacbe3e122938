"""The payments as a table model over row numbers: a line is fetched when it is looked at, a hundred at a time."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QColor

from l402desk.engine.statement import Line
from l402desk.protocol.text import visible
from l402desk.session.payment_listing import Wanted
from l402desk.session.payments import PaymentsSession
from l402desk.ui.colours import colours_now
from l402desk.ui.payments import wording
from l402desk.ui.payments.columns import COLUMNS, STANDING, hint
from l402desk.ui.widgets.columns import heading
from l402desk.ui.widgets.text import tool_tip

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = Qt.ItemDataRole.UserRole


class PaymentsModel(QAbstractTableModel):
    """Shows what `PaymentsSession` lists. ``LINE_ROLE`` gives the whole line, None until it has come."""

    def __init__(self, payments: PaymentsSession, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._payments = payments
        self._clock = clock
        self._numbers: array[int] = payments.numbers
        payments.lines_came.connect(self.tell_all)

    @Slot()
    def take_list(self) -> None:
        """Show the session's list; where it is the same one, only its contents are said anew."""
        if self._payments.numbers == self._numbers:
            self._numbers = self._payments.numbers
            self.tell_all()
            return
        self.beginResetModel()
        self._numbers = self._payments.numbers
        self.endResetModel()

    @Slot()
    def tell_all(self) -> None:
        """The lines in view may have changed."""
        if self._numbers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._numbers) - 1, len(COLUMNS) - 1))

    def line_at(self, row: int) -> Line | None:
        return self._payments.line_at(row)

    def number_at(self, row: int) -> int | None:
        """The purchase's number in this row: what stays the same when the list does not."""
        return self._numbers[row] if 0 <= row < len(self._numbers) else None

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
        line = self._payments.line_at(index.row())
        if line is None:
            return None
        now = int(self._clock())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(column.cell(line, now), 120)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(hint(line, index.column(), now))
            case Qt.ItemDataRole.ForegroundRole if index.column() == STANDING:
                return QColor(colours_now()[wording.severity(line.purchase)])
        return line if role == LINE_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return heading(COLUMNS, section, orientation, role, sorted_by=self._payments.wanted.order)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """The database sorts; the list comes in its own time."""
        if not 0 <= column < len(COLUMNS):
            return
        key, descending = COLUMNS[column].order, order == Qt.SortOrder.DescendingOrder
        now = self._payments.wanted
        if (now.order, now.descending) != (key, descending):
            self._payments.want(Wanted(now.only, key, descending))
