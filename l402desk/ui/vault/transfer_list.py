"""A list of what is found, taken in, written or left out: thousands of lines, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from l402desk.ui.colours import colours_now
from l402desk.ui.style import GAP
from l402desk.ui.vault.transfer_words import Line
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.table import dress_table
from l402desk.ui.widgets.text import tool_tip

Index = QModelIndex | QPersistentModelIndex
MOST_WRAPPED = 200
"""Lines up to which each is as high as its words need: measuring more would hold the window up."""
LEAST_HEIGHT = 132
HEADINGS = ("About", "What")


class LinesModel(QAbstractTableModel):
    """Two columns: what a line is about, and what there is to say."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Line] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        text = (line.about, line.says)[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(text)
            case Qt.ItemDataRole.ForegroundRole if line.severity and index.column() == 1:
                return QColor(colours_now()[look_of(line.severity).tint])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        is_heading = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return HEADINGS[section] if is_heading and 0 <= section < len(HEADINGS) else None


class TransferList(QTableView):
    """Shows lines; empty, it is hidden."""

    def __init__(self, *, name: str, label: str) -> None:
        super().__init__()
        dress_table(self, name=name, label=label)
        self._model = LinesModel()
        self._model.setParent(self)
        self.setModel(self._model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setStretchLastSection(True)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.hide()

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._model.show_lines(lines)
        self.setVisible(bool(lines))
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), LEAST_HEIGHT)

    def texts(self) -> list[tuple[str, str]]:
        """What is shown, line by line."""
        return [
            (str(self._model.index(row, 0).data()), str(self._model.index(row, 1).data()))
            for row in range(self._model.rowCount())
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setColumnWidth(0, max(self.viewport().width() * 2 // 5, 120))
        wraps = self._model.rowCount() <= MOST_WRAPPED
        self.setWordWrap(wraps)
        if wraps:
            least = self.verticalHeader().defaultSectionSize()
            for row in range(self._model.rowCount()):
                self.setRowHeight(row, max(least, self.sizeHintForRow(row) + GAP.MEDIUM))
