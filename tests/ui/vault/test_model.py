"""The tokens as a Qt model: rows come when they are looked at, a page at a time, and never more than are kept."""

from __future__ import annotations

from array import array

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import LIGHT
from l402desk.ui.style import Appearance
from l402desk.ui.vault import model as module
from l402desk.ui.vault.columns import COLUMNS, EXPIRES, STANDING
from l402desk.ui.vault.model import PAGE, TOKEN_ROLE, WAITING, TokenModel
from l402desk.vault.tokens import TokenState, TokenSummary
from tests.fakes.invoices import NOW
from tests.fakes.journeys import BIDI, TABLE_BOMB, summary
from tests.fakes.purchased import Clock


class Asked(TokenModel):
    """A model that answers nothing by itself, and remembers what it asked for."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.questions: list[tuple[int, ...]] = []
        self.rows_wanted.connect(self.questions.append)

    def answer(self, *tokens: TokenSummary, first: int = 1) -> None:
        self.take_rows(dict(enumerate(tokens, first)))


def numbers(count: int) -> array[int]:
    return array("q", range(1, count + 1))


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def model(qtbot: QtBot, clock: Clock) -> Asked:
    """Three rows, all of them here."""
    made = Asked(clock)
    made.show_numbers(numbers(3))
    made.token_at(0)
    qtbot.waitUntil(lambda: bool(made.questions))
    made.answer(*(summary(n) for n in (1, 2, 3)))
    made.questions.clear()
    return made


def test_qt_finds_nothing_wrong_with_it(model: Asked, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt leaves it untyped
    model.show_numbers(array("q", [4]))
    model.show_numbers(array("q"))


def test_rows_columns_and_headings(model: Asked) -> None:
    assert (model.rowCount(), model.columnCount()) == (3, len(COLUMNS))
    horizontal = Qt.Orientation.Horizontal
    assert [model.headerData(n, horizontal) for n in range(len(COLUMNS))] == [column.heading for column in COLUMNS]
    assert model.headerData(0, Qt.Orientation.Vertical) is None
    assert model.headerData(99, horizontal) is None
    assert model.index(1, 0).data() == "service 2"
    assert model.index(1, 0).data(TOKEN_ROLE) == summary(2)


def test_a_row_is_asked_for_when_it_is_looked_at_and_waits_in_words(qtbot: QtBot, clock: Clock) -> None:
    model = Asked(clock)
    model.show_numbers(numbers(1_000))
    qtbot.wait(5)
    assert model.questions == []
    assert model.index(450, 0).data() == WAITING
    assert model.index(450, 1).data() is None
    assert model.index(450, 0).data(TOKEN_ROLE) is None
    qtbot.waitUntil(lambda: bool(model.questions))
    assert set(model.questions[0]) == set(range(2 * PAGE + 1, 3 * PAGE + 1))
    with qtbot.waitSignal(model.dataChanged):
        model.take_rows({number: summary(number) for number in model.questions[0]})
    assert model.index(450, 0).data() == "service 451"
    assert model.token_at(450) == summary(451)


def test_one_question_is_asked_at_a_time_and_what_was_scrolled_past_is_not(qtbot: QtBot, clock: Clock) -> None:
    model = Asked(clock)
    model.show_numbers(numbers(100 * PAGE))
    model.token_at(0)
    qtbot.waitUntil(lambda: len(model.questions) == 1)
    for page in range(1, 60):
        model.token_at(page * PAGE)
    qtbot.wait(5)
    assert len(model.questions) == 1
    model.take_rows({})
    qtbot.waitUntil(lambda: len(model.questions) == 2)
    assert min(model.questions[1]) == 59 * PAGE + 1
    model.take_rows({})
    qtbot.waitUntil(lambda: len(model.questions) == 3)
    model.take_rows({})
    qtbot.wait(5)
    assert len(model.questions) == 3


def test_rows_that_are_gone_are_not_asked_for_again_and_again(qtbot: QtBot, model: Asked) -> None:
    model.show_numbers(array("q", [1, 2, 3, 9]))
    model.token_at(3)
    qtbot.waitUntil(lambda: len(model.questions) == 1)
    model.take_rows({number: summary(number) for number in (1, 2, 3)})
    assert model.token_at(3) is None
    qtbot.wait(5)
    assert len(model.questions) == 1


def test_no_more_rows_are_kept_than_a_few_pages(qtbot: QtBot, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 2 * PAGE)
    model = Asked(clock)
    model.show_numbers(numbers(10 * PAGE))
    for page in range(6):
        model.token_at(page * PAGE)
        qtbot.waitUntil(lambda page=page: len(model.questions) == page + 1)  # type: ignore[misc]
        model.take_rows({number: summary(number) for number in model.questions[-1]})
    assert len(model._kept) == 2 * PAGE
    assert model.token_at(0) is None
    assert model.token_at(5 * PAGE) is not None
    qtbot.waitUntil(lambda: len(model.questions) == 7)


def test_the_same_rows_keep_their_place_and_their_words_until_newer_ones_come(model: Asked, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        assert model.show_numbers(numbers(3)) is False
    assert model.index(0, 6).data() == "3"
    qtbot.waitUntil(lambda: len(model.questions) == 1)
    model.answer(*(summary(n, uses=9) for n in (1, 2, 3)))
    assert model.index(0, 6).data() == "9"
    with qtbot.waitSignal(model.modelReset):
        assert model.show_numbers(array("q", [2])) is True
    assert model.index(0, 0).data() == "service 2"


def test_a_row_is_found_by_its_number(model: Asked) -> None:
    assert model.row_of(3) == 2
    assert model.row_of(99) == -1
    assert model.row_of(None) == -1
    assert [model.number_at(row) for row in (0, 2, 3, -1)] == [1, 3, None, None]
    assert model.token_at(5) is None
    assert model.token_at(-1) is None


def test_time_is_told_anew_for_the_rows_in_sight(model: Asked, clock: Clock, qtbot: QtBot) -> None:
    assert model.index(0, EXPIRES).data() == "1 h"
    clock.now = NOW + 3_600
    with qtbot.waitSignal(model.dataChanged) as told:
        model.tick(1, 99)
    assert (told.args[0].row(), told.args[1].row()) == (1, 2)
    assert model.index(0, EXPIRES).data() == "expired"


def test_an_empty_list_has_no_time_to_tell(model: Asked, qtbot: QtBot) -> None:
    model.show_numbers(array("q"))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.tick(0, 10)


def shown(model: Asked, qtbot: QtBot, *tokens: TokenSummary) -> None:
    model.show_numbers(numbers(len(tokens)))
    model.token_at(0)
    qtbot.waitUntil(lambda: bool(model.questions))
    model.answer(*tokens)


def test_marks_are_colours_of_the_theme_and_never_alone(model: Asked, dressed: Appearance, qtbot: QtBot) -> None:
    shown(model, qtbot, summary(1, state=TokenState.UNDELIVERED))
    colour = model.index(0, STANDING).data(Qt.ItemDataRole.ForegroundRole)
    assert isinstance(colour, QColor)
    assert colour.name() == LIGHT.caution
    assert model.index(0, STANDING).data() == "not delivered"
    assert model.index(0, 0).data(Qt.ItemDataRole.ForegroundRole) is None


def test_figures_stand_on_the_right(model: Asked) -> None:
    for column, shape in enumerate(COLUMNS):
        side = model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole)
        assert bool(side is not None and Qt.AlignmentFlag(side) & Qt.AlignmentFlag.AlignRight) == shape.is_figure


def test_hostile_titles_are_text(model: Asked, qtbot: QtBot) -> None:
    shown(model, qtbot, summary(1, title=TABLE_BOMB), summary(2, title=BIDI))
    assert str(model.index(0, 0).data()).startswith("<table>")
    assert str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)).startswith("<qt>&lt;table&gt;")
    assert "\u202e" not in str(model.index(1, 0).data())


def test_the_heading_of_the_sorted_column_makes_room_for_the_arrow(qapp: object) -> None:
    model = TokenModel()
    paid = next(at for at, column in enumerate(COLUMNS) if column.heading == "Paid")
    alignment = Qt.ItemDataRole.TextAlignmentRole
    assert model.headerData(paid, Qt.Orientation.Horizontal, alignment) == COLUMNS[paid].side
    model.tell_sorted(COLUMNS[paid].order)
    assert model.headerData(paid, Qt.Orientation.Horizontal, alignment) is None
