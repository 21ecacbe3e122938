"""The table of payments beside the chosen one; a refresh moves neither the selection nor the view."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QSplitter, QTableView, QWidget

from l402desk.session.payments import PaymentsSession
from l402desk.ui.payments.columns import COLUMNS, WHAT, WHEN, WHERE, fitting
from l402desk.ui.payments.detail import PaymentDetail
from l402desk.ui.payments.model import PaymentsModel
from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.table import dress_table

_NARROW = 760


class PaymentBook(QWidget):
    """Follows `PaymentsSession`; `seek` brings one purchase to the front as soon as it is listed."""

    def __init__(self, payments: PaymentsSession, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._payments = payments
        self._model = PaymentsModel(payments, clock)
        self._chosen: int | None = None
        self._sought = ""
        self._shown: frozenset[int] = frozenset()
        self._is_narrow: bool | None = None
        self.table = QTableView()
        self.detail = PaymentDetail(clock)
        self._prepare_table()
        self._lay_out()
        payments.lines_came.connect(self.show_chosen)
        payments.found.connect(self._go_to)
        self.table.selectionModel().currentRowChanged.connect(self._choose_row)
        self.table.viewport().installEventFilter(self)

    def _prepare_table(self) -> None:
        dress_table(self.table, name="paymentsTable", label="Payments")
        self.table.setModel(self._model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        for column, shape in enumerate(COLUMNS):
            header.resizeSection(column, shape.width)
        header.setSortIndicator(WHEN, Qt.SortOrder.DescendingOrder)
        self.table.setSortingEnabled(True)

    def _lay_out(self) -> None:
        card = Card(margin=GAP.SMALL, spacing=0)
        card.body.addWidget(self.table)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setHandleWidth(GAP.MEDIUM)
        halves.setChildrenCollapsible(False)
        halves.addWidget(card)
        halves.addWidget(self.detail)
        halves.setStretchFactor(0, 1)
        halves.setStretchFactor(1, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(halves)
        self._halves = halves

    def seek(self, purchase_id: str) -> None:
        """Choose this purchase once the next list is here."""
        self._sought = purchase_id

    @Slot()
    def take_list(self) -> None:
        """Show the session's list; the chosen payment stays chosen where it is still in it, and in its place."""
        bar, chosen = self.table.verticalScrollBar(), self._chosen
        before = -1 if chosen is None else self.table.currentIndex().row()
        place = bar.value()
        self._model.take_list()
        if self._sought and self._payments.is_loaded:
            self._payments.find(self._sought)
            self._sought = ""
        row = -1 if chosen is None else self._payments.row_of(chosen)
        if row >= 0:
            self.table.setCurrentIndex(self._model.index(row, 0))
            if place:  # at the top, what is new is seen; further down the view stays on what it showed
                bar.setValue(place + (row - before) * self.table.verticalHeader().defaultSectionSize())
        elif self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(0, 0))
        self.show_chosen()

    @Slot()
    def show_chosen(self) -> None:
        """Say anew what is known of the chosen payment."""
        line = self._payments.line_at(self.table.currentIndex().row())
        if line is not None and line != self.detail.line:
            self.detail.show_line(line)
        elif line is not None:
            self.detail.buttons.show_line(line)

    @Slot()
    def tick(self) -> None:
        """Time has passed: "today" may be yesterday, an invoice may have run out."""
        self._model.tell_all()
        if self.detail.line is not None:
            self.detail.show_line(self.detail.line)

    @Slot(object)
    def _go_to(self, number: object) -> None:
        row = self._payments.row_of(number) if isinstance(number, int) else -1
        if row >= 0:
            index = self._model.index(row, 0)
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self.table.setFocus()

    @Slot(QModelIndex, QModelIndex)
    def _choose_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._chosen = self._model.number_at(current.row())
            self.show_chosen()

    @Slot()
    def fit_columns(self) -> None:
        """Leave out what the detail tells anyway before the table has to be scrolled sideways."""
        shown = fitting(self.table.viewport().width())
        if shown == self._shown:
            return
        self._shown = shown
        header = self.table.horizontalHeader()
        wide = WHAT if WHAT in shown else WHERE if WHERE in shown else WHEN
        for column, shape in enumerate(COLUMNS):
            self.table.setColumnHidden(column, column not in shown)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, shape.width)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window leaves the detail as little as it can do with; a wide one gives it its due."""
        is_narrow = event.size().width() < _NARROW
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            detail = (self.detail.minimumSizeHint() if is_narrow else self.detail.sizeHint()).width()
            self._halves.setSizes([event.size().width() - detail - GAP.MEDIUM, detail])
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.fit_columns()
        return super().eventFilter(watched, event)
