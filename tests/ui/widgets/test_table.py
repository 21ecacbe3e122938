"""Every table has air between its cells, a name, and rows that a keyboard reaches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QTableView
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.table import dress_table


def table(qtbot: QtBot, *, cells: bool = False) -> QTableView:
    view = QTableView()
    qtbot.addWidget(view)
    dress_table(view, name="tokenTable", label="Tokens", cells=cells)
    model = QStandardItemModel(view)
    model.setHorizontalHeaderLabels(["Paid", "Host"])
    for _ in range(2):
        right, left = QStandardItem("█" * 40), QStandardItem("█" * 40)
        right.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        model.appendRow([right, left])
    view.setModel(model)
    view.resize(300, 150)
    return view


def test_cells_never_touch(qtbot: QtBot, dressed: Appearance) -> None:
    view = table(qtbot)
    view.setColumnWidth(0, 120)
    view.show()
    image = view.viewport().grab().toImage()
    y = view.rowViewportPosition(0) + view.rowHeight(0) // 2
    ground = image.pixelColor(1, y)
    edge = view.columnViewportPosition(1)
    inked = [x for x in range(image.width()) if image.pixelColor(x, y) != ground]
    assert inked, "the cells are drawn"
    assert not [x for x in inked if edge - 8 <= x < edge + 8]


def test_rows_are_selected_whole_and_moved_through_by_keyboard(qtbot: QtBot, dressed: Appearance) -> None:
    view = table(qtbot)
    view.show()
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert [index.row() for index in view.selectionModel().selectedRows()] == [1]
    assert (view.objectName(), view.accessibleName()) == ("tokenTable", "Tokens")
    assert not view.tabKeyNavigation(), "Tab leaves the table"


def test_a_table_of_cells_is_edited_in_place(qtbot: QtBot, dressed: Appearance) -> None:
    view = table(qtbot, cells=True)
    assert view.property("cells") == "true"
    assert view.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectItems
    assert view.tabKeyNavigation()


def test_a_row_is_higher_than_its_text(qtbot: QtBot, dressed: Appearance) -> None:
    view = table(qtbot)
    assert view.rowHeight(0) >= view.fontMetrics().height() + 16
