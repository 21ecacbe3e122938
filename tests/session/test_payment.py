"""One payment over real services: what each action makes of it, and what is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pytestqt.qtbot import QtBot

from l402desk.ledger.purchases import Delivery, Purchase, PurchaseState
from l402desk.protocol.payment import Failed, Paid
from l402desk.services import Services
from l402desk.session.payment import PaymentSession, Told, resolved_words
from l402desk.store.errors import DiskFull
from tests.engine.shop import NAME, Scripted, Shop, finding, unanswered
from tests.fakes.purchased import claim, credential_of, new_intent, preimage_of
from tests.session.desks import Desk, a_thread

State = PurchaseState
URL = "https://shop.example/v1/thing"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def wallet() -> Scripted:
    return Scripted(pay=unanswered)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, shop: Shop, wallet: Scripted) -> Iterator[Desk]:
    with a_thread(qtbot, tmp_path, shop, wallet) as desk:
        yield desk


@pytest.fixture
def session(desk: Desk) -> PaymentSession:
    return PaymentSession(desk.io)


@pytest.fixture
def unknown(desk: Desk) -> Purchase:
    async def begin(services: Services) -> Purchase:
        purchase = await services.ledger.offer(new_intent(1, URL))
        await claim(services.ledger, purchase.id, NAME)
        return await services.ledger.unknown(purchase.id, "no answer")

    found = desk.do(begin)
    assert isinstance(found, Purchase)
    return found


def told(qtbot: QtBot, session: PaymentSession, act: Callable[[], None]) -> Told:
    with qtbot.waitSignals([session.told, session.acted]) as _, qtbot.waitSignal(session.told) as said:
        act()
        assert session.is_busy
    assert not session.is_busy
    assert isinstance(said.args[0], Told)
    return said.args[0]


def now(desk: Desk, purchase: Purchase) -> Purchase:
    found = desk.do(lambda services: services.ledger.get(purchase.id))
    assert isinstance(found, Purchase)
    return found


def test_the_wallet_is_asked_once_and_what_it_proves_is_kept(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase, wallet: Scripted
) -> None:
    wallet._look_up = finding(None, Paid(preimage_of(1)))
    assert told(qtbot, session, lambda: session.resolve(unknown.id)).title.startswith("Still open")
    assert wallet.looked_up == 1
    assert told(qtbot, session, lambda: session.resolve(unknown.id)).severity == "good"
    assert now(desk, unknown).state is State.SETTLED
    assert desk.do(lambda services: services.vault.count()) == 1


def test_a_wallet_that_proves_a_failure_ends_it(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase, wallet: Scripted
) -> None:
    wallet._look_up = finding(Failed("no route"))
    said = told(qtbot, session, lambda: session.resolve(unknown.id))
    assert (said.severity, said.sentence) == ("info", "no route")


def test_a_pasted_proof_settles_and_delivery_is_free(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase, shop: Shop
) -> None:
    assert told(qtbot, session, lambda: session.prove(unknown.id, preimage_of(1).hex)).severity == "good"
    shop.paid_answers = [httpx.Response(503, text="later"), httpx.Response(200, text="here")]
    assert told(qtbot, session, lambda: session.deliver(unknown.id)).severity == "warning"
    assert now(desk, unknown).delivery is Delivery.UNDELIVERED
    assert told(qtbot, session, lambda: session.deliver(unknown.id)) == Told(
        "good", "Delivered. Nothing was paid for it", "The server answered 200."
    )
    assert now(desk, unknown).delivery is Delivery.DELIVERED
    assert [seen.url for seen in shop.paid_requests] == [URL, URL]
    assert len(shop.bills) == 0


def test_a_split_claim_address_is_asked_for_what_was_paid(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase, shop: Shop
) -> None:
    told(qtbot, session, lambda: session.prove(unknown.id, preimage_of(1).hex))
    told(qtbot, session, lambda: session.deliver(unknown.id, "https://shop.example/v1/claim"))
    assert [seen.url for seen in shop.paid_requests] == ["https://shop.example/v1/claim"]
    said = told(qtbot, session, lambda: session.deliver(unknown.id, "https://stranger.example/claim"))
    assert said.severity in ("warning", "danger")
    assert len(shop.seen) == 1


def test_a_proof_of_another_payment_is_refused_in_words(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase
) -> None:
    said = told(qtbot, session, lambda: session.prove(unknown.id, preimage_of(2).hex))
    assert "another payment" in said.sentence
    assert now(desk, unknown).state is State.UNKNOWN


def test_waiting_is_not_ended_while_the_invoice_can_be_paid(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase
) -> None:
    desk.do(lambda services: setattr(services, "clock", lambda: unknown.expires_at + 1))
    said = told(qtbot, session, lambda: session.end_unpaid(unknown.id))
    assert "can still be paid" in said.sentence
    desk.do(lambda services: setattr(services, "clock", lambda: unknown.expires_at + 121))
    assert told(qtbot, session, lambda: session.end_unpaid(unknown.id)).title == "No longer waited for"
    assert now(desk, unknown).state is State.FAILED


def test_one_action_at_a_time(qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase) -> None:
    with qtbot.waitSignal(session.acted):
        session.resolve(unknown.id)
        session.end_unpaid(unknown.id)
    assert now(desk, unknown).state is State.UNKNOWN


def test_a_line_and_an_exchange_come_when_asked_for(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase
) -> None:
    with qtbot.waitSignal(session.line_came) as line:
        session.ask(unknown.id)
    assert line.args[0].purchase.id == unknown.id
    with qtbot.waitSignal(session.exchange_came) as masked:
        session.ask_exchange(unknown.id)
    assert masked.args[0].purchase_id == unknown.id
    assert credential_of(1) not in masked.args[0].exchange.asked
    with qtbot.waitSignal(session.exchange_came) as revealed:
        session.ask_exchange(unknown.id, reveal=True)
    assert credential_of(1) in revealed.args[0].exchange.asked
    assert credential_of(1) not in repr(vars(session))


def test_what_is_not_there_and_what_the_disk_refuses_is_said(
    qtbot: QtBot, desk: Desk, session: PaymentSession, unknown: Purchase
) -> None:
    with qtbot.waitSignal(session.told) as gone:
        session.ask("nobody")
    assert gone.args[0].title == "This payment is not in the ledger"
    desk.do(lambda services: services.database.fail_next_write())  # type: ignore[attr-defined]
    said = told(qtbot, session, lambda: session.prove(unknown.id, preimage_of(1).hex))
    assert DiskFull().sentence in said.sentence


@pytest.mark.parametrize(
    ("state", "severity"),
    [
        (State.SETTLED, "good"),
        (State.FAILED, "info"),
        (State.PAID_WITHOUT_PROOF, "warning"),
        (State.UNKNOWN, "info"),
    ],
)
def test_each_end_of_a_look_up_has_its_words(unknown: Purchase, state: State, severity: str) -> None:
    from dataclasses import replace

    assert resolved_words(replace(unknown, state=state), True).severity == severity


def test_nobody_to_ask_is_said_so(unknown: Purchase) -> None:
    assert NAME in resolved_words(unknown, False).sentence
    from dataclasses import replace

    assert "no wallet" in resolved_words(replace(unknown, rail=None), False).sentence
