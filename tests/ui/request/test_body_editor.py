"""Each kind of body keeps what was typed into it; only the shown one is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from l402desk.client.body import Body, FileBody, FormBody, JsonBody, NoBody, TextBody
from l402desk.client.fields import Field
from l402desk.ui.request.body_editor import FILE, JSON, NONE, TEXT, BodyEditor


@pytest.fixture
def editor(qtbot: QtBot) -> BodyEditor:
    made = BodyEditor()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def kind_box(editor: BodyEditor) -> QComboBox:
    box = editor.findChild(QComboBox, "bodyKindBox")
    assert isinstance(box, QComboBox)
    return box


@pytest.mark.parametrize(
    "body",
    [
        NoBody(),
        JsonBody('{"a": 1}'),
        TextBody("hello"),
        TextBody("<a/>", "application/xml"),
        FormBody((Field("a", "1"), Field("b", "2", False))),
        FileBody(Path("/somewhere/a.bin"), "image/x-own"),
    ],
)
def test_a_body_that_is_shown_is_handed_out_unchanged(editor: BodyEditor, body: Body) -> None:
    editor.set_body(body)
    assert editor.body() == body
    assert editor.has_body == (body != NoBody())


def test_looking_at_another_kind_loses_nothing(editor: BodyEditor) -> None:
    editor.set_body(JsonBody("[1]"))
    kind_box(editor).setCurrentIndex(NONE)
    assert editor.body() == NoBody()
    kind_box(editor).setCurrentIndex(JSON)
    assert editor.body() == JsonBody("[1]")


def test_a_file_body_without_a_file_is_a_problem_in_words(editor: BodyEditor) -> None:
    kind_box(editor).setCurrentIndex(FILE)
    assert "Choose the file" in editor.problem
    kind_box(editor).setCurrentIndex(TEXT)
    assert editor.problem == ""


def test_typing_is_told(editor: BodyEditor, qtbot: QtBot) -> None:
    kind_box(editor).setCurrentIndex(TEXT)
    text = editor.findChild(QPlainTextEdit, "bodyEditor")
    assert isinstance(text, QPlainTextEdit)
    with qtbot.waitSignal(editor.changed):
        QTest.keyClicks(text, "x")
