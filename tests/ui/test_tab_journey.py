"""A tab and its exchange: wishes go one way, pictures the other, and every outcome has its place on the screen."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.client.answer import Answer
from l402desk.client.errors import Kind, SendError, Trouble
from l402desk.client.request import RequestDraft
from l402desk.engine.view import JourneyView, Notice, Step, Tone
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import Preimage
from l402desk.session.exchange import ExchangeSession
from l402desk.session.lock import LockSession, LockState, LockView
from l402desk.session.wallet_view import Shelf, WalletView
from l402desk.session.wallets import WalletCard, WalletsSession
from l402desk.ui.challenge.panel import ChallengePanel
from l402desk.ui.request.claim_dialog import ClaimDialog
from l402desk.ui.request.history import HistoryItem
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.tab_journey import Shared, TabJourney
from l402desk.wallets.book import StoredWallet
from l402desk.wallets.wallet import Capabilities
from tests.fakes.invoices import NOW, PREIMAGE
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import URL, answer_of, challenged, demand_of, in_phase, summary

if TYPE_CHECKING:
    from l402desk.ledger.purchases import Purchase


class ScriptedExchange(ExchangeSession):
    """Notes what is asked of it, and shows what the test tells it to."""

    def __init__(self) -> None:
        super().__init__(ImmediateIo(None))
        self.asked: list[str] = []

    def show_view(self, view: JourneyView) -> None:
        self.view = view
        self.changed.emit()

    def send(self, draft: RequestDraft, *, use_token: bool = True, token_id: str | None = None) -> None:
        self.draft = draft
        self.asked.append(f"send {draft.method} {draft.url}{f' with {token_id}' if token_id else ''}")

    def cancel(self) -> None:
        self.asked.append("cancel")

    def open_payment(self, index: int = 0, *, despite_open: bool = False) -> None:
        self.asked.append("open despite" if despite_open else "open")

    def pay_with(self, wallet: str, *, over_budget: bool = False) -> None:
        self.asked.append(f"pay {wallet}{' over the budget' if over_budget else ''}")

    def prove(self, text: str) -> None:
        self.asked.append("prove")

    def close_payment(self) -> None:
        self.asked.append("decline")

    def deliver_again(self, url: str = "", method: str = "") -> None:
        self.asked.append(" ".join(filter(None, ("again", method, url))))


class Bench:
    """A shown tab with its journey, over a vault that is open."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bot = qtbot
        io = ImmediateIo(None)
        self.lock, self.wallets = LockSession(io), WalletsSession(io)
        self.lock.view = LockView(LockState.OPEN)
        self.wallets.cards = (WalletCard("Play wallet", Msat.of_sats(100)),)
        self.tab = RequestTab(lambda: ChallengePanel(clock=lambda: NOW + 60))
        qtbot.addWidget(self.tab)
        self.exchange = ScriptedExchange()
        self.journey = TabJourney(self.tab, self.exchange, Shared(self.lock, self.wallets))
        self.happened: list[HistoryItem] = []
        self.journey.happened.connect(self.happened.append)
        self.tab.resize(1100, 780)
        self.tab.show()

    def find(self, name: str) -> QWidget | None:
        root: QWidget = self.tab.window()
        return next((w for w in root.findChildren(QWidget, name) if w.isVisible()), None)

    def click(self, name: str) -> None:
        button = self.find(name)
        assert isinstance(button, QPushButton), name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def answered(status: int = 200) -> Answer:
    return replace(answer_of(None, body=b'{"ok": true}'), status=status, reason="OK", headers=())


def fresh() -> JourneyView:
    """A challenge of now: the dialog and its countdown look at the real clock."""
    now = int(time.time())
    return challenged(demand_of(timestamp=now), now=now)


def test_what_is_typed_is_sent(bench: Bench) -> None:
    bench.tab.set_draft(RequestDraft(url=URL))
    bench.tab.builder.send()
    assert bench.exchange.asked == [f"send GET {URL}"]


def test_a_challenge_takes_the_place_of_the_answer_and_is_noted_with_its_price(bench: Bench) -> None:
    bench.exchange.draft = RequestDraft(url=URL)
    bench.exchange.show_view(challenged())
    assert bench.find("challengePanel") is not None
    assert [(item.status, item.price_text) for item in bench.happened] == [(402, "21 sats")]
    bench.exchange.show_view(in_phase(Phase.OFFERED, challenged()))
    assert len(bench.happened) == 2  # another answer object is another line; the same one is not
    bench.exchange.show_view(bench.exchange.view)
    assert len(bench.happened) == 2


def test_paying_opens_the_dialog_and_goes_to_the_chosen_wallet(bench: Bench) -> None:
    view = fresh()
    bench.exchange.show_view(view)
    bench.click("payButton")
    assert bench.exchange.asked == ["open"]
    bench.exchange.show_view(in_phase(Phase.OFFERED, view))
    assert bench.journey.dialog.isVisible()
    QTest.mouseClick(bench.journey.dialog.wallets.pay, Qt.MouseButton.LeftButton)
    assert bench.exchange.asked == ["open", "pay Play wallet"]
    bench.exchange.show_view(JourneyView(phase=Phase.DONE, outcome=Outcome.DELIVERED, answer=answered()))
    assert not bench.journey.dialog.isVisible()


def test_a_locked_vault_is_opened_first_and_the_payment_goes_on(bench: Bench) -> None:
    bench.lock.view = LockView(LockState.ASK_PASSPHRASE)
    bench.exchange.show_view(challenged())
    with bench.bot.waitSignal(bench.journey.unlock_wanted):
        bench.click("payButton")
    assert bench.exchange.asked == []
    bench.lock.view = LockView(LockState.OPEN)
    bench.lock.opened.emit()
    assert bench.exchange.asked == ["open"]


def test_what_a_locked_vault_may_hold_is_tried_before_anything_is_paid(bench: Bench) -> None:
    bench.tab.set_draft(RequestDraft(url=URL))
    bench.lock.view = LockView(LockState.ASK_PASSPHRASE)
    bench.exchange.show_view(challenged())
    bench.click("payButton")
    bench.lock.view = LockView(LockState.OPEN, may_hold=True)
    bench.lock.opened.emit()
    assert bench.exchange.asked == [f"send GET {URL}"]


def test_who_will_not_unlock_does_not_pay_later(bench: Bench) -> None:
    bench.lock.view = LockView(LockState.ASK_PASSPHRASE)
    bench.exchange.show_view(challenged())
    bench.click("payButton")
    bench.journey.give_up_unlocking()
    bench.lock.view = LockView(LockState.OPEN)
    bench.lock.opened.emit()
    assert bench.exchange.asked == []


def test_an_answer_is_shown_with_its_payment_in_the_timeline(bench: Bench) -> None:
    steps = (Step("Answer", 12.0), Step("Payment", 340.0), Step("Answer with the token", 8.0))
    bench.exchange.show_view(JourneyView(phase=Phase.DONE, outcome=Outcome.DELIVERED, answer=answered(), steps=steps))
    status = bench.find("responseStatus")
    assert status is not None
    assert bench.find("challengePanel") is None
    rows = [found.accessibleName() for found in bench.tab.findChildren(QWidget) if found.accessibleName()]
    assert "First answer, which asked for a payment: 12 ms" in rows
    assert "Payment: 340 ms" in rows
    assert not [row for row in rows if row.startswith("Answer with the token")]  # its own parts are what is shown


def test_a_token_that_was_sent_is_told_beside_the_status(bench: Bench) -> None:
    sent = replace(answered(), authorization_sent=True)
    view = JourneyView(phase=Phase.DONE, outcome=Outcome.DELIVERED, answer=sent, token=summary(uses=2))
    bench.exchange.show_view(view)
    told = bench.find("responseToken")
    assert isinstance(told, QLabel)
    assert told.text() == "sent with your token · use 2"
    bench.exchange.show_view(replace(view, answer=answered()))
    assert bench.find("responseToken") is None


def test_an_offer_on_a_200_is_told_and_not_payable(bench: Bench) -> None:
    offers = challenged().inspections
    bench.exchange.show_view(
        JourneyView(phase=Phase.DONE, outcome=Outcome.ANSWERED, answer=answered(), inspections=offers)
    )
    notice = bench.find("journeyNoticeTitle")
    assert isinstance(notice, QLabel)
    assert notice.text() == "Only a 402 asks for a payment"
    assert bench.find("payButton") is None


def test_what_was_not_delivered_can_be_tried_again_for_free(bench: Bench) -> None:
    notice = Notice(Tone.WARNING, "Paid, but not delivered yet", "The server answered 503.", "Try again.")
    bench.exchange.show_view(
        JourneyView(phase=Phase.DONE, outcome=Outcome.UNDELIVERED, answer=answered(503), notice=notice, can_retry=True)
    )
    bench.click("journeyNoticeAgainButton")
    assert bench.exchange.asked == ["again"]


def test_a_second_open_payment_needs_a_word_of_its_own(bench: Bench) -> None:
    view = challenged()
    notice = Notice(Tone.WARNING, "An earlier payment for this is still open", "21 sats.", "Wait for it.")
    bench.exchange.show_view(replace(view, notice=notice, blocking=cast("Purchase", object())))
    bench.click("journeyNoticeDespiteButton")
    assert bench.exchange.asked == ["open despite"]


def test_an_error_is_shown_in_words_and_the_old_notice_goes(bench: Bench) -> None:
    bench.exchange.show_view(replace(challenged(), notice=Notice(Tone.INFO, "Old", "words")))
    assert bench.tab.notice.isVisible()
    error = SendError(Trouble(Kind.REFUSED, "Nobody answers there", "The connection was refused.", "Check the port."))
    bench.exchange.draft = RequestDraft(url=URL)
    bench.exchange.show_view(JourneyView(phase=Phase.DONE, outcome=Outcome.NETWORK, error=error))
    assert not bench.tab.notice.isVisible()
    assert bench.tab.response.isVisible()
    assert bench.happened[-1].status is None


def test_a_proof_the_disk_refused_keeps_its_tab(bench: Bench) -> None:
    view = fresh()
    bench.exchange.show_view(replace(in_phase(Phase.KEEPING, view), unkept_proof=Preimage(PREIMAGE)))
    assert bench.tab.holds_proof
    bench.exchange.show_view(JourneyView(phase=Phase.DONE, outcome=Outcome.DELIVERED, answer=answered()))
    assert not bench.tab.holds_proof


def test_closing_the_tab_stops_waiting_for_its_answer(bench: Bench) -> None:
    bench.exchange.show_view(in_phase(Phase.OFFERED))
    bench.journey.end()
    assert bench.exchange.asked == ["cancel", "decline"]


def test_a_payment_nobody_knows_the_end_of_is_told_at_once_and_once(bench: Bench) -> None:
    told: list[None] = []
    bench.journey.ended.connect(lambda: told.append(None))
    view = fresh()
    for phase, times in ((Phase.PAYING, 0), (Phase.UNKNOWN, 1), (Phase.UNKNOWN, 1), (Phase.NO_PROOF, 2)):
        bench.exchange.show_view(in_phase(phase, view))
        assert len(told) == times


def test_a_token_that_is_held_already_is_offered_before_any_payment(bench: Bench) -> None:
    bench.exchange.draft = RequestDraft(url=URL)
    bench.exchange.show_view(replace(challenged(), candidates=(summary(1), summary(2))))
    text = bench.find("journeyNoticeText")
    assert isinstance(text, QLabel)
    assert "“service 1”, kept for /v1/data1 (1 more in the vault)" in text.text()
    bench.click("journeyNoticeUseHeldButton")
    assert bench.exchange.asked == [f"send GET {URL} with token-1"]


def test_a_budget_is_broken_by_the_button_that_says_so(bench: Bench) -> None:
    view = fresh()
    bench.exchange.show_view(view)
    bench.click("payButton")
    broken = Notice(Tone.WARNING, "This would break your budget", "You set 1 sat per payment; this costs 21 sats.")
    bench.exchange.show_view(in_phase(Phase.OFFERED, view))
    bench.exchange.show_view(in_phase(Phase.OFFERED, view, notice=broken, over_budget=True))
    over = bench.journey.dialog.findChild(QPushButton, "paymentNoticeOverBudgetButton")
    assert over is not None
    QTest.mouseClick(over, Qt.MouseButton.LeftButton)
    assert bench.exchange.asked == ["open", "pay Play wallet over the budget"]


def test_what_was_bought_goes_to_the_address_the_user_names(bench: Bench) -> None:
    bench.exchange.draft = RequestDraft(method="POST", url=URL)
    undelivered = Notice(Tone.WARNING, "Paid, but not delivered yet", "The server answered 404.")
    bench.exchange.show_view(
        JourneyView(
            phase=Phase.DONE, outcome=Outcome.UNDELIVERED, answer=answered(404), notice=undelivered, can_retry=True
        )
    )
    bench.click("journeyNoticeElsewhereButton")
    dialog = bench.tab.window().findChild(ClaimDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "claimUrlField")
    assert field is not None
    field.setText("/claim")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert bench.exchange.asked == ["again GET /claim"]


def test_the_wallet_of_the_host_is_offered_first(bench: Bench) -> None:
    able = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True)
    stored = StoredWallet("Special", "lnbits", False, False, 1, "", True, hosts=(str(Origin.of(URL)),))
    usual = StoredWallet("Usual", "lnbits", False, True, 1, "", True)
    bench.wallets.shelf = Shelf(
        (WalletView("Usual", able=able, stored=usual), WalletView("Special", able=able, stored=stored))
    )
    view = fresh()
    assert view.answer is not None
    assert view.answer.url.startswith(str(Origin.of(URL)))
    bench.exchange.show_view(in_phase(Phase.OFFERED, view))
    bench.journey._open_dialog()
    assert bench.journey.dialog.wallets.chosen == "Special"
    bench.journey.dialog.hide()
