"""The answer stands below the request, and beside it in a wide window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.request.answer_split import WIDE, AnswerSplit


@pytest.fixture
def split(qtbot: QtBot) -> AnswerSplit:
    made = AnswerSplit()
    made.addWidget(QWidget())
    made.addWidget(QWidget())
    qtbot.addWidget(made)
    made.resize(1_000, 600)
    made.show()
    return made


def test_it_turns_when_the_window_becomes_wide_and_back(split: AnswerSplit) -> None:
    assert split.orientation() == Qt.Orientation.Vertical
    split.resize(WIDE + 100, 600)
    assert split.orientation() == Qt.Orientation.Horizontal
    split.resize(WIDE, 600)
    assert split.orientation() == Qt.Orientation.Vertical


def test_the_answer_gets_the_larger_share(split: AnswerSplit) -> None:
    request, answer = split.sizes()
    assert answer > request > 100


def test_a_dragged_handle_stays_where_it_was_put(split: AnswerSplit) -> None:
    split.moveSplitter(300, 1)
    split.resize(1_001, 600)
    assert abs(split.sizes()[0] - 300) <= 2
