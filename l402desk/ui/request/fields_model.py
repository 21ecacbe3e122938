"""Names and values as a table that is edited in place: switch, name, value, remove, and a blank last row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from l402desk.ui.request.query import Param, shared_front

Index = QModelIndex | QPersistentModelIndex
NAME, VALUE, REMOVE = range(3)
_HEADINGS = ("Name", "Value", "")


class FieldsModel(QAbstractTableModel):
    """Rows of ``Param``; the last row is always blank and becomes real when something is typed into it.

    ``edited`` tells that a person changed a row; loading rows with ``set_rows`` does not emit it.
    """

    edited = Signal()

    def __init__(self, remove_icon: Callable[[], QIcon] = QIcon, parent: QObject | None = None) -> None:
        """``remove_icon`` is asked each time, so that it can follow the theme."""
        super().__init__(parent)
        self._rows: list[Param] = []
        self._blanks = 1
        self._removed: list[tuple[int, Param]] = []
        self._remove_icon = remove_icon

    # ---- what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows) + self._blanks

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == REMOVE:
            return flags
        flags |= Qt.ItemFlag.ItemIsEditable
        real = index.row() < len(self._rows)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == NAME and real else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return self._blank(index, role)
        row = self._rows[index.row()]
        text = (row.name, row.value, "")[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.column(), row)
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == NAME:
            return Qt.CheckState.Checked if row.enabled else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DecorationRole and index.column() == REMOVE:
            return self._remove_icon()
        return None

    def _blank(self, index: Index, role: int) -> object:
        """The row that is not there yet: an empty text to edit, and a name for those who do not see it."""
        if not index.isValid() or index.column() == REMOVE:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_HEADINGS[index.column()]} of a new row, empty"
        return "" if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole) else None

    @staticmethod
    def _spoken(column: int, row: Param) -> str:
        if column == REMOVE:
            return f"Remove {row.name or 'this row'}"
        return (row.name, row.value)[column] + ("" if row.enabled else ", switched off")

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or index.column() == REMOVE:
            return False
        if role == Qt.ItemDataRole.CheckStateRole and index.row() < len(self._rows):
            state = Qt.CheckState(value)
            changed = replace(self._rows[index.row()], enabled=state == Qt.CheckState.Checked)
        elif role == Qt.ItemDataRole.EditRole:
            changed = self._changed(index, str(value))
        else:
            return False
        self._put(index.row(), changed)
        return True

    def _changed(self, index: Index, text: str) -> Param:
        old = self._rows[index.row()] if index.row() < len(self._rows) else Param()
        if text == (old.name, old.value)[index.column()]:
            return old
        return old.with_name(text) if index.column() == NAME else old.with_value(text)

    def _put(self, at: int, row: Param) -> None:
        if at < len(self._rows):
            if row == self._rows[at]:
                return
            self._rows[at] = row
        elif row:
            self._blanks = 0  # the blank row itself becomes real, so that an editor in it stays where it is
            self._rows.append(row)
        else:
            return
        self.dataChanged.emit(self.index(at, 0), self.index(at, REMOVE))
        if not self._blanks:
            self.beginInsertRows(QModelIndex(), at + 1, at + 1)
            self._blanks = 1
            self.endInsertRows()
        self.edited.emit()

    # ---- what the app asks

    @property
    def rows(self) -> tuple[Param, ...]:
        return tuple(self._rows)

    @property
    def active(self) -> int:
        """How many rows are switched on and not empty: the count in the tab's title."""
        return sum(1 for row in self._rows if row.enabled and row)

    def remove(self, at: int) -> None:
        """Take a row out; ``bring_back`` undoes it."""
        if 0 <= at < len(self._rows):
            self._removed.append((at, self._rows[at]))
            self.beginRemoveRows(QModelIndex(), at, at)
            del self._rows[at]
            self.endRemoveRows()
            self.edited.emit()

    def bring_back(self) -> None:
        """Undo the latest removal."""
        if not self._removed:
            return
        at, row = self._removed.pop()
        at = min(at, len(self._rows))
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self.endInsertRows()
        self.edited.emit()

    def set_rows(self, rows: Iterable[Param]) -> None:
        """Show other rows, touching only what differs, so that selection and scroll position survive."""
        fresh = list(rows)
        if fresh == self._rows:
            return
        start = shared_front(self._rows, fresh)
        end = shared_front(self._rows[start:][::-1], fresh[start:][::-1])
        old_end, new_end = len(self._rows) - end, len(fresh) - end
        shared = min(old_end, new_end)
        self._rows[start:shared] = fresh[start:shared]
        if shared > start:
            self.dataChanged.emit(self.index(start, 0), self.index(shared - 1, REMOVE))
        if old_end > shared:
            self.beginRemoveRows(QModelIndex(), shared, old_end - 1)
            del self._rows[shared:old_end]
            self.endRemoveRows()
        elif new_end > shared:
            self.beginInsertRows(QModelIndex(), shared, new_end - 1)
            self._rows[shared:shared] = fresh[shared:new_end]
            self.endInsertRows()


def fields_of(index: Index) -> FieldsModel:
    """The model behind an index of a field table."""
    return cast("FieldsModel", index.model())
