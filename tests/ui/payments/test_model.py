"""The payments as a Qt model: sound by Qt's own tester, filled as it is looked at, sorted by the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from l402desk.ledger.history import AMOUNT, TIME
from l402desk.ledger.purchases import PurchaseState
from l402desk.session.payments import PaymentsSession
from l402desk.ui.colours import LIGHT
from l402desk.ui.payments.columns import COLUMNS, STANDING
from l402desk.ui.payments.model import LINE_ROLE, PaymentsModel
from l402desk.ui.style import Appearance
from tests.fakes.bought import Bought
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import BIDI, TABLE_BOMB
from tests.fakes.purchased import NOW, Clock
from tests.session.accounts import add, an_account, change

HORIZONTAL = Qt.Orientation.Horizontal


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    bought = (
        Bought(1, NOW, path="/one", msat=3_000),
        Bought(2, NOW + 1, path="/two", msat=1_000, state=PurchaseState.UNKNOWN),
        Bought(3, NOW + 2, path="/three", msat=2_000, title=TABLE_BOMB, rail=BIDI),
    )
    with an_account(tmp_path, *bought) as made:
        yield made


@pytest.fixture
def session(qtbot: QtBot, services: Any) -> PaymentsSession:
    return PaymentsSession(ImmediateIo(services))


@pytest.fixture
def model(qtbot: QtBot, dressed: Appearance, session: PaymentsSession) -> PaymentsModel:
    made = PaymentsModel(session, Clock())
    session.changed.connect(made.take_list)
    with qtbot.waitSignals([session.changed, session.summed]):
        session.refresh()
    with qtbot.waitSignal(session.lines_came):
        made.index(0, 0).data()
    return made


def test_qt_finds_nothing_wrong_with_it(
    model: PaymentsModel, session: PaymentsSession, services: Any, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    add(services, Bought(9, NOW + 9))
    with qtbot.waitSignal(session.changed):
        session.refresh()
    services.is_unlocked = False
    with qtbot.waitSignal(session.changed):
        session.refresh()
    assert model.rowCount() == 0


def test_rows_columns_and_headings(model: PaymentsModel) -> None:
    assert (model.rowCount(), model.columnCount()) == (3, len(COLUMNS))
    assert [model.headerData(n, HORIZONTAL) for n in range(len(COLUMNS))] == [c.heading for c in COLUMNS]
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(99, HORIZONTAL) is None
    assert model.index(1, 2).data() == "GET /two"
    assert model.number_at(1) == 2
    assert model.number_at(9) is None
    line = model.index(0, 0).data(LINE_ROLE)
    assert line.purchase.id == "purchase-3"
    assert line == model.line_at(0)


def test_a_refresh_of_the_same_list_keeps_the_rows(
    model: PaymentsModel, session: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    change(services, "UPDATE purchases SET fee_msat = 500 WHERE number = 3")
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(session.changed):
        session.refresh()
    with qtbot.waitSignal(session.lines_came):
        assert model.index(0, 4).data() == "–"
    assert model.index(0, 4).data() == "0.5 sats"
    add(services, Bought(9, NOW + 9))
    with qtbot.waitSignal(model.modelReset):
        session.refresh()


def test_the_database_sorts(model: PaymentsModel, session: PaymentsSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.changed):
        model.sort(3, Qt.SortOrder.AscendingOrder)
    assert list(session.numbers) == [2, 3, 1]
    assert session.wanted.order is AMOUNT
    with qtbot.assertNotEmitted(session.changed, wait=20):
        model.sort(3, Qt.SortOrder.AscendingOrder)
        model.sort(-1)
    with qtbot.waitSignal(session.changed):
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert session.wanted.order is TIME


def test_colour_repeats_the_state_and_figures_stand_on_the_right(model: PaymentsModel) -> None:
    role = Qt.ItemDataRole.ForegroundRole
    assert model.index(1, STANDING).data(role) == QColor(LIGHT.caution)
    assert model.index(0, STANDING).data(role) == QColor(LIGHT.good)
    assert model.index(1, 0).data(role) is None
    side = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, 3).data(side) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(3, HORIZONTAL, side) is not None
    model.sort(3)
    assert model.headerData(3, HORIZONTAL, side) is None
    assert model.index(0, 0).data(side) is None


def test_what_others_wrote_is_shown_as_written(model: PaymentsModel) -> None:
    shown = str(model.index(0, 8).data())
    assert "\u202e" not in shown
    assert "‹U+202E›" in shown
    tip = str(model.index(0, 2).data(Qt.ItemDataRole.ToolTipRole))
    assert "<img" not in tip
