"""A tree of fields and values, for what was decoded: an invoice, a token, a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontDatabase, QGuiApplication, QIcon, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
)

from l402desk.ui.assets import icon
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import tool_tip, visible

_FIELD, _VALUE = 0, 1
_CELL_LIMIT = 300  # characters drawn; the tool tip has more, a copy has all
_COPY = Qt.ItemDataRole.UserRole
_SEVERITY = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of the tree; ``copy`` (the value unless given) is what Ctrl+C takes, whole.

    ``severity`` (good, info, warning, danger) puts its icon before the value; ``hint`` joins the tool tip.
    """

    field: str
    value: str = ""
    children: tuple[FieldRow, ...] = ()
    mono: bool = True
    severity: str = ""
    copy: str = ""
    hint: str = ""


class FieldTree(QTreeWidget):
    """Two columns, Field and Value. Ctrl+C, or the menu, copies the whole value of the current line."""

    def __init__(self, *, name: str, label: str, headings: tuple[str, str] = ("Field", "Value")) -> None:
        """``label`` is what a screen reader calls the tree."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setColumnCount(2)
        self.setHeaderLabels(list(headings))
        self.setUniformRowHeights(True)
        self.setIndentation(18)
        self.setIconSize(QSize(16, 16))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setSectionResizeMode(_FIELD, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._add_copy()

    def _add_copy(self) -> None:
        copy = QAction("Copy value", self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_value)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_rows(self, rows: Sequence[FieldRow]) -> None:
        """Replace everything; all lines are open, the first is current, and none is marked yet."""
        self.clear()
        self.addTopLevelItems([self._item(row) for row in rows])
        self.expandAll()
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)
            self.clearSelection()

    def value_of(self, field: str) -> str:
        """The whole value of the first line with this name, or ``""``."""
        found = self.findItems(field, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, _FIELD)
        return str(found[0].data(_VALUE, _COPY)) if found else ""

    def copy_value(self) -> None:
        current = self.currentItem()
        if current is not None and current.data(_VALUE, _COPY):
            QGuiApplication.clipboard().setText(current.data(_VALUE, _COPY))
            announce(self, "Copied")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _item(self, row: FieldRow) -> QTreeWidgetItem:
        made = QTreeWidgetItem([visible(_one_line(row.field), 80), visible(_one_line(row.value), _CELL_LIMIT)])
        tip = tool_tip("\n".join(part for part in (row.value, row.hint) if part))
        for column in (_FIELD, _VALUE):
            made.setData(column, Qt.ItemDataRole.ToolTipRole, tip)
        made.setData(_VALUE, _COPY, row.copy or row.value)
        made.setData(_VALUE, Qt.ItemDataRole.AccessibleTextRole, _spoken(row))
        if row.mono:
            made.setFont(_VALUE, self._fixed())
        if row.severity:
            made.setData(_VALUE, _SEVERITY, row.severity)
            made.setIcon(_VALUE, _severity_icon(row.severity))
        made.addChildren([self._item(child) for child in row.children])
        return made

    def _fixed(self) -> QFont:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        if self.font().pointSizeF() > 0:
            fixed.setPointSizeF(self.font().pointSizeF())
        return fixed

    def _tint(self) -> None:
        walk = QTreeWidgetItemIterator(self)
        while (item := _at(walk)) is not None:
            if item.data(_VALUE, _SEVERITY):
                item.setIcon(_VALUE, _severity_icon(item.data(_VALUE, _SEVERITY)))
            walk += 1


def _at(walk: QTreeWidgetItemIterator) -> QTreeWidgetItem | None:
    """The stubs do not know that the end is None."""
    return walk.value()


def _severity_icon(severity: str) -> QIcon:
    look = look_of(severity)
    return icon(look.icon, look.tint)


def _spoken(row: FieldRow) -> str:
    word = f"{look_of(row.severity).word}: " if row.severity else ""
    return visible(_one_line(f"{word}{row.value}"), _CELL_LIMIT)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
