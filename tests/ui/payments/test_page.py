"""The payments page over a real database: what it says when there is nothing, and how each action ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.engine.statement_file import FileKind
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.session.payment import PaymentSession, Told
from l402desk.session.payments import PaymentsSession
from l402desk.ui.payments.page import PaymentsPage
from l402desk.ui.style import Appearance
from tests.fakes.bought import Bought
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import interactive
from tests.fakes.purchased import NOW, Clock
from tests.session.accounts import add, an_account, change

State = PurchaseState
SEVERAL = (
    Bought(1, NOW - 9_000, uses=3),
    Bought(2, NOW - 20, "https://shop.example", "/v1/thing", delivery=Delivery.UNDELIVERED, last_status=503, uses=0),
    Bought(3, NOW - 10, state=State.UNKNOWN, expires_at=NOW - 500, reason="no answer"),
)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    with an_account(tmp_path, *SEVERAL) as made:
        yield made


@pytest.fixture
def io(services: Any) -> ImmediateIo:
    return ImmediateIo(services)


@pytest.fixture
def payments(qtbot: QtBot, io: ImmediateIo) -> PaymentsSession:
    return PaymentsSession(io)


@pytest.fixture
def page(qtbot: QtBot, dressed: Appearance, payments: PaymentsSession, io: ImmediateIo) -> PaymentsPage:
    made = PaymentsPage(payments, PaymentSession(io), Clock())
    qtbot.addWidget(made)
    made.resize(1_200, 764)
    with qtbot.waitSignals([payments.changed, payments.summed]):
        made.show()
    made.activateWindow()
    return made


def part(page: QWidget, name: str) -> Any:
    found = page.findChild(QWidget, name)
    assert found is not None, name
    return found


def press(page: PaymentsPage, name: str) -> None:
    """The button that is seen: one of the message before may be on its way out."""
    next(button for button in page.findChildren(QPushButton, name) if button.isVisible()).click()


def refresh(qtbot: QtBot, payments: PaymentsSession) -> None:
    with qtbot.waitSignals([payments.changed, payments.summed]):
        payments.refresh()


def choose(page: PaymentsPage, qtbot: QtBot, number: int) -> None:
    page.show_purchase(f"purchase-{number}")
    detail = page.detail
    qtbot.waitUntil(lambda: detail.line is not None and detail.line.purchase.id == f"purchase-{number}")


def test_the_names_of_the_contract_are_there(page: PaymentsPage) -> None:
    assert page.objectName() == "paymentsPage"
    assert part(page, "paymentsTable").isVisible()


def test_every_control_has_a_name_of_its_own_and_one_to_be_read(page: PaymentsPage) -> None:
    controls = interactive(page)
    names = [control.objectName() for control in controls]
    assert len(names) >= 15
    assert all(names)
    assert len(set(names)) == len(names)
    assert [c.objectName() for c in controls if not c.accessibleName()] == []


def test_the_sums_and_the_chart_tell_of_what_is_there(page: PaymentsPage) -> None:
    assert part(page, "sumEverAmount").text() == "42 sats"
    assert part(page, "sumInFlightCount").text() == "1 open"
    assert page.spending.isVisible()
    assert page.filter.search.placeholderText() == "Search 3 payments"


def test_nothing_paid_says_what_to_do_next(
    page: PaymentsPage, payments: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    change(services, "DELETE FROM purchases")
    refresh(qtbot, payments)
    assert part(page, "paymentsEmpty").isVisible()
    for name in ("paymentSearch", "paymentSums", "exportPaymentsButton", "spendingCard"):
        assert not part(page, name).isVisible(), name


def test_nothing_found_offers_all_of_them(page: PaymentsPage, payments: PaymentsSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(payments.changed):
        QTest.keyClicks(page.filter.search, "nothing of the kind")
    assert part(page, "paymentsNone").isVisible()
    assert not page.spending.isVisible()
    with qtbot.waitSignal(payments.changed):
        part(page, "paymentsNoneButton").click()
    assert page.table.isVisible()
    assert page.filter.search.text() == ""


def test_a_locked_vault_offers_to_unlock_and_shows_nothing(
    page: PaymentsPage, payments: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    services.is_unlocked = False
    with qtbot.waitSignal(payments.changed):
        payments.refresh()
    assert part(page, "paymentsLocked").isVisible()
    assert not page.strip.isVisible()
    assert not page.filter.isVisible()
    with qtbot.waitSignal(page.unlock_requested):
        part(page, "paymentsLockedButton").click()


def test_locking_closes_what_was_open(
    page: PaymentsPage, payments: PaymentsSession, services: Any, qtbot: QtBot
) -> None:
    choose(page, qtbot, 3)
    page.detail.exchange.click()
    page.detail.buttons.end.click()
    assert part(page, "exchangeDialog").isVisible()
    services.is_unlocked = False
    with qtbot.waitSignal(payments.changed):
        payments.refresh()
    assert not part(page, "exchangeDialog").isVisible()
    assert not part(page, "paymentsNotice").isVisible()


def test_ctrl_f_goes_to_the_search(page: PaymentsPage, qtbot: QtBot) -> None:
    qtbot.waitActive(page)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.filter.search.hasFocus()


def test_one_payment_is_brought_to_the_front_whatever_the_filter_hides(
    page: PaymentsPage, payments: PaymentsSession, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(payments.changed):
        page.filter.search.setText("shop")
    choose(page, qtbot, 1)
    assert page.filter.search.text() == ""
    choose(page, qtbot, 3)
    assert part(page, "paymentTitle").text() == "21 sats"


def test_a_page_made_for_one_payment_shows_it(qtbot: QtBot, dressed: Appearance, io: ImmediateIo) -> None:
    made = PaymentsPage(PaymentsSession(io), PaymentSession(io), Clock())
    qtbot.addWidget(made)
    made.show_purchase("purchase-1")
    made.show()
    qtbot.waitUntil(lambda: made.detail.line is not None and made.detail.line.purchase.id == "purchase-1")


def test_waiting_is_ended_after_one_question_in_the_page(page: PaymentsPage, services: Any, qtbot: QtBot) -> None:
    choose(page, qtbot, 3)
    page.detail.buttons.end.click()
    assert "21 sats to api.example" in part(page, "paymentsNoticeTitle").text()
    press(page, "paymentsNoticeWaitButton")
    assert not part(page, "paymentsNotice").isVisible()
    page.detail.buttons.end.click()
    press(page, "paymentsNoticeEndButton")
    qtbot.waitUntil(lambda: part(page, "paymentsNoticeTitle").text() == "No longer waited for")
    detail = page.detail
    qtbot.waitUntil(lambda: detail.line is not None and detail.line.purchase.state is State.FAILED)
    qtbot.waitUntil(lambda: part(page, "sumInFlightCount").text() == "none open")


def test_a_wallet_that_is_not_connected_is_said_so(page: PaymentsPage, qtbot: QtBot) -> None:
    choose(page, qtbot, 3)
    page.detail.buttons.ask.click()
    qtbot.waitUntil(lambda: part(page, "paymentsNoticeTitle").text() == "There is nobody to ask")


def test_what_went_wrong_is_said_in_the_page(page: PaymentsPage, payments: PaymentsSession) -> None:
    payments.went_wrong.emit("The disk is full. Make room.")
    assert part(page, "paymentsNoticeText").text() == "The disk is full. Make room."
    page._tell(Told("good", "Delivered", "The server answered 200."))
    assert part(page, "paymentsNoticeTitle").text() == "Delivered"


def test_the_list_is_saved_where_the_user_says(page: PaymentsPage, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(page._payments.exported):
        page._saver.chosen.emit(tmp_path / "a.csv", FileKind.CSV, False)
    assert part(page, "paymentsNoticeTitle").text() == "Saved 3 payments"
    assert (tmp_path / "a.csv").read_text("utf-8").count("\n") == 4
    page._saver.chosen.emit(tmp_path / "a.csv", FileKind.CSV, False)
    qtbot.waitUntil(lambda: "already" in part(page, "paymentsNoticeText").text())


def test_the_exchange_opens_in_a_window_of_its_own(page: PaymentsPage, qtbot: QtBot) -> None:
    choose(page, qtbot, 2)
    page.detail.exchange.click()
    dialog = part(page, "exchangeDialog")
    assert isinstance(dialog, QDialog)
    assert dialog.isVisible()
    title = dialog.findChild(QLabel, "exchangeTitle")
    assert title is not None
    assert title.text() == "GET shop.example/v1/thing"
    # The sealed part of this made-up purchase does not open: that is said, and nothing of it shown.
    qtbot.waitUntil(lambda: part(page, "paymentsNotice").isVisible())
    dialog.accept()


def test_the_token_of_a_payment_is_asked_for(page: PaymentsPage, qtbot: QtBot) -> None:
    choose(page, qtbot, 1)
    qtbot.waitUntil(page.detail.token.isVisible)
    with qtbot.waitSignal(page.token_requested) as told:
        page.detail.token.click()
    assert told.args[0].token.id == "token-1"


def test_a_new_payment_is_seen_at_once_where_the_page_is_seen(
    page: PaymentsPage, payments: PaymentsSession, services: Any, io: ImmediateIo, qtbot: QtBot
) -> None:
    add(services, Bought(9, NOW))
    with qtbot.waitSignal(payments.changed):
        page.refresh()
    assert payments.everything == 4
    page.hide()
    assert not page._ticks.isActive()
    with qtbot.assertNotEmitted(payments.changed, wait=20):
        page.refresh()


def test_the_chart_makes_room_for_the_table(page: PaymentsPage) -> None:
    page.chart_button.click()
    assert not page.spending.isVisible()
    page.chart_button.click()
    page.resize(1_200, 480)
    assert not page.spending.isVisible()
    assert not page.chart_button.isVisible()
    page.resize(1_200, 764)
    assert page.spending.isVisible()


def test_the_smallest_window_shows_table_and_detail_uncut(page: PaymentsPage) -> None:
    page.setMinimumSize(640, 424)  # as the window's own: what is in it does not keep it from becoming small
    page.resize(640, 424)
    assert (page.width(), page.height()) == (640, 424)
    for widget in (page.table, page.detail, page.filter.periods, part(page, "exportPaymentsButton")):
        assert widget.isVisible()
        corner = widget.mapTo(page, widget.rect().bottomRight())
        assert page.rect().contains(corner), widget.objectName()


def test_months_are_summed_when_they_are_asked_for(page: PaymentsPage, payments: PaymentsSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(payments.summed):
        page.spending.view.setCurrentIndex(1)
    assert len(payments.summary.bars) == 12


def test_buttons_rest_while_one_works(page: PaymentsPage, qtbot: QtBot) -> None:
    choose(page, qtbot, 3)
    ask = part(page, "askPaymentButton")
    assert isinstance(ask, QPushButton)
    with qtbot.waitSignal(page._payment.acted):
        ask.click()
        assert not ask.isEnabled()
    assert ask.isEnabled()
