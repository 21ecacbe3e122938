"""One tab's journey over the real thread: what the screen shows is the truth, and what it no longer shows is kept."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pytestqt.qtbot import QtBot

from l402desk.client.request import RequestDraft
from l402desk.engine import journey, standing
from l402desk.engine.view import JourneyView
from l402desk.ledger.budgets import Caps
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.payment import Paid, PaymentResult
from l402desk.services import Services
from l402desk.session.exchange import ExchangeSession
from l402desk.worker.call import Call
from tests.engine.shop import NAME, URL, Scripted, Shop, failing, rows_now, states, tokens
from tests.session.desks import Desk, a_thread

DRAFT = RequestDraft(url=URL)


@pytest.fixture(autouse=True)
def no_stray_threads() -> None:
    """A QThread shows up as a dummy thread that cannot be joined; closing it is asserted where it is opened."""
    return


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "PATIENCE_S", 0.1)
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,))
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.01)
    monkeypatch.setattr("l402desk.services.SETTLE_DOWN_S", 0.2)


@pytest.fixture
def shop() -> Shop:
    return Shop()


class Gate:
    """A wallet whose answer waits until it is let through, and says the truth then."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._opened: asyncio.Event | None = None
        self.wallet = Scripted(pay=self._pay)

    async def _pay(self, invoice: str) -> PaymentResult:
        self._opened = asyncio.Event()
        await self._opened.wait()
        return Paid(self._shop.preimages[read_invoice(invoice).payment_hash])

    def open(self, _services: object) -> None:
        assert self._opened is not None
        self._opened.set()


def phase_is(session: ExchangeSession, qtbot: QtBot, phase: Phase) -> None:
    qtbot.waitUntil(lambda: session.view.phase is phase)


def offer(session: ExchangeSession, qtbot: QtBot) -> None:
    session.send(DRAFT, use_token=False)
    phase_is(session, qtbot, Phase.CHALLENGED)
    session.open_payment()
    phase_is(session, qtbot, Phase.OFFERED)


def idle(session: ExchangeSession, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session._calls)


def test_a_purchase_from_the_first_click_to_the_answer(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session, phases = ExchangeSession(desk.io), []
        session.changed.connect(lambda: phases.append(session.view.phase))
        offer(session, qtbot)
        with qtbot.waitSignal(session.finished):
            session.pay_with(NAME)
            phase_is(session, qtbot, Phase.DONE)
        assert session.view.outcome is Outcome.DELIVERED
        assert phases[0] is Phase.SENDING
        assert phases[-1] is Phase.DONE
        idle(session, qtbot)


def test_a_double_click_sends_once(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        session.send(DRAFT)
        session.send(DRAFT)
        assert session.is_sending
        phase_is(session, qtbot, Phase.CHALLENGED)
        qtbot.waitUntil(lambda: not session.is_sending)
        assert len(shop.seen) == 1


def test_a_new_send_takes_the_screen_at_once(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        idle(session, qtbot)
        session.send(DRAFT)
        assert (session.view.phase, session.view.chosen) == (Phase.SENDING, None)
        idle(session, qtbot)


def the_loop_is_ahead(session: ExchangeSession, phase: Phase) -> None:
    """Wait until the journey is there, while the window does not get to hear of it."""
    assert session._journey is not None
    deadline = time.monotonic() + 5
    while session._journey.latest.phase is not phase:
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_click_that_was_meant_for_the_old_picture_pays_nothing_new(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        session.send(DRAFT)
        phase_is(session, qtbot, Phase.CHALLENGED)
        idle(session, qtbot)
        shop.msat = 500_000
        session.send(DRAFT)
        the_loop_is_ahead(session, Phase.CHALLENGED)
        session.open_payment()  # for 21 sats, as it stood on the screen; by now 500 are asked
        idle(session, qtbot)
        assert session.view.phase is Phase.CHALLENGED
        assert desk.do(states) == []


def test_an_offer_that_is_not_on_the_screen_yet_is_not_paid(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        session.send(DRAFT)
        phase_is(session, qtbot, Phase.CHALLENGED)
        idle(session, qtbot)
        session.open_payment()
        the_loop_is_ahead(session, Phase.OFFERED)
        session.pay_with(NAME)
        phase_is(session, qtbot, Phase.OFFERED)
        idle(session, qtbot)
        assert (shop.wallet.calls, desk.do(states)) == ([], ["offered"])


def test_an_older_journey_that_still_pays_is_kept_and_not_shown(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    gate = Gate(shop)
    with a_thread(qtbot, tmp_path, shop, gate.wallet) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        phase_is(session, qtbot, Phase.UNKNOWN)
        session.send(RequestDraft(url="https://shop.example/v1/another"))
        phase_is(session, qtbot, Phase.CHALLENGED)
        shown: list[JourneyView] = []
        session.changed.connect(lambda: shown.append(session.view))
        desk.do(gate.open)
        qtbot.waitUntil(lambda: rows_now(tmp_path, "SELECT delivery FROM purchases") == [("delivered",)])
        idle(session, qtbot)
        assert (desk.do(states), desk.do(tokens)) == (["settled"], ["usable"])
        assert {view.phase for view in shown} <= {Phase.CHALLENGED}
        assert session.view.answer is not None
        assert session.view.answer.url == "https://shop.example/v1/another"


def test_a_second_payment_beside_an_open_one_of_the_same_tab_is_refused(
    qtbot: QtBot, tmp_path: Path, shop: Shop
) -> None:
    gate = Gate(shop)
    with a_thread(qtbot, tmp_path, shop, gate.wallet) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        phase_is(session, qtbot, Phase.UNKNOWN)
        session.send(DRAFT)
        phase_is(session, qtbot, Phase.CHALLENGED)
        session.open_payment()
        qtbot.waitUntil(lambda: session.view.blocking is not None)
        assert session.view.phase is Phase.CHALLENGED
        assert len(gate.wallet.asked) == 1
        desk.do(gate.open)
        qtbot.waitUntil(lambda: desk.do(tokens) == ["usable"])


def test_a_picture_that_was_overtaken_is_not_shown(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        idle(session, qtbot)
        newest = session.view
        session._show(replace(newest, phase=Phase.PAYING, number=newest.number - 1))
        assert session.view is newest
        session._show(replace(newest, phase=Phase.PAYING, number=newest.number + 9, journey=newest.journey - 1))
        assert session.view is newest


def test_a_proof_pasted_while_the_wallet_is_asked_ends_on_the_delivery(
    qtbot: QtBot, tmp_path: Path, shop: Shop
) -> None:
    gate = Gate(shop)
    with a_thread(qtbot, tmp_path, shop, gate.wallet) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        phase_is(session, qtbot, Phase.PAYING)
        session.prove(next(iter(shop.preimages.values())).hex)
        phase_is(session, qtbot, Phase.DONE)
        qtbot.waitUntil(lambda: gate._opened is not None)
        desk.do(gate.open)
        idle(session, qtbot)
        assert (session.view.phase, session.view.outcome) == (Phase.DONE, Outcome.DELIVERED)
        assert desk.do(tokens) == ["usable"]


def test_a_send_can_be_cancelled_and_sent_again(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    shop.slow = asyncio.Event()
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        session.send(DRAFT)
        qtbot.waitUntil(lambda: bool(shop.seen))
        session.cancel()
        phase_is(session, qtbot, Phase.DONE)
        qtbot.waitUntil(lambda: not session.is_sending)
        assert session.view.outcome is Outcome.NETWORK
        shop.slow = None
        session.send(DRAFT)
        phase_is(session, qtbot, Phase.CHALLENGED)
        idle(session, qtbot)


def test_cancelling_never_stops_a_payment_and_stops_its_delivery(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    gate = Gate(shop)
    with a_thread(qtbot, tmp_path, shop, gate.wallet) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        phase_is(session, qtbot, Phase.PAYING)
        session.cancel()
        qtbot.waitUntil(lambda: gate._opened is not None)
        shop.slow = asyncio.Event()
        desk.do(gate.open)
        phase_is(session, qtbot, Phase.DELIVERING)
        qtbot.waitUntil(lambda: bool(shop.paid_requests))
        session.cancel()
        phase_is(session, qtbot, Phase.DONE)
        assert (session.view.outcome, session.view.can_retry) == (Outcome.UNDELIVERED, True)
        idle(session, qtbot)
        shop.slow = None
        session.deliver_again()
        session.deliver_again()
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.DELIVERED)
        idle(session, qtbot)
        assert (len(shop.paid_requests), desk.do(tokens)) == (2, ["usable"])


def test_a_proof_that_waits_for_the_disk_is_not_sent_away(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        desk.do(lambda services: failing(services).fail_next_write(after=2, times=2))
        session.pay_with(NAME)
        qtbot.waitUntil(lambda: session.view.unkept_proof is not None)
        idle(session, qtbot)
        session.send(RequestDraft(url="https://shop.example/v1/another"))
        idle(session, qtbot)
        assert session.view.unkept_proof is not None  # the disk is still full, and the proof still on the screen
        session.keep_again()
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.DELIVERED)
        assert session.view.unkept_proof is None
        assert desk.do(tokens) == ["usable"]
        idle(session, qtbot)


def test_paying_while_the_vault_is_locked_is_told(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop, locked=True) as desk:
        session = ExchangeSession(desk.io)
        session.send(DRAFT)
        phase_is(session, qtbot, Phase.CHALLENGED)
        session.open_payment()
        qtbot.waitUntil(lambda: session.view.notice is not None)
        assert session.view.notice is not None
        assert session.view.notice.title == "The vault is locked"
        idle(session, qtbot)


def test_an_error_of_ours_is_told_and_leaves_the_picture(
    qtbot: QtBot, tmp_path: Path, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        idle(session, qtbot)
        session._fail(RuntimeError("a bug"))
        assert session.view.phase is Phase.OFFERED
        assert session.view.notice is not None
        assert session.view.notice.title == "Something went wrong inside the app"
    assert "a journey failed: RuntimeError" in caplog.text


def test_before_anything_was_sent_nothing_can_be_done(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        session.cancel()
        session.open_payment()
        session.close_payment()
        session.pay_with(NAME)
        session.prove("x")
        session.keep_again()
        session.deliver_again()
        assert (session._calls, session.view.phase) == ({}, Phase.IDLE)


def test_closing_the_app_while_a_payment_is_in_flight_settles_every_call(
    qtbot: QtBot, tmp_path: Path, shop: Shop
) -> None:
    gate = Gate(shop)
    with a_thread(qtbot, tmp_path, shop, gate.wallet) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        phase_is(session, qtbot, Phase.PAYING)
        qtbot.waitUntil(lambda: gate._opened is not None)
        calls: list[Call] = list(session._calls)
    assert all(call.outcome is not None for call in calls)
    assert rows_now(tmp_path, "SELECT state, rail FROM purchases") == [("submitted", NAME)]


def test_a_tab_that_is_closed_while_it_pays_still_keeps_its_token(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    gate = Gate(shop)
    with a_thread(qtbot, tmp_path, shop, gate.wallet) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        qtbot.waitUntil(lambda: gate._opened is not None)
        session.deleteLater()
        with qtbot.waitSignal(session.destroyed):
            pass
        del session
        desk.do(gate.open)
        qtbot.waitUntil(lambda: desk.do(tokens) == ["usable"])
        assert isinstance(desk, Desk)


# What the budgets and the user decide.


async def set_budgets(services: Services) -> None:
    plenty = Msat.of_sats(1_000)
    await services.ledger.set_caps(Caps(plenty, plenty, plenty))
    await services.ledger.arm(NAME, True)


def test_inside_the_budgets_the_answer_comes_without_a_click(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        desk.do(set_budgets)
        session.send(DRAFT)
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.DELIVERED)
        idle(session, qtbot)
        assert len(shop.wallet.paid) == 1


def test_a_newer_send_is_not_paid_for_by_the_older_answer(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        session.send(DRAFT)
        phase_is(session, qtbot, Phase.CHALLENGED)
        old = replace(session.view, automatic=NAME)
        session.send(RequestDraft(url="https://shop.example/v1/another"))
        session._pay_automatically(old)
        idle(session, qtbot)
        assert (session.view.phase, shop.wallet.paid) == (Phase.CHALLENGED, [])


def test_a_budget_is_broken_by_a_second_word_only(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        desk.do(lambda services: services.ledger.set_caps(Caps(payment=Msat.of_sats(1))))
        offer(session, qtbot)
        session.pay_with(NAME, over_budget=True)  # before anybody said that it breaks one
        qtbot.waitUntil(lambda: session.view.over_budget)
        idle(session, qtbot)
        assert (session.view.phase, shop.wallet.paid) == (Phase.OFFERED, [])
        session.pay_with(NAME, over_budget=True)
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.DELIVERED)
        assert len(shop.wallet.paid) == 1
        idle(session, qtbot)


def test_a_held_token_is_tried_where_the_user_wants_it(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        offer(session, qtbot)
        session.pay_with(NAME)
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.DELIVERED)
        another = RequestDraft(url="https://shop.example/v1/another")
        session.send(another)
        phase_is(session, qtbot, Phase.CHALLENGED)
        idle(session, qtbot)
        (candidate,) = session.view.candidates
        session.send(another, token_id=candidate.id)
        qtbot.waitUntil(lambda: session.view.answer is not None and session.view.answer.status == 200)
        idle(session, qtbot)
        assert len(shop.wallet.paid) == 1


def test_what_was_bought_is_delivered_to_another_address(qtbot: QtBot, tmp_path: Path, shop: Shop) -> None:
    with a_thread(qtbot, tmp_path, shop) as desk:
        session = ExchangeSession(desk.io)
        shop.paid_answers = [httpx.Response(404)]
        offer(session, qtbot)
        session.pay_with(NAME)
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.UNDELIVERED)
        idle(session, qtbot)
        session.deliver_again("https://evil.example/claim", "POST")
        idle(session, qtbot)
        assert session.view.outcome is Outcome.UNDELIVERED
        session.deliver_again("/claim", "POST")
        qtbot.waitUntil(lambda: session.view.outcome is Outcome.DELIVERED)
        idle(session, qtbot)
        assert (shop.seen[-1].method, shop.seen[-1].url) == ("POST", "https://shop.example/claim")
