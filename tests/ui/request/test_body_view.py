"""The body with its tools: laid out or raw, found in, copied, saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.client.answer import Answer, Timings
from l402desk.client.spool import SpooledBody
from l402desk.ui.request.body_view import BodyView
from tests.ui.request.samples import answer_of
from tests.ui.request.test_image_view import png_of


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    view = BodyView()
    layout.addWidget(view.tools)
    layout.addWidget(view)
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    return made


@pytest.fixture
def view(page: QWidget) -> BodyView:
    found = page.findChild(BodyView)
    assert isinstance(found, BodyView)
    return found


def text_of(page: QWidget, qtbot: QtBot) -> str:
    pane = page.findChild(QPlainTextEdit, "responseBody")
    assert isinstance(pane, QPlainTextEdit)
    qtbot.wait(1)
    return pane.toPlainText()


def button(page: QWidget, name: str) -> QAbstractButton:
    found = page.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def note(page: QWidget) -> str:
    found = page.findChild(QLabel, "bodyNote")
    assert isinstance(found, QLabel)
    return found.text()


def test_json_is_laid_out_until_raw_is_wanted(page: QWidget, view: BodyView, qtbot: QtBot) -> None:
    view.show_answer(answer_of(b'{"a":1}'))
    assert text_of(page, qtbot) == '{\n  "a": 1\n}'
    button(page, "prettyButton").click()
    assert text_of(page, qtbot) == '{"a":1}'


def test_text_has_no_switch_for_laying_out(page: QWidget, view: BodyView, qtbot: QtBot) -> None:
    view.show_answer(answer_of(b"<h1>hi</h1>", "text/html"))
    assert text_of(page, qtbot) == "<h1>hi</h1>"
    assert not button(page, "prettyButton").isVisible()


def test_copy_takes_the_shown_text_without_breaks_for_the_eye(page: QWidget, view: BodyView) -> None:
    view.show_answer(answer_of(b"a" * 5_000, "text/plain"))
    button(page, "copyBodyButton").click()
    assert QGuiApplication.clipboard().text() == "a" * 5_000
    assert note(page) == "Copied."


def test_ctrl_f_opens_the_find_bar(page: QWidget, view: BodyView, qtbot: QtBot) -> None:
    view.show_answer(answer_of(b'{"a":1}'))
    pane = page.findChild(QPlainTextEdit, "responseBody")
    field = page.findChild(QLineEdit, "findField")
    assert isinstance(pane, QPlainTextEdit)
    assert isinstance(field, QLineEdit)
    page.activateWindow()
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert field.isVisible()


def test_saving_asks_with_a_safe_name_and_writes_the_whole_body(
    page: QWidget, view: BodyView, qtbot: QtBot, tmp_path: Path
) -> None:
    data = b"x" * (2 << 20)
    header = ("Content-Disposition", 'attachment; filename="../../evil.txt"')
    view.show_answer(answer_of(data, "text/plain", more_headers=(header,)))
    button(page, "saveBodyButton").click()
    dialog = view.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "evil.txt"
    with qtbot.waitSignal(view.saved) as caught:
        dialog.fileSelected.emit(str(tmp_path / "mine.txt"))
    dialog.reject()
    assert caught.args == ["Saved."]
    assert (tmp_path / "mine.txt").read_bytes() == data


def test_a_failed_save_says_why(view: BodyView, page: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    view.show_answer(answer_of())
    with qtbot.waitSignal(view.saved):
        view.save_to(tmp_path / "missing" / "x")
    assert note(page) == "Not saved: No such file or directory."
    assert button(page, "saveBodyButton").isEnabled()


def test_a_tab_that_closes_while_saving_leaves_nothing_half_written(view: BodyView, tmp_path: Path) -> None:
    source = tmp_path / "spool"
    source.write_bytes(b"x" * (9 << 20))
    body = SpooledBody(None, source, 9 << 20)
    view.show_answer(Answer(200, "OK", "HTTP/1.1", "http://a/", (), body, Timings()))
    view.save_to(tmp_path / "saved")
    assert len(list(tmp_path.glob(".*.part"))) == 1
    view.end()
    assert set(tmp_path.iterdir()) <= {tmp_path / "home", source}


def test_a_picture_is_shown_as_one(page: QWidget, view: BodyView) -> None:
    view.show_answer(answer_of(png_of(30, 20), "image/png"))
    picture = page.findChild(QWidget, "responseImage")
    assert isinstance(picture, QWidget)
    assert picture.isVisible()
    assert note(page) == "30 × 20 pixels"
    assert not button(page, "copyBodyButton").isVisible()


def test_a_body_whose_file_is_gone_says_so(page: QWidget, view: BodyView, tmp_path: Path) -> None:
    body = SpooledBody(None, tmp_path / "gone", 5)
    view.show_answer(Answer(200, "OK", "HTTP/1.1", "http://a/", (), body, Timings()))
    assert "Send the request again" in note(page)
