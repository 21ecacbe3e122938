"""The tokens as a table model; expiries are told anew as time passes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from l402desk.protocol.text import visible
from l402desk.ui.colours import colours_now
from l402desk.ui.vault.columns import COLUMNS, EXPIRES, STANDING, severity
from l402desk.ui.widgets.text import tool_tip
from l402desk.vault.tokens import TokenSummary

Index = QModelIndex | QPersistentModelIndex
TOKEN_ROLE = Qt.ItemDataRole.UserRole


class TokenModel(QAbstractTableModel):
    """One row a token, the newest first. ``TOKEN_ROLE`` gives the whole summary."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._tokens: tuple[TokenSummary, ...] = ()

    def show_tokens(self, tokens: Sequence[TokenSummary]) -> None:
        """Replace the rows, or only their contents where the tokens are the same ones: a selection stays."""
        same = [token.id for token in tokens] == [token.id for token in self._tokens]
        if same:
            self._tokens = tuple(tokens)
            self._tell_all()
            return
        self.beginResetModel()
        self._tokens = tuple(tokens)
        self.endResetModel()

    def tick(self) -> None:
        """Say the expiries anew."""
        if self._tokens:
            last = len(self._tokens) - 1
            self.dataChanged.emit(self.index(0, EXPIRES), self.index(last, STANDING))

    def token_at(self, row: int) -> TokenSummary | None:
        return self._tokens[row] if 0 <= row < len(self._tokens) else None

    def row_of(self, token_id: str) -> int:
        """The row of the token with this id, or -1."""
        return next((row for row, token in enumerate(self._tokens) if token.id == token_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._tokens)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        token, column = self._tokens[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(column.cell(token, int(self._clock())), 120)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(column.cell(token, int(self._clock())))
            case Qt.ItemDataRole.TextAlignmentRole if column.is_figure:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(token, index.column())
        return token if role == TOKEN_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[section].is_figure:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _colour(self, token: TokenSummary, column: int) -> QColor | None:
        weight = severity(token, column, int(self._clock()))
        return QColor(colours_now()[weight]) if weight else None

    def _tell_all(self) -> None:
        if self._tokens:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._tokens) - 1, len(COLUMNS) - 1))
