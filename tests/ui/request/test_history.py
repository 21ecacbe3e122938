"""The history lists the latest sends first, without limitless growth."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from l402desk.ui.request.history import KEPT, PRICE, REQUEST, STATUS, TIME, HistoryItem, HistoryModel
from tests.ui.request.samples import draft_of


def sent(path: str, status: int | None = 200) -> HistoryItem:
    return HistoryItem(1_795_221_073.0, "GET", path, status, "21 sats", draft_of(path))


@pytest.fixture
def model(qtbot: QtBot) -> HistoryModel:
    return HistoryModel()


def test_the_model_keeps_qts_contract_while_it_grows(model: HistoryModel, qtmodeltester: Any) -> None:
    qtmodeltester.check(model)
    model.add(sent("/a"))
    model.add(sent("/b"))
    qtmodeltester.check(model)


def test_only_the_latest_are_kept(model: HistoryModel) -> None:
    for number in range(KEPT + 2):
        model.add(sent(f"/{number}"))
    assert model.rowCount() == KEPT
    assert model.index(KEPT - 1, REQUEST).data() == "GET /2"


def test_the_newest_stands_first(model: HistoryModel) -> None:
    model.add(sent("/old"))
    model.add(sent("/new", None))
    assert [model.index(row, REQUEST).data() for row in range(2)] == ["GET /new", "GET /old"]
    assert [model.index(row, STATUS).data() for row in range(2)] == ["none", "200"]
    assert model.index(0, PRICE).data() == "21 sats"
    assert re.fullmatch(r"\d\d:\d\d", model.index(0, TIME).data())


def test_a_row_leads_to_what_was_sent(model: HistoryModel) -> None:
    model.add(sent("/a"))
    item = model.item(model.index(0, PRICE))
    assert item is not None
    assert item.draft == draft_of("/a")
