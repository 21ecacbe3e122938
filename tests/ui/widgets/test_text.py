"""Foreign text is shown as written: not obeyed, not loaded, not waited for, and not invisible."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QColor, QGuiApplication, QImage, QTextDocument
from PySide6.QtWidgets import QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.text import (
    LABEL_LIMIT,
    LINE_LIMIT,
    VIEW_LIMIT,
    TextView,
    elided_label,
    label,
    plain_editor,
    sentences,
    set_tool_tip,
    tool_tip,
    visible,
)

TABLE_BOMB = "<b>" + "<table><tr><td>" * 18  # as rich text this takes more than twenty seconds
AT_ONCE = 2.0  # seconds, on a busy machine


def shown_at_once(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    start = time.monotonic()
    widget.show()
    widget.grab()
    assert time.monotonic() - start < AT_ONCE


def red_picture(folder: Path) -> Path:
    file = folder / "red.png"
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    assert image.save(str(file))
    return file


def has_red(widget: QWidget) -> bool:
    image = widget.grab().toImage()
    return any(image.pixelColor(x, y).name() == "#ff0000" for x in range(image.width()) for y in range(image.height()))


def test_the_table_bomb_is_shown_at_once_and_as_text(qtbot: QtBot, dressed: Appearance) -> None:
    made = label(TABLE_BOMB, wrap=True)
    shown_at_once(qtbot, made)
    assert made.textFormat() == Qt.TextFormat.PlainText
    assert made.text() == TABLE_BOMB
    elided = elided_label(TABLE_BOMB)
    shown_at_once(qtbot, elided)
    view = TextView(name="view", label="View")
    view.set_text(TABLE_BOMB)
    shown_at_once(qtbot, view)


def test_a_text_set_later_is_plain_too(qtbot: QtBot, dressed: Appearance) -> None:
    made = label("harmless")
    made.setText(TABLE_BOMB)
    shown_at_once(qtbot, made)
    assert made.textFormat() == Qt.TextFormat.PlainText


def test_a_picture_in_a_text_is_not_drawn(qtbot: QtBot, dressed: Appearance, tmp_path: Path) -> None:
    markup = f'<img src="{red_picture(tmp_path)}">'
    careless = QLabel(markup)
    qtbot.addWidget(careless)
    careless.show()
    assert has_red(careless), "the bait works where nothing guards"
    made = label(markup)
    qtbot.addWidget(made)
    made.show()
    assert not has_red(made)


def test_a_tool_tip_is_escaped_and_loads_nothing(tmp_path: Path) -> None:
    asked = []

    class Watching(QTextDocument):
        def loadResource(self, kind: int, url: QUrl | str) -> object:
            asked.append(url)
            return None

    for hostile in (TABLE_BOMB, f'<img src="{red_picture(tmp_path)}">', "&lt;b&gt; & <b>", "\"quoted\" 'text'"):
        document = Watching()
        document.setHtml(tool_tip(hostile))
        assert document.toPlainText().replace("\u200b", "") == hostile
    assert asked == []


def test_a_tool_tip_can_break_inside_an_invoice_and_keeps_its_lines() -> None:
    document = QTextDocument()
    document.setHtml(tool_tip("lnbc" + "q" * 300 + "\nsecond"))
    shown = document.toPlainText()
    assert max(len(part) for part in shown.replace("\n", "\u200b").split("\u200b")) <= 48
    assert shown.endswith("\nsecond")
    assert tool_tip("") == ""


def test_actions_widgets_and_tabs_take_the_same_tool_tip(qtbot: QtBot) -> None:
    widget, action, tabs = QWidget(), QAction(), QTabBar()
    for made in (widget, tabs):
        qtbot.addWidget(made)
    set_tool_tip(widget, "<b>")
    set_tool_tip(action, "<b>")
    tabs.addTab("one")
    tabs.setTabToolTip(0, tool_tip("<b>"))
    assert widget.toolTip() == action.toolTip() == tabs.tabToolTip(0) == "<qt>&lt;b&gt;</qt>"


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\x07", "\x00", "\U000e0041", "\ud800"]
)
def test_what_is_invisible_is_spelled_out(hidden: str) -> None:
    shown = visible(f"pay{hidden}me")
    assert hidden not in shown
    assert shown.startswith("pay")
    assert shown.endswith("me")
    assert len(shown) > len("pay_me") - 1


def test_lines_and_tabs_stay_as_they_are() -> None:
    assert visible("one\r\ntwo\tthree\nfour") == "one\ntwo\tthree\nfour"


def test_a_long_text_is_cut_and_the_rest_counted(qtbot: QtBot) -> None:
    made = label("x" * (LABEL_LIMIT + 7))
    qtbot.addWidget(made)
    assert made.text() == "x" * LABEL_LIMIT + "… (+7 characters)"


def test_a_label_carries_its_role_and_name_and_can_be_copied_from(qtbot: QtBot) -> None:
    made = label("21", role="price", name="challengeAmount", selectable=True)
    qtbot.addWidget(made)
    assert (made.property("role"), made.objectName()) == ("price", "challengeAmount")
    assert made.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert not made.openExternalLinks()


@pytest.mark.parametrize("mode", ["right", "middle"])
def test_an_elided_label_draws_less_and_says_all(qtbot: QtBot, dressed: Appearance, mode: str) -> None:
    text = "lnbc" + "q" * 300 + "end"
    made = elided_label(text, mode="middle" if mode == "middle" else "right")
    qtbot.addWidget(made)
    made.resize(120, 20)
    made.show()
    assert made.width() == 120
    assert made.minimumSizeHint().width() < 120
    assert made.text() == text
    assert "qqq" in made.toolTip()
    assert ink_near_the_right_edge(made) is (mode == "middle")


def ink_near_the_right_edge(widget: QWidget) -> bool:
    """With "…" in the middle the last letters stand at the edge, high; an ellipsis there has ink at its foot only."""
    image = widget.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    upper = range(2, image.height() // 2)
    return any(image.pixelColor(x, y) != ground for x in range(image.width() - 10, image.width()) for y in upper)


def test_a_view_breaks_huge_lines_and_copies_them_whole(qtbot: QtBot, dressed: Appearance) -> None:
    text = "a" * (2 * LINE_LIMIT + 5) + "\nshort\n" + "b" * (LINE_LIMIT + 1)
    view = TextView(name="view", label="View")
    view.set_text(text)
    qtbot.addWidget(view)
    assert max(len(line) for line in view.toPlainText().split("\n")) == LINE_LIMIT
    view.selectAll()
    view.copy()
    assert QGuiApplication.clipboard().text() == text


def test_a_part_that_begins_in_a_broken_line_is_copied_whole(qtbot: QtBot) -> None:
    view = TextView(name="view", label="View")
    view.set_text("a" * (3 * LINE_LIMIT) + "\nend")
    qtbot.addWidget(view)
    cursor = view.textCursor()
    cursor.setPosition(LINE_LIMIT + 10)
    cursor.setPosition(view.document().characterCount() - 1, cursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    assert view.createMimeDataFromSelection().text() == "a" * (2 * LINE_LIMIT - 9) + "\nend"


def test_a_megabyte_on_one_line_is_shown_at_once(qtbot: QtBot, dressed: Appearance) -> None:
    view = TextView(name="view", label="View")
    view.resize(600, 400)
    start = time.monotonic()
    view.set_text("x" * 1_000_000)
    shown_at_once(qtbot, view)
    assert time.monotonic() - start < 2 * AT_ONCE


def test_a_view_says_what_it_leaves_out(qtbot: QtBot) -> None:
    view = TextView(name="view", label="View")
    qtbot.addWidget(view)
    view.set_text("line\n" * (VIEW_LIMIT // 5) + "12345")
    assert view.toPlainText().endswith("… (+5 characters)")


def test_no_document_fetches_anything(qtbot: QtBot, tmp_path: Path) -> None:
    file = QUrl.fromLocalFile(str(red_picture(tmp_path)))
    kind = int(QTextDocument.ResourceType.ImageResource.value)
    assert QTextDocument().resource(kind, file) is not None, "the bait works where nothing guards"
    for made in (TextView(name="view", label="View"), plain_editor(name="editor", label="Body")):
        qtbot.addWidget(made)
        assert made.document().resource(kind, file) is None


def test_a_view_and_an_editor_are_named_and_only_one_is_written_in(qtbot: QtBot) -> None:
    view, editor = TextView(name="view", label="View", mono=False), plain_editor(name="bodyEditor", label="Body")
    for made in (view, editor):
        qtbot.addWidget(made)
    assert view.isReadOnly()
    assert not editor.isReadOnly()
    assert (editor.objectName(), editor.accessibleName(), editor.property("role")) == ("bodyEditor", "Body", "mono")
    assert view.property("role") is None


def test_an_endless_word_of_a_server_is_broken_and_does_not_widen_the_window(qtbot: QtBot, dressed: Appearance) -> None:
    made = label("x" * 600, wrap=True)
    qtbot.addWidget(made)
    assert made.minimumSizeHint().width() <= 240
    made.resize(300, made.heightForWidth(300))
    assert made.height() > 5 * made.fontMetrics().height()
    assert made.text() == "x" * 600


def test_a_wrapped_text_that_is_copied_holds_nothing_but_itself(qtbot: QtBot) -> None:
    made = label("0f" * 32, wrap=True, selectable=True)
    qtbot.addWidget(made)
    made.setSelection(0, 64)
    assert made.selectedText() == "0f" * 32


def test_parts_become_sentences_whoever_wrote_them() -> None:
    assert sentences("No route was found", "Try again.") == "No route was found. Try again."
    assert sentences("Paid.", "") == "Paid."
    assert sentences("  ", "") == ""
    assert sentences("Why?", "wait…") == "Why? wait…"
