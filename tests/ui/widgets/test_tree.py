"""Decoded fields: whole when copied, plain when hovered, readable aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import DARK, LIGHT
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.tree import FieldRow, FieldTree

INVOICE = "lnbc" + "q" * 700
ROWS = (
    FieldRow(
        "Invoice",
        INVOICE,
        (
            FieldRow("Amount", "21 000 msat", copy="21000"),
            FieldRow("Payment hash", "7be3", severity="good", hint="matches the token"),
            FieldRow("Description", "<b>two\nlines</b>\u202e", mono=False),
        ),
    ),
    FieldRow("Token"),
)


@pytest.fixture
def tree(qtbot: QtBot, dressed: Appearance) -> FieldTree:
    made = FieldTree(name="invoiceTree", label="Decoded invoice")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show_rows(ROWS)
    made.show()
    return made


def line(tree: FieldTree, field: str) -> QTreeWidgetItem:
    (found,) = tree.findItems(field, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, 0)
    return found


def icon_colours(item: QTreeWidgetItem) -> set[str]:
    image = item.icon(1).pixmap(48).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_all_lines_are_open_and_the_tree_is_named(tree: FieldTree) -> None:
    assert (tree.objectName(), tree.accessibleName()) == ("invoiceTree", "Decoded invoice")
    assert line(tree, "Invoice").isExpanded()
    assert tree.currentItem() is line(tree, "Invoice")


def test_ctrl_c_copies_the_whole_value_of_the_current_line(qtbot: QtBot, tree: FieldTree) -> None:
    tree.setFocus()
    qtbot.waitUntil(tree.hasFocus)
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == INVOICE
    tree.setCurrentItem(line(tree, "Amount"))
    QTest.keyClick(tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "21000"


def test_a_line_without_a_value_leaves_the_clipboard_alone(tree: FieldTree) -> None:
    QGuiApplication.clipboard().setText("before")
    tree.setCurrentItem(line(tree, "Token"))
    tree.copy_value()
    assert QGuiApplication.clipboard().text() == "before"


def test_a_value_is_one_visible_line_and_its_tool_tip_is_escaped(tree: FieldTree) -> None:
    item = line(tree, "Description")
    assert item.text(1) == "<b>two lines</b>‹U+202E›"
    assert item.toolTip(1) == "<qt>&lt;b&gt;two<br>lines&lt;/b&gt;‹U+202E›</qt>"
    assert "matches the token" in line(tree, "Payment hash").toolTip(0)


def test_a_long_value_is_cut_for_the_eye_only(tree: FieldTree) -> None:
    assert len(line(tree, "Invoice").text(1)) < len(INVOICE)
    assert tree.value_of("Invoice") == INVOICE
    assert tree.value_of("No such field") == ""


def test_a_severity_is_an_icon_a_word_and_follows_the_theme(tree: FieldTree, dressed: Appearance) -> None:
    item = line(tree, "Payment hash")
    assert item.data(1, Qt.ItemDataRole.AccessibleTextRole) == "Good: 7be3"
    assert LIGHT.good in icon_colours(item)
    dressed.choose("dark")
    assert DARK.good in icon_colours(item)


def test_new_rows_replace_the_old_ones(tree: FieldTree) -> None:
    tree.show_rows(())
    assert tree.topLevelItemCount() == 0
    assert tree.value_of("Invoice") == ""
