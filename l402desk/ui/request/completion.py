"""Editing a cell of a field table, with names and values offered while one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from l402desk.ui.request.fields_model import NAME, fields_of

Offer = Callable[[int, str], Sequence[str]]
"""From the column and the row's name to what may be offered there."""


def nothing(_column: int, _name: str) -> Sequence[str]:
    return ()


class CellEditing(QStyledItemDelegate):
    """Plain line editors in the cells; ``offer`` says what completes them."""

    def __init__(self, offer: Offer = nothing, invitation: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._invitation = invitation
        self._offer = offer

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        model, row = fields_of(index), index.row()
        name = str(model.index(row, NAME).data() or "")
        editor = QLineEdit(parent)
        editor.setObjectName("cellEditor")
        editor.setFrame(False)
        editor.setMaxLength(1_000_000)
        heading = str(model.headerData(index.column(), Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))
        editor.setAccessibleName(f"{heading}, row {row + 1}")
        offered = list(self._offer(index.column(), name))
        if offered:
            completer = QCompleter(offered, editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchStartsWith)
            editor.setCompleter(completer)
        return editor

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The blank row invites to type; the words are paint, the cell stays empty."""
        super().initStyleOption(option, index)
        if index.column() == NAME and index.row() == fields_of(index).rowCount() - 1:
            option.text = self._invitation
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
            dim = option.palette.brush(QPalette.ColorRole.PlaceholderText)
            option.palette.setBrush(QPalette.ColorRole.Text, dim)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        editor.setGeometry(option.rect)
