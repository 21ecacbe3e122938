"""The table in which names and values are edited: parameters, headers, form fields."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from l402desk.ui.assets import icon
from l402desk.ui.request.completion import CellEditing, Offer, nothing
from l402desk.ui.request.fields_model import NAME, REMOVE, VALUE, FieldsModel, Index

_ROW_HEIGHT = 32
_REMOVE_WIDTH = 36


def remove_icon() -> QIcon:
    """The cross that takes a row out, in the colours of the theme on the screen."""
    return icon("close", "dim")


class FieldTable(QTableView):
    """Typing starts editing, Tab goes to the next cell, Delete removes the row, Ctrl+Z brings it back."""

    def __init__(
        self,
        model: FieldsModel,
        *,
        name: str,
        label: str,
        offer: Offer = nothing,
        invitation: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self._fields = model
        self.setModel(model)
        self.setItemDelegate(CellEditing(offer, invitation, self))
        self._arrange()
        self.clicked.connect(self._act_on_click)

    def _arrange(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.setShowGrid(False)
        self.setMinimumHeight(48)
        self.setProperty("cells", True)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setTabKeyNavigation(False)  # Tab leaves the table; inside an editor it goes to the next cell
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(_REMOVE_WIDTH)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(REMOVE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(NAME, 220)
        header.resizeSection(REMOVE, _REMOVE_WIDTH)

    def _act_on_click(self, index: QModelIndex) -> None:
        """One click edits a value or the blank row; on a real row's name it may be meant for the switch."""
        if index.column() == REMOVE:
            self._fields.remove(index.row())
        elif index.column() == VALUE or index.row() == self._fields.rowCount() - 1:
            self.edit(index)

    def remove_current_row(self) -> None:
        self._fields.remove(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            event.ignore()  # a key the editor did not take, such as the Return that has just ended it
            return
        removing: tuple[int, ...] = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if self.currentIndex().column() == REMOVE:
            removing += (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in removing:
            self.remove_current_row()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._fields.bring_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Tab inside an editor goes name → value → next row's name, past the column that removes."""
        here = self.currentIndex()
        if action == QAbstractItemView.CursorAction.MoveNext and here.isValid():
            return self._beside(here, 1)
        if action == QAbstractItemView.CursorAction.MovePrevious and here.isValid():
            return self._beside(here, -1)
        return super().moveCursor(action, modifiers)

    def _beside(self, here: Index, step: int) -> QModelIndex:
        place = here.row() * 2 + min(here.column(), VALUE) + step
        row, column = divmod(place, 2)
        if not 0 <= row < self._fields.rowCount():
            return QModelIndex(here) if isinstance(here, QModelIndex) else QModelIndex()
        return self._fields.index(row, column)
