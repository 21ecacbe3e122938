"""One file or folder that is dropped is told; anything else, and anything while it is closed, is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.vault.store_drop import StoreDrop
from tests.ui.vault.drops import drop


@pytest.fixture
def target(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def told(target: QWidget) -> list[object]:
    told: list[object] = []
    StoreDrop(target).dropped.connect(told.append)
    return told


def test_one_local_thing_is_taken(target: QWidget, told: list[object], tmp_path: Path) -> None:
    assert drop(target, QUrl.fromLocalFile(str(tmp_path)))
    assert told == [tmp_path]


@pytest.mark.parametrize("urls", [[], ["https://a.example/tokens"], ["file:///a", "file:///b"]])
def test_nothing_else_is(target: QWidget, told: list[object], urls: list[str]) -> None:
    assert not drop(target, *map(QUrl, urls))
    assert told == []


def test_a_closed_one_takes_nothing(target: QWidget, told: list[object], tmp_path: Path) -> None:
    closed = target.findChild(StoreDrop)
    assert closed is not None
    closed.is_open = False
    assert not drop(target, QUrl.fromLocalFile(str(tmp_path)))
    assert told == []
