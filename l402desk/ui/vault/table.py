"""The table of tokens: sorted by its headings, in the place where it was left after every refresh."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView

from l402desk.ui.vault.columns import BOUGHT, COLUMNS, fitting
from l402desk.ui.vault.model import TokenModel
from l402desk.ui.widgets.table import dress_table
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.wanted import Order

TICK_MS = 1_000
_ASCENDING, _DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class TokenTable(QTableView):
    """Shows a list of row numbers. `chosen` carries the current token, None while it is fetched or there is none.

    `order_wanted` carries an `Order`, `rows_wanted` the numbers of rows to fetch: `take_rows` brings them.
    """

    chosen = Signal(object)
    order_wanted = Signal(object)
    rows_wanted = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        dress_table(self, name="tokenTable", label="Tokens")
        self._model = TokenModel(clock)
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self.tick)
        self._model.setParent(self)
        self._model.rows_wanted.connect(self.rows_wanted)
        self.setModel(self._model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._add_sort_menu()
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setSortIndicator(BOUGHT, _DESCENDING)
        header.setSortIndicatorShown(True)
        header.sortIndicatorChanged.connect(self._sort)
        self._model.tell_sorted(COLUMNS[BOUGHT].order)
        for column, shape in enumerate(COLUMNS):
            header.resizeSection(column, shape.width)

    @property
    def current(self) -> TokenSummary | None:
        return self._model.token_at(self.currentIndex().row())

    def show_numbers(self, numbers: array[int], *, from_top: bool = False) -> None:
        """Show these rows: what was current stays so, and what was in sight stays there, unless ``from_top``.

        Where the current one is gone, the one that took its place is current.
        """
        row, number = self.currentIndex().row(), self._model.number_at(self.currentIndex().row())
        top = self.rowAt(0)
        anchor, offset = self._model.number_at(top), -self.rowViewportPosition(top) if top >= 0 else 0
        if self._model.show_numbers(numbers):
            found = self._model.row_of(number)
            self._choose(found if found >= 0 else 0 if from_top else min(max(row, 0), len(numbers) - 1))
            self._scroll_back(0 if from_top else self._model.row_of(anchor), 0 if from_top else offset)
        self.tell_chosen()

    def choose(self, number: int) -> bool:
        """Make the row with this number current and bring it into sight; False where it is not in the list."""
        row = self._model.row_of(number)
        self._choose(row)
        return row >= 0

    @Slot(object)
    def take_rows(self, found: dict[int, TokenSummary]) -> None:
        """Rows that were asked for."""
        self._model.take_rows(found)
        self.tell_chosen()

    def tell_chosen(self) -> None:
        self.chosen.emit(self.current)

    @Slot()
    def tick(self) -> None:
        """Tell the expiries in sight anew."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        self._model.tick(max(first, 0), last if last >= 0 else self._model.rowCount() - 1)

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.setCurrentIndex(self._model.index(row, 0))

    def _scroll_back(self, row: int, offset: int) -> None:
        """Put this row where it was; where it is gone too, the bar stays where it is."""
        if row < 0:
            return
        self.updateGeometries()  # the bar learns how long the new list is
        self.verticalScrollBar().setValue(row * self.verticalHeader().defaultSectionSize() + offset)

    def _add_sort_menu(self) -> None:
        """No keyboard reaches a heading: the menu of the table sorts too, and the other way at the second time."""
        menu = QMenu("Sort by", self)
        menu.setObjectName("tokenSortMenu")
        group = QActionGroup(menu)
        group.setExclusive(False)
        for column, shape in enumerate(COLUMNS):
            action = group.addAction(shape.heading)
            action.setData(column)
            menu.addAction(action)
        group.triggered.connect(self._sort_by)
        self._sorting = menu.menuAction()
        self.addAction(self._sorting)

    def offer(self, actions: Sequence[QAction]) -> None:
        """Put these in the menu of the table, before its own."""
        self.insertActions(self._sorting, [*actions])
        rule = QAction(self)
        rule.setSeparator(True)
        self.insertAction(self._sorting, rule)

    @Slot(object)
    def _sort_by(self, action: QAction) -> None:
        header, column = self.horizontalHeader(), int(action.data())
        descends = column == header.sortIndicatorSection() and header.sortIndicatorOrder() == _ASCENDING
        header.setSortIndicator(column, _DESCENDING if descends else _ASCENDING)

    @Slot(object, object)
    def _sort(self, section: object, order: object) -> None:
        column = section if isinstance(section, int) else BOUGHT
        self._model.tell_sorted(COLUMNS[column].order)
        self.order_wanted.emit(Order(COLUMNS[column].order, descending=order == _DESCENDING))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit(self._model.token_at(current.row()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            dress_table(self, name="tokenTable", label="Tokens")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Leave out what the detail tells anyway before the table has to be scrolled sideways."""
        shown = fitting(self.viewport().width())
        for column in range(len(COLUMNS)):
            self.setColumnHidden(column, column not in shown)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ticks.stop()
        super().hideEvent(event)
