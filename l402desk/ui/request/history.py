"""What was sent since the start, newest first, as a table model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from l402desk.client.request import RequestDraft
from l402desk.ui.colours import colours_now
from l402desk.ui.widgets.text import tool_tip, visible

Index = QModelIndex | QPersistentModelIndex
KEPT = 500


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One send: ``at`` in unix seconds, ``status`` None where no answer came, ``draft`` to send it again."""

    at: float
    method: str
    path: str
    status: int | None
    price_text: str
    draft: RequestDraft


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    text: Callable[[HistoryItem], str]


TIME, REQUEST, STATUS, PRICE = range(4)
COLUMNS = (
    Column("Time", lambda item: time.strftime("%H:%M", time.localtime(item.at))),
    Column("Request", lambda item: f"{item.method} {item.path}"),
    Column("Status", lambda item: "none" if item.status is None else str(item.status)),
    Column("Price", lambda item: item.price_text),
)


class HistoryModel(QAbstractTableModel):
    """The latest 500 sends of this run; nothing of it is written to disk."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[HistoryItem] = []

    def add(self, item: HistoryItem) -> None:
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._items.insert(0, item)
        self.endInsertRows()
        if len(self._items) > KEPT:
            self.beginRemoveRows(QModelIndex(), KEPT, len(self._items) - 1)
            del self._items[KEPT:]
            self.endRemoveRows()

    def item(self, index: Index) -> HistoryItem | None:
        return self._items[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return COLUMNS[section].heading if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index)
        if item is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(COLUMNS[index.column()].text(item), 300)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{item.method} {item.path}")
        if role == Qt.ItemDataRole.ForegroundRole and index.column() != REQUEST:
            return QBrush(QColor(colours_now().dim))
        return None
