"""The tokens as a Qt model: sound by Qt's own tester, keeping a selection, telling time anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import LIGHT
from l402desk.ui.style import Appearance
from l402desk.ui.vault.columns import COLUMNS, EXPIRES, STANDING
from l402desk.ui.vault.model import TOKEN_ROLE, TokenModel
from l402desk.vault.tokens import TokenState
from tests.fakes.invoices import NOW
from tests.fakes.journeys import BIDI, TABLE_BOMB, summary
from tests.fakes.purchased import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def model(qapp: object, clock: Clock) -> TokenModel:
    made = TokenModel(clock)
    made.show_tokens([summary(n) for n in (1, 2, 3)])
    return made


def test_qt_finds_nothing_wrong_with_it(model: TokenModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    model.show_tokens([summary(4)])
    model.show_tokens([])


def test_rows_columns_and_headings(model: TokenModel) -> None:
    assert (model.rowCount(), model.columnCount()) == (3, len(COLUMNS))
    horizontal = Qt.Orientation.Horizontal
    assert [model.headerData(n, horizontal) for n in range(len(COLUMNS))] == [column.heading for column in COLUMNS]
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(99, horizontal) is None
    assert model.index(1, 0).data() == "service 2"
    assert model.index(1, 0).data(TOKEN_ROLE) == summary(2)


def test_the_same_tokens_with_new_uses_keep_their_rows(model: TokenModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show_tokens([summary(n, uses=9) for n in (1, 2, 3)])
    assert model.index(0, 5).data() == "9"
    with qtbot.waitSignal(model.modelReset):
        model.show_tokens([summary(2)])


def test_a_row_is_found_by_its_token(model: TokenModel) -> None:
    assert model.row_of("token-3") == 2
    assert model.row_of("gone") == -1
    assert model.token_at(5) is None
    assert model.token_at(-1) is None


def test_time_is_told_anew(model: TokenModel, clock: Clock, qtbot: QtBot) -> None:
    assert model.index(0, EXPIRES).data() == "1 h"
    clock.now = NOW + 3_600
    with qtbot.waitSignal(model.dataChanged):
        model.tick()
    assert model.index(0, EXPIRES).data() == "expired"


def test_an_empty_list_has_no_time_to_tell(model: TokenModel, qtbot: QtBot) -> None:
    model.show_tokens([])
    with qtbot.assertNotEmitted(model.dataChanged):
        model.tick()


def test_marks_are_colours_of_the_theme_and_never_alone(model: TokenModel, dressed: Appearance) -> None:
    model.show_tokens([summary(1, state=TokenState.UNDELIVERED)])
    colour = model.index(0, STANDING).data(Qt.ItemDataRole.ForegroundRole)
    assert isinstance(colour, QColor)
    assert colour.name() == LIGHT.caution
    assert model.index(0, STANDING).data() == "not delivered yet"
    assert model.index(0, 0).data(Qt.ItemDataRole.ForegroundRole) is None


def test_figures_stand_on_the_right(model: TokenModel) -> None:
    for column, shape in enumerate(COLUMNS):
        side = model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole)
        assert bool(side is not None and Qt.AlignmentFlag(side) & Qt.AlignmentFlag.AlignRight) == shape.is_figure


def test_hostile_titles_are_text(model: TokenModel) -> None:
    model.show_tokens([summary(1, title=TABLE_BOMB), summary(2, title=BIDI)])
    assert str(model.index(0, 0).data()).startswith("<table>")
    assert str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)).startswith("<qt>&lt;table&gt;")
    assert "\u202e" not in str(model.index(1, 0).data())
