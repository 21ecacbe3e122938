"""The list of payments over a real database: read in pages, kept fresh, and never an older answer over a newer one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from l402desk.engine.statement_file import FileKind
from l402desk.ledger.history import AMOUNT, PurchaseFilter
from l402desk.ledger.sums import Span
from l402desk.protocol.amount import Msat
from l402desk.session.payment_listing import MONTHS, Wanted
from l402desk.session.payments import KEPT, PAGE, PaymentsSession
from l402desk.store.errors import DiskFull
from tests.fakes.bought import Bought
from tests.fakes.io import ImmediateIo
from tests.fakes.purchased import NOW
from tests.session.accounts import add, an_account, change


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    with an_account(tmp_path, *(Bought(n, NOW + n, msat=n * 1_000) for n in range(1, 251)), now=NOW + 300) as made:
        yield made


@pytest.fixture
def session(qtbot: QtBot, services: Any) -> PaymentsSession:
    return PaymentsSession(ImmediateIo(services))


@pytest.fixture
def loaded(qtbot: QtBot, session: PaymentsSession) -> PaymentsSession:
    with qtbot.waitSignals([session.changed, session.summed]):
        session.refresh()
    return session


def test_a_list_is_a_row_of_numbers_and_its_sums_follow(loaded: PaymentsSession) -> None:
    assert loaded.is_loaded
    assert list(loaded.numbers[:3]) == [250, 249, 248]
    assert loaded.everything == 250
    assert loaded.summary.ever.total == Msat(sum(range(1, 251)) * 1_000)
    assert loaded.row_of(248) == 2
    assert loaded.row_of(9_999) == -1


def test_a_line_comes_when_it_is_looked_at_with_its_whole_page(loaded: PaymentsSession, qtbot: QtBot) -> None:
    io = loaded._io
    assert isinstance(io, ImmediateIo)
    jobs = io.jobs
    with qtbot.waitSignal(loaded.lines_came):
        assert [loaded.line_at(row) for row in range(30)] == [None] * 30
    assert io.jobs == jobs + 1
    line = loaded.line_at(PAGE - 1)
    assert line is not None
    assert line.purchase.amount == Msat((250 - PAGE + 1) * 1_000)
    with qtbot.assertNotEmitted(loaded.lines_came, wait=20):
        loaded.line_at(5)
    with qtbot.waitSignal(loaded.lines_came):
        assert loaded.line_at(PAGE) is None
    assert loaded.line_at(-1) is None
    assert loaded.line_at(250) is None


def test_a_refresh_keeps_what_is_shown_until_it_is_read_anew(
    loaded: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(loaded.lines_came):
        loaded.line_at(0)
    change(services, "UPDATE purchases SET fee_msat = 7 WHERE number = 250")
    add(services, Bought(251, NOW + 251))
    with qtbot.waitSignal(loaded.changed):
        loaded.refresh()
    assert list(loaded.numbers[:2]) == [251, 250]
    with qtbot.waitSignal(loaded.lines_came):
        stale = loaded.line_at(1)
    assert stale is not None
    assert stale.purchase.fee is None
    fresh = loaded.line_at(1)
    assert fresh is not None
    assert fresh.purchase.fee == Msat(7)


def test_an_answer_to_an_older_question_is_not_shown(qtbot: QtBot, services: Any) -> None:
    io = ImmediateIo(services)
    session = PaymentsSession(io)
    io.held = True
    session.want(Wanted(PurchaseFilter(text="nothing of the kind")))
    session.want(Wanted(order=AMOUNT, descending=False))
    io.let_go(1, 0)
    assert list(session.numbers[:2]) == [1, 2]
    io.let_go()


def test_locking_takes_everything_away(loaded: PaymentsSession, services: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(loaded.lines_came):
        loaded.line_at(0)
    services.is_unlocked = False
    with qtbot.waitSignal(loaded.changed):
        loaded.refresh()
    assert not loaded.is_loaded
    assert len(loaded.numbers) == 0
    assert loaded.line_at(0) is None
    assert not loaded._lines


def test_the_bars_are_days_or_months(loaded: PaymentsSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(loaded.summed):
        loaded.show_span(Span.MONTH)
    assert loaded.summary.span is Span.MONTH
    assert len(loaded.summary.bars) == MONTHS


def test_what_is_listed_is_written_into_a_file(loaded: PaymentsSession, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(loaded.changed):
        loaded.want(Wanted(PurchaseFilter(since=NOW + 249)))
    target = tmp_path / "payments.csv"
    with qtbot.waitSignal(loaded.exported) as told:
        loaded.export(target, FileKind.CSV)
    assert told.args == [2]
    assert len(target.read_text("utf-8").splitlines()) == 3
    with qtbot.waitSignal(loaded.went_wrong) as wrong:
        loaded.export(target, FileKind.CSV)
    assert "already" in str(wrong.args)
    with qtbot.waitSignal(loaded.exported):
        loaded.export(target, FileKind.JSON, replace=True)


def test_a_failure_is_said_in_words_with_its_remedy(
    loaded: PaymentsSession, services: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_work: object) -> None:
        raise DiskFull

    monkeypatch.setattr(services.database, "read", broken)
    with qtbot.waitSignal(loaded.went_wrong) as told:
        loaded.refresh()
    assert told.args == [f"{DiskFull().sentence} {DiskFull().remedy}"]
    assert loaded.is_loaded


def test_only_so_many_lines_are_remembered(loaded: PaymentsSession, services: Any, qtbot: QtBot) -> None:
    add(services, *(Bought(n, NOW + n) for n in range(1_000, 1_000 + KEPT + PAGE)))
    with qtbot.waitSignal(loaded.changed):
        loaded.refresh()
    for row in range(0, len(loaded.numbers), 10 * PAGE):
        for page in range(10):
            loaded.line_at(row + page * PAGE)
        with qtbot.waitSignal(loaded.lines_came):
            pass
    assert len(loaded._lines) <= KEPT
    dropped = next(row for row, number in enumerate(loaded.numbers) if number not in loaded._lines)
    with qtbot.waitSignal(loaded.lines_came):
        assert loaded.line_at(dropped) is None
    assert loaded.line_at(dropped) is not None
