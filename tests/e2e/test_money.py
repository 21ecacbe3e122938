"""Where the money is, through the whole app: budgets that pay, budgets that refuse, and a payment nobody knows of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from l402desk.app import Composition
from l402desk.services import Services
from tests.e2e.conftest import Person, open_desk
from tests.e2e.test_journey import ask, balance, body_text, cells, click, url_of


def do(person: Person, qtbot: QtBot, job: Callable[[Services], object]) -> object:
    """Something on the I/O thread, waited for."""

    async def run(services: Services) -> object:
        outcome = job(services)
        return await outcome if asyncio.iscoroutine(outcome) else outcome

    call = person.composition.io.submit(run)
    told: list[object] = []
    call.succeeded.connect(told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    return told[0]


def set_budget(person: Person, qtbot: QtBot, **sats: str) -> None:
    person.desk.open_settings()
    for name, text in sats.items():
        field = person.see(name)
        assert isinstance(field, QLineEdit)
        qtbot.waitUntil(field.isEnabled, timeout=20_000)
        field.setText(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda field=field, text=text: field.text() == text, timeout=20_000)  # type: ignore[misc]
    person.desk.window.open_page("requests")


def misbehave(quirk: str | None) -> Callable[[Services], object]:
    def tell(services: Services) -> object:
        assert services.sandbox is not None
        services.sandbox.wallet.quirk = quirk
        return True

    return tell


def test_inside_the_budgets_the_play_wallet_pays_without_a_click(person: Person, qtbot: QtBot) -> None:
    url = url_of(person, "/weather")
    before = balance(url)
    set_budget(person, qtbot, budgetPayment="100", budgetHostDay="100", budgetDay="100")
    ask(person, qtbot, url)
    person.wait_for("responseStatus", "200")
    person.wait_for("journeyNotice", "Paid 21 sats by itself, inside your budgets")
    assert before - balance(url) == 21_000

    person.desk.open_payments()
    table = person.see("paymentsTable")
    assert isinstance(table, QTableView)
    qtbot.waitUntil(lambda: {"GET /weather", "21 sats", "paid"} <= set(cells(table)), timeout=20_000)


def test_a_budget_says_what_was_set_and_is_broken_by_a_second_word_only(person: Person, qtbot: QtBot) -> None:
    url = url_of(person, "/weather")
    before = balance(url)
    set_budget(person, qtbot, budgetPayment="5")
    ask(person, qtbot, url)
    click(person, qtbot, "payButton")
    person.wait_for("paymentBudget", "You set 5 sats per payment; this costs 21 sats")
    click(person, qtbot, "payWithWalletButton")
    person.wait_for("paymentNotice", "This would break your budget")
    assert balance(url) == before
    click(person, qtbot, "paymentNoticeOverBudgetButton")
    person.wait_for("responseStatus", "200")
    assert before - balance(url) == 21_000


def test_a_payment_of_unknown_fate_stays_in_sight_and_is_not_made_twice(
    person: Person, qtbot: QtBot, open_app: list[Composition], qapp: QApplication
) -> None:
    url = url_of(person, "/weather")
    do(person, qtbot, misbehave("pending-forever"))
    ask(person, qtbot, url)
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    click(person, qtbot, "payWithWalletButton")
    person.wait_for("paymentStatus", "Still in flight")
    person.wait_for("pendingText", "1 payment open: 21 sats to 127.0.0.1")
    spent = balance(url)

    person.desk.requests.open(url)
    person.desk.requests.page.current_tab.builder.send()
    person.wait_for("challengeAmount", "21 sats")
    person.desk.requests.page.current_tab.builder.send()
    click(person, qtbot, "payButton")
    person.wait_for("journeyNotice", "An earlier payment for this is still open")
    person.wait_for("journeyNotice", "The new invoice asks another 21 sats")
    assert balance(url) == spent

    assert open_app.pop().close()  # the app ends; the next one has another sandbox, which knows nothing of it
    person.composition.appearance.undress()
    again = open_desk(open_app, qtbot, qapp)
    again.wait_for("pendingText", "1 payment open: 21 sats to 127.0.0.1")
    click(again, qtbot, "pendingShowButton")
    again.wait_for("paymentsTable", "")
    again.wait_for("paymentDetail", "21 sats")


def test_what_a_shop_hands_out_elsewhere_is_fetched_there_for_free(person: Person, qtbot: QtBot) -> None:
    url = url_of(person, "/checkout")
    person.desk.requests.open(url, "POST")
    person.desk.requests.page.current_tab.builder.send()
    before = balance(url)
    click(person, qtbot, "payButton")
    person.wait_for("paymentStatus", "Waiting for payment")
    click(person, qtbot, "payWithWalletButton")
    person.wait_for("journeyNotice", "Paid, but not delivered yet")
    click(person, qtbot, "journeyNoticeElsewhereButton")
    field = person.see("claimUrlField")
    assert isinstance(field, QLineEdit)
    field.setText("/claim")
    click(person, qtbot, "claimGoButton")
    person.wait_for("responseStatus", "200")
    qtbot.waitUntil(lambda: "delivered" in body_text(person), timeout=20_000)
    assert before - balance(url) == 42_000
