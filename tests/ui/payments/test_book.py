"""The table beside the chosen payment: a refresh moves neither selection nor view, a sought one comes to the front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from l402desk.ledger.purchases import PurchaseState
from l402desk.session.payments import PaymentsSession
from l402desk.ui.payments.book import PaymentBook
from l402desk.ui.payments.columns import COLUMNS
from l402desk.ui.style import Appearance
from tests.fakes.bought import Bought
from tests.fakes.io import ImmediateIo
from tests.fakes.purchased import NOW, Clock
from tests.session.accounts import add, an_account, change


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    with an_account(tmp_path, *(Bought(n, NOW + n, msat=n * 1_000) for n in range(1, 301)), now=NOW + 400) as made:
        yield made


@pytest.fixture
def session(qtbot: QtBot, services: Any) -> PaymentsSession:
    return PaymentsSession(ImmediateIo(services))


@pytest.fixture
def book(qtbot: QtBot, dressed: Appearance, session: PaymentsSession) -> PaymentBook:
    made = PaymentBook(session, Clock(NOW + 400))
    qtbot.addWidget(made)
    made.resize(1_168, 400)
    session.changed.connect(made.take_list)
    made.show()
    made.activateWindow()
    refresh(qtbot, session)
    qtbot.waitUntil(lambda: made.detail.line is not None)
    return made


def refresh(qtbot: QtBot, session: PaymentsSession) -> None:
    with qtbot.waitSignals([session.changed, session.summed]):
        session.refresh()


def chosen(book: PaymentBook, qtbot: QtBot, purchase_id: str) -> bool:
    qtbot.waitUntil(lambda: book.detail.line is not None and book.detail.line.purchase.id == purchase_id)
    return True


def test_the_newest_is_chosen_and_shown(book: PaymentBook, qtbot: QtBot) -> None:
    assert book.table.objectName() == "paymentsTable"
    assert chosen(book, qtbot, "purchase-300")


def test_the_keyboard_moves_through_the_payments(book: PaymentBook, qtbot: QtBot) -> None:
    book.table.setFocus()
    QTest.keyClick(book.table, Qt.Key.Key_Down)
    assert chosen(book, qtbot, "purchase-299")
    QTest.keyClick(book.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert chosen(book, qtbot, "purchase-1")


def test_a_new_payment_moves_neither_the_chosen_one_nor_the_view(
    book: PaymentBook, session: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    book.table.selectRow(150)
    book.table.scrollTo(book.table.model().index(150, 0))
    assert chosen(book, qtbot, "purchase-150")
    before = book.table.visualRect(book.table.currentIndex()).top()
    add(services, Bought(301, NOW + 301), Bought(302, NOW + 302))
    refresh(qtbot, session)
    assert book.table.currentIndex().row() == 152
    assert book.table.visualRect(book.table.currentIndex()).top() == before
    assert chosen(book, qtbot, "purchase-150")


def test_at_the_top_what_is_new_is_seen(
    book: PaymentBook, session: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    add(services, Bought(301, NOW + 301))
    refresh(qtbot, session)
    assert book.table.verticalScrollBar().value() == 0
    assert chosen(book, qtbot, "purchase-300")


def test_what_is_found_out_about_the_chosen_one_is_shown(
    book: PaymentBook, session: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    change(services, "UPDATE purchases SET last_status = 206 WHERE number = 300")
    refresh(qtbot, session)
    qtbot.waitUntil(lambda: book.detail.line is not None and book.detail.line.purchase.last_status == 206)


def test_a_sought_payment_comes_to_the_front(book: PaymentBook, session: PaymentsSession, qtbot: QtBot) -> None:
    book.seek("purchase-7")
    refresh(qtbot, session)
    assert chosen(book, qtbot, "purchase-7")
    assert book.table.viewport().rect().contains(book.table.visualRect(book.table.currentIndex()).center())
    book.seek("nobody")
    refresh(qtbot, session)
    assert chosen(book, qtbot, "purchase-7")


def test_what_was_sought_while_the_vault_was_locked_is_found_once_it_is_open(
    book: PaymentBook, session: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    services.is_unlocked = False
    book.seek("purchase-7")
    with qtbot.waitSignal(session.changed):
        session.refresh()
    services.is_unlocked = True
    refresh(qtbot, session)
    assert chosen(book, qtbot, "purchase-7")


def test_a_heading_sorts_and_says_so(book: PaymentBook, session: PaymentsSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.changed):
        book.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert list(session.numbers[:2]) == [1, 2]
    assert book.table.horizontalHeader().sortIndicatorSection() == 3
    assert chosen(book, qtbot, "purchase-300")


def test_a_narrow_book_keeps_time_and_price_and_comes_back_whole(book: PaymentBook) -> None:
    def shown() -> list[int]:
        return [column for column in range(len(COLUMNS)) if not book.table.isColumnHidden(column)]

    assert shown() == [0, 1, 2, 3, 5, 6, 7]
    book.resize(608, 260)
    assert book.width() == 608
    assert shown() == [0, 3]
    book.resize(1_168, 400)
    assert shown() == [0, 1, 2, 3, 5, 6, 7]
    assert book.table.columnWidth(1) == COLUMNS[1].width
    header = book.table.horizontalHeader()
    assert header.length() <= book.table.viewport().width()


def test_time_passes(book: PaymentBook, qtbot: QtBot, services: Any, session: PaymentsSession) -> None:
    add(services, Bought(400, NOW + 400, state=PurchaseState.UNKNOWN, expires_at=NOW + 500))
    book.seek("purchase-400")
    refresh(qtbot, session)
    assert chosen(book, qtbot, "purchase-400")
    assert not book.detail.buttons.end.isVisible()
    clock = book.detail.buttons._clock
    assert isinstance(clock, Clock)
    clock.now = NOW + 700
    book.tick()
    assert book.detail.buttons.end.isVisible()
