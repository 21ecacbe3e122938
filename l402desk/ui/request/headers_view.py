"""The headers of an answer as a table whose rows can be copied."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from l402desk.ui.widgets.text import tool_tip, visible

Index = QModelIndex | QPersistentModelIndex
_HEADINGS = ("Name", "Value")
_SHOWN = 2_000


class HeadersModel(QAbstractTableModel):
    """Names and values in the order and spelling they came in; repeated names are separate rows."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[tuple[str, str], ...] = ()

    def set_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        self.beginResetModel()
        self._rows = tuple(headers)
        self.endResetModel()

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self._rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        text = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(text, _SHOWN).replace("\n", "⏎")
        return tool_tip(text) if role == Qt.ItemDataRole.ToolTipRole else None


class HeadersView(QTableView):
    """Ctrl+C copies the selected rows as ``Name: value`` lines, whole, however much of them is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headers = HeadersModel()
        self.setModel(self._headers)
        self.setObjectName("responseHeaders")
        self.setAccessibleName("Headers of the answer")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setMinimumHeight(48)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, 200)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)

    def set_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        self._headers.set_headers(headers)

    def copy_selected(self) -> None:
        """The selected headers, one per line; nothing selected copies all."""
        rows = sorted({index.row() for index in self.selectedIndexes()}) or range(len(self._headers.headers))
        lines = [": ".join(self._headers.headers[row]) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def copy_value(self) -> None:
        """The value of the current header alone."""
        if self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(self._headers.headers[self.currentIndex().row()][1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        else:
            super().keyPressEvent(event)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy value").triggered.connect(self.copy_value)
        menu.addAction("Copy as text").triggered.connect(self.copy_selected)
        menu.popup(self.viewport().mapToGlobal(place))
