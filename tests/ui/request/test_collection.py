"""The collection is a tree of groups and requests with prices, searchable and harmless."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from l402desk.ui.request.collection import ITEM_ROLE, PRICE, REQUEST, SEARCH_ROLE, CollectionItem, CollectionModel
from tests.ui.request.samples import draft_of


def item(group: str, name: str, price: str = "") -> CollectionItem:
    return CollectionItem(group, "GET", name, f"http://127.0.0.1:8402{name}", price, draft_of(name))


ITEMS = (item("Sandbox", "/weather", "21 sats"), item("Other", "/a"), item("Sandbox", "/quote"))


@pytest.fixture
def model(qtbot: QtBot) -> CollectionModel:
    made = CollectionModel()
    made.set_items(ITEMS)
    return made


def test_the_model_keeps_qts_contract(model: CollectionModel, qtmodeltester: Any) -> None:
    qtmodeltester.check(model)
    model.set_items(ITEMS[:1])
    model.set_items(())
    qtmodeltester.check(model)


def test_requests_lie_in_their_groups_in_the_order_they_came(model: CollectionModel) -> None:
    groups = [model.index(row, 0) for row in range(model.rowCount())]
    assert [group.data() for group in groups] == ["Sandbox", "Other"]
    assert [model.index(row, REQUEST, groups[0]).data() for row in range(model.rowCount(groups[0]))] == [
        "GET  /weather",
        "GET  /quote",
    ]


def test_the_price_stands_right_aligned_in_a_column_of_its_own(model: CollectionModel) -> None:
    price = model.index(0, PRICE, model.index(0, 0))
    assert price.data() == "21 sats"
    assert price.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_an_index_leads_to_its_item_and_a_group_to_none(model: CollectionModel) -> None:
    group = model.index(1, 0)
    assert model.item(group) is None
    assert model.index(0, 0, group).data(ITEM_ROLE) == ITEMS[1]
    assert model.parent(model.index(0, 0, group)) == group
    assert model.parent(group) == QModelIndex()


def test_group_name_and_address_are_searched(model: CollectionModel) -> None:
    searched = model.index(0, 0, model.index(0, 0)).data(SEARCH_ROLE)
    assert "Sandbox" in searched
    assert "127.0.0.1:8402" in searched


def test_foreign_names_are_shown_marked_and_tool_tips_escaped(qtbot: QtBot) -> None:
    model = CollectionModel()
    model.set_items([item("<b>\u202egroup", "<i>")])
    group = model.index(0, 0)
    assert group.data() == "<b>‹U+202E›group"
    assert "<i>" not in model.index(0, 0, group).data(Qt.ItemDataRole.ToolTipRole)
