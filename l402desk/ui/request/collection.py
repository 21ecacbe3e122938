"""The requests one can start from, in their groups, as a tree model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from l402desk.client.request import RequestDraft
from l402desk.ui.colours import colours_now
from l402desk.ui.widgets.text import tool_tip, visible

Index = QModelIndex | QPersistentModelIndex
REQUEST, PRICE = range(2)
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
SEARCH_ROLE = Qt.ItemDataRole.UserRole + 2
_TOP = 0xFFFF_FFFF  # the id of an index that is a group; that of a request is the number of its group


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """A request to start from. ``price_text`` is what is known of its price in words, or empty."""

    group: str
    method: str
    name: str
    url: str
    price_text: str
    draft: RequestDraft

    @property
    def words(self) -> str:
        return f"{self.method}  {self.name}"


class CollectionModel(QAbstractItemModel):
    """Two levels: groups in the order they come in, and their requests with the price in a second column."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: list[tuple[str, list[CollectionItem]]] = []

    def set_items(self, items: Iterable[CollectionItem]) -> None:
        groups: dict[str, list[CollectionItem]] = {}
        for item in items:
            groups.setdefault(item.group, []).append(item)
        self.beginResetModel()
        self._groups = list(groups.items())
        self.endResetModel()

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() if parent.isValid() else _TOP)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # QObject.parent() too
        if not index.isValid() or index.internalId() == _TOP:
            return QModelIndex()
        return self.createIndex(int(index.internalId()), 0, _TOP)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        if not parent.isValid():
            return len(self._groups)
        group = parent.internalId() == _TOP and parent.column() == 0
        return len(self._groups[parent.row()][1]) if group else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 2

    def item(self, index: Index) -> CollectionItem | None:
        """The request at an index; None for a group."""
        if not index.isValid() or index.internalId() == _TOP:
            return None
        return self._groups[int(index.internalId())][1][index.row()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return ("Request", "Price")[section] if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.item(index)
        if item is None:
            return self._group_data(index, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(item.words if index.column() == REQUEST else item.price_text, 300)
        if role == ITEM_ROLE:
            return item
        if role == SEARCH_ROLE:
            return f"{item.group} {item.words} {item.url}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{item.method} {item.url}")
        if index.column() == PRICE:
            return _price_look(role)
        return None

    def _group_data(self, index: Index, role: int) -> object:
        name = self._groups[index.row()][0]
        if index.column() == REQUEST and role == Qt.ItemDataRole.DisplayRole:
            return visible(name, 300)
        return name if role == SEARCH_ROLE else None


def _price_look(role: int) -> object:
    if role == Qt.ItemDataRole.ForegroundRole:
        return QBrush(QColor(colours_now().dim))
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    return None
