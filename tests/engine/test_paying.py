"""The laws of payment, each with a wallet or a disk that tries to break it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from l402desk.client.body import TextBody
from l402desk.client.record import from_record
from l402desk.client.request import Field, RequestDraft
from l402desk.engine import journey, standing
from l402desk.engine.paying import fee_limit_for
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities
from tests.engine.shop import (
    NAME,
    URL,
    Buyer,
    Scripted,
    Shop,
    a_desk,
    answering,
    failing,
    finding,
    rows_now,
    states,
    tokens,
    unanswered,
    until,
)
from tests.fakes.purchased import claim

pytestmark = pytest.mark.anyio
STRANGE = Preimage(b"\x02" * 32)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wallet is given 50 ms to answer, and is looked up every 10 ms."""
    monkeypatch.setattr(standing, "PATIENCE_S", 0.05)
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.01)


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def offered(shop: Shop, folder: Path, wallet: Scripted) -> AsyncIterator[Buyer]:
    async with a_desk(folder, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        yield buyer


def truth(shop: Shop) -> Scripted:
    """A wallet that pays what the shop asks, without keeping anything."""

    async def pay(invoice: str) -> PaymentResult:
        return Paid(shop.preimages[read_invoice(invoice).payment_hash], Msat(1))

    return Scripted(pay=pay)


# Law 2: intent first.


async def test_the_intent_is_on_the_disk_before_the_wallet_is_called(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[object, ...]] = []

    async def pay(invoice: str) -> PaymentResult:
        seen.extend(rows_now(tmp_path, "SELECT state, rail, amount_msat, origin, path, invoice FROM purchases"))
        return Paid(shop.preimages[read_invoice(invoice).payment_hash])

    async with a_desk(tmp_path, shop, Scripted(pay=pay)) as services:
        assert (await Buyer(services).buy()).outcome is Outcome.DELIVERED
    assert seen == [("submitted", NAME, 21_000, "https://shop.example", "/v1/thing", shop.bills[0][1])]


async def test_the_intent_is_on_the_disk_before_the_invoice_is_offered(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        view = await buyer.offer()
        assert (view.phase, view.can_prove) == (Phase.OFFERED, True)
        assert rows_now(tmp_path, "SELECT state, rail FROM purchases") == [("offered", None)]
        assert all(v.phase is not Phase.OFFERED for v in buyer.views)


async def test_the_proof_is_on_the_disk_before_the_token_is_used(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[object, ...]] = []
    sql = "SELECT p.state, p.preimage IS NOT NULL, t.state FROM purchases p JOIN tokens t ON t.purchase_id = p.id"
    shop.on_token = lambda: seen.extend(rows_now(tmp_path, sql))
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
    assert seen == [("settled", 1, "undelivered")]


async def test_nothing_is_paid_when_the_intent_cannot_be_written(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.send()
        failing(services).fail_next_write()
        view = await buyer.open()
        assert view.phase is Phase.CHALLENGED
        assert view.notice is not None
        assert view.notice.title == "Nothing was paid"
        assert "disk is full" in view.notice.sentence
        assert (await buyer.pay()).phase is Phase.CHALLENGED
        assert shop.wallet.calls == []
        assert (await buyer.open()).phase is Phase.OFFERED  # there is room again


async def test_nothing_is_paid_when_the_claim_cannot_be_written(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        failing(services).fail_next_write()
        view = await buyer.pay()
        assert (view.phase, shop.wallet.calls) == (Phase.OFFERED, [])
        assert view.notice is not None
        assert (await buyer.pay()).outcome is Outcome.DELIVERED


async def test_while_the_vault_is_locked_nothing_is_paid_and_nothing_breaks(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop, locked=True) as services:
        buyer = Buyer(services)
        view = await buyer.offer()
        assert (view.phase, view.can_pay) == (Phase.CHALLENGED, True)
        assert view.notice is not None
        assert view.notice.title == "The vault is locked"
        assert (await buyer.prove("00" * 32)).phase is Phase.CHALLENGED
        await services.unlock()
        assert (await buyer.open()).phase is Phase.OFFERED
        assert buyer.view.notice is None
        assert (await buyer.pay()).outcome is Outcome.DELIVERED


# Law 1: nothing unseen.


async def test_a_token_that_belongs_to_another_payment_is_never_paid(shop: Shop, tmp_path: Path) -> None:
    shop.wrong_hash = True
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services).buy()
        assert (view.phase, view.can_pay, shop.wallet.calls) == (Phase.CHALLENGED, False, [])
        assert await states(services) == []


@pytest.mark.parametrize("index", [-1, 1, 99])
async def test_a_challenge_that_is_not_there_is_not_paid(shop: Shop, tmp_path: Path, index: int) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.send()
        view = await buyer.journey.open_payment(services, buyer.report, index=index)
        assert (view.phase, await states(services)) == (Phase.CHALLENGED, [])


async def test_an_invoice_that_expired_on_the_screen_is_not_recorded(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.send()
        later = services.now() + 3_601
        services.clock = lambda: float(later)
        view = await buyer.open()
        assert view.notice is not None
        assert (view.phase, view.notice.title) == (Phase.CHALLENGED, "The invoice has expired")
        assert await states(services) == []


async def test_an_invoice_that_expired_in_the_dialog_is_not_handed_over(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        later = services.now() + 3_601
        services.clock = lambda: float(later)
        assert (await buyer.pay()).phase is Phase.OFFERED
        assert (shop.wallet.calls, await states(services)) == ([], ["offered"])


async def test_a_wallet_on_another_network_is_not_given_the_invoice(shop: Shop, tmp_path: Path) -> None:
    other = Scripted(pay=unanswered, name="Mainnet", network=Network.MAINNET)
    async with a_desk(tmp_path, shop, shop.wallet, other) as services:
        buyer = Buyer(services)
        await buyer.offer()
        view = await buyer.pay("Mainnet")
        assert (view.phase, other.asked, await states(services)) == (Phase.OFFERED, [], ["offered"])
        assert view.notice is not None
        assert "regtest" in view.notice.sentence
        assert "mainnet" in view.notice.sentence
        assert (await buyer.pay()).outcome is Outcome.DELIVERED


async def test_a_watch_only_wallet_is_not_asked_to_pay(shop: Shop, tmp_path: Path) -> None:
    watching = Capabilities(pays=False, looks_up=True, fee_limit=False, tells_balance=False)
    wallet = Scripted(pay=unanswered, capabilities=watching)
    async with a_desk(tmp_path, shop, wallet) as services:
        view = await Buyer(services).buy()
        assert (view.phase, wallet.asked) == (Phase.OFFERED, [])


async def test_a_wallet_that_is_gone_leaves_the_offer(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        services.wallets.disconnect(NAME)
        view = await buyer.pay()
        assert (view.phase, await states(services)) == (Phase.OFFERED, ["offered"])


# Law 3: never twice.


async def test_a_double_click_pays_once(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        await asyncio.gather(buyer.pay(), buyer.pay(), buyer.pay("Another"), buyer.open(), buyer.close())
        assert buyer.view.outcome is Outcome.DELIVERED
        assert shop.wallet.calls.count("pay") == 1
        await buyer.pay()
        assert shop.wallet.calls.count("pay") == 1


async def test_two_journeys_with_the_same_challenge_pay_once(shop: Shop, tmp_path: Path) -> None:
    shop.same_challenge = True
    async with a_desk(tmp_path, shop) as services:
        first, second = Buyer(services), Buyer(services)
        await asyncio.gather(first.offer(), second.offer())
        await asyncio.gather(first.pay(), second.pay())
        assert (len(shop.wallet.paid), shop.wallet.calls.count("pay")) == (1, 1)
        assert first.view.outcome is second.view.outcome is Outcome.DELIVERED  # one waits for the other's proof
        assert (await states(services), len(await tokens(services))) == (["settled"], 1)


async def test_an_invoice_that_was_shown_before_is_told_before_another_is_paid(shop: Shop, tmp_path: Path) -> None:
    """A phone may have paid the code that was shown: nobody but the user can know (law 3)."""
    async with a_desk(tmp_path, shop) as services:
        assert (await Buyer(services).offer()).notice is None
        shop.msat = 30_000
        notice = (await Buyer(services).offer()).notice
        assert notice is not None
        assert notice.title == "An earlier invoice for this was shown"
        assert "21 sats" in notice.sentence
        assert (await Buyer(services, url="https://shop.example/v1/other").offer()).notice is None


async def test_the_request_itself_is_written_down_with_the_intent(shop: Shop, tmp_path: Path) -> None:
    """Law 2: after a crash the very same request can be sent with what was bought; it is sealed like the token."""
    draft = RequestDraft("POST", URL, headers=(Field("X-Trace", "secret-trace"),), body=TextBody("hello"))
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services, draft=draft).offer()
        assert view.purchase is not None
        assert from_record((await services.ledger.secrets(view.purchase.id)).request) == draft
        held = rows_now(tmp_path, "SELECT request FROM purchases")
    assert isinstance(held[0][0], bytes)
    assert b"secret-trace" not in held[0][0]


async def test_an_invoice_given_to_one_wallet_goes_to_no_other(shop: Shop, tmp_path: Path) -> None:
    shop.same_challenge = True
    slow, other = Scripted(pay=unanswered), Scripted(pay=unanswered, name="Other")
    async with a_desk(tmp_path, shop, slow, other) as services:
        first, second = Buyer(services), Buyer(services)
        await first.offer()
        await second.offer()
        jobs = [asyncio.create_task(first.pay()), asyncio.create_task(second.pay("Other"))]
        await until(lambda: first.view.phase is second.view.phase is Phase.UNKNOWN)
        assert (len(slow.asked), other.asked) == (1, [])
        assert other.looked_up == 0  # the wallet that was given the invoice is the one to ask
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def test_a_repeated_invoice_that_was_paid_is_not_offered_again(shop: Shop, tmp_path: Path) -> None:
    shop.same_challenge = True
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        view = await Buyer(services).offer()
        assert view.phase is Phase.CHALLENGED
        assert view.notice is not None
        assert "already used" in view.notice.sentence
        assert len(shop.wallet.paid) == 1


async def test_an_unknown_payment_blocks_the_next_one_for_the_same_thing(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered)) as services:
        first = Buyer(services)
        job = asyncio.create_task(first.buy())
        await until(lambda: first.view.phase is Phase.UNKNOWN)
        shop.msat = 30_000
        second = Buyer(services)
        view = await second.offer()
        assert view.phase is Phase.CHALLENGED
        assert view.blocking is not None
        assert view.blocking.id == (first.view.purchase and first.view.purchase.id)
        assert view.notice is not None
        assert "21 sats" in view.notice.sentence
        assert "30 sats" in view.notice.sentence
        assert await states(services) == ["unknown"]
        elsewhere = Buyer(services, url="https://shop.example/v1/another")
        assert (await elsewhere.offer()).phase is Phase.OFFERED
        assert (await Buyer(services, method="POST").offer()).phase is Phase.CHALLENGED  # the same thing
        assert (await second.open(despite=True)).phase is Phase.OFFERED  # the user's word, with both amounts seen
        assert second.view.blocking is None
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_an_override_pays_although_the_first_is_open(shop: Shop, tmp_path: Path) -> None:
    sure = shop.wallet
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered, name="Slow"), sure) as services:
        first = Buyer(services)
        await first.offer()
        job = asyncio.create_task(first.pay("Slow"))
        await until(lambda: first.view.phase is Phase.UNKNOWN)
        second = Buyer(services)
        await second.offer(despite=True)
        assert (await second.pay()).outcome is Outcome.DELIVERED
        assert await states(services) == ["unknown", "settled"]
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_two_offers_for_one_thing_are_not_both_paid(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered)) as services:
        first, second = Buyer(services), Buyer(services)
        await first.offer()
        await second.offer()  # nothing is open yet, so both are offered
        job = asyncio.create_task(first.pay())
        await until(lambda: first.view.phase in (Phase.PAYING, Phase.UNKNOWN) and len(shop.bills) == 2)
        await until(lambda: rows_now(tmp_path, "SELECT 1 FROM purchases WHERE state != 'intent'"))
        view = await second.pay()
        assert view.phase is Phase.OFFERED
        assert view.notice is not None
        assert "still open" in view.notice.sentence
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_a_claim_of_another_window_is_followed_and_its_proof_taken(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        purchase = (await buyer.offer()).purchase
        assert purchase is not None
        await claim(services.ledger, purchase.id, "A wallet elsewhere")
        job = asyncio.create_task(buyer.pay())
        await until(lambda: buyer.view.phase is Phase.UNKNOWN)  # and no QR of this invoice is offered any more
        assert shop.wallet.calls == []
        await services.ledger.settle(purchase.id, shop.preimages[purchase.payment_hash])
        assert (await job).outcome is Outcome.DELIVERED
        assert shop.wallet.calls == []


# Law 4: only a preimage is proof.


@pytest.mark.parametrize(
    "answer", [Unknown("lost"), WalletError("gone", "wait"), RuntimeError("bug"), "nonsense", None, 7]
)
async def test_an_answer_that_proves_nothing_leaves_the_payment_unknown(
    shop: Shop, tmp_path: Path, answer: PaymentResult
) -> None:
    wallet = Scripted(pay=answering(answer), look_up=finding(None, RuntimeError("bug"), Unknown("who knows")))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        job = asyncio.create_task(buyer.buy())
        await until(lambda: wallet.looked_up > 4)
        assert (buyer.view.phase, await states(services)) == (Phase.UNKNOWN, ["unknown"])
        assert not job.done()
        assert len(wallet.asked) == 1
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_a_look_up_settles_an_unknown_payment(shop: Shop, tmp_path: Path) -> None:
    wallet = Scripted(pay=answering(Unknown("lost")))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        proof = Paid(shop.preimages[buyer.payment_hash], Msat(7))
        wallet._look_up = finding(None, Unknown("on its way"), proof)
        view = await buyer.pay()
        assert (view.outcome, wallet.looked_up, len(wallet.asked)) == (Outcome.DELIVERED, 3, 1)
        assert view.purchase is not None
        assert view.purchase.fee == Msat(7)


async def test_a_look_up_that_proves_the_failure_ends_an_unknown_payment(shop: Shop, tmp_path: Path) -> None:
    wallet = Scripted(pay=answering(Unknown("lost")), look_up=finding(None, Failed("no route")))
    async with a_desk(tmp_path, shop, wallet) as services:
        view = await Buyer(services).buy()
        assert (view.outcome, await states(services)) == (Outcome.PAYMENT_FAILED, ["failed"])
        assert (await Buyer(services).offer()).phase is Phase.OFFERED  # nothing is open any more


async def test_a_wallet_that_answers_after_the_patience_is_heard(shop: Shop, tmp_path: Path) -> None:
    answered = asyncio.Event()

    async def pay(invoice: str) -> PaymentResult:
        await answered.wait()
        return Paid(shop.preimages[read_invoice(invoice).payment_hash], Msat(3))

    wallet = Scripted(pay=pay, look_up=finding(None))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        job = asyncio.create_task(buyer.buy())
        await until(lambda: buyer.view.phase is Phase.UNKNOWN)
        answered.set()
        view = await job
        assert (view.outcome, len(wallet.asked)) == (Outcome.DELIVERED, 1)
        assert view.purchase is not None
        assert view.purchase.fee == Msat(3)


async def test_failed_is_not_believed_while_a_look_up_says_otherwise(shop: Shop, tmp_path: Path) -> None:
    wallet = Scripted(pay=answering(Failed("internal error")))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        wallet._look_up = finding(Unknown("on its way"), Paid(shop.preimages[buyer.payment_hash]))
        assert (await buyer.pay()).outcome is Outcome.DELIVERED
        assert await states(services) == ["settled"]


@pytest.mark.parametrize("found", [None, Failed("no route")])
async def test_failed_is_believed_when_the_look_up_agrees(
    shop: Shop, tmp_path: Path, found: PaymentResult | None
) -> None:
    wallet = Scripted(pay=answering(Failed("no route")), look_up=finding(found))
    async with a_desk(tmp_path, shop, wallet) as services:
        view = await Buyer(services).buy()
        assert (view.outcome, await states(services)) == (Outcome.PAYMENT_FAILED, ["failed"])
        assert view.notice is not None
        assert view.notice.sentence == "no route"
        assert await tokens(services) == []


@pytest.mark.parametrize("answer", [Paid(STRANGE), PaidWithoutProof("none was given")])
async def test_success_without_the_right_preimage_is_no_success(
    shop: Shop, tmp_path: Path, answer: PaymentResult
) -> None:
    wallet = Scripted(pay=answering(answer), look_up=finding(answer))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        job = asyncio.create_task(buyer.buy())
        await until(lambda: wallet.looked_up > 2)
        assert (buyer.view.phase, await states(services)) == (Phase.NO_PROOF, ["paid-without-proof"])
        assert (len(wallet.asked), shop.paid_requests, await tokens(services)) == (1, [], [])
        assert (await Buyer(services).offer()).blocking is not None
        view = await buyer.prove(shop.preimages[buyer.payment_hash].hex)
        assert view.outcome is Outcome.DELIVERED
        await job
        assert (buyer.view.outcome, await tokens(services)) == (Outcome.DELIVERED, ["usable"])


@pytest.mark.parametrize("answer", [Paid(STRANGE), PaidWithoutProof("none was given")])
async def test_a_wallet_that_owes_the_proof_is_still_asked_for_it(
    shop: Shop, tmp_path: Path, answer: PaymentResult
) -> None:
    wallet = Scripted(pay=answering(answer))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        wallet._look_up = finding(None, Failed("it lies"), Paid(shop.preimages[buyer.payment_hash]))
        assert (await buyer.pay()).outcome is Outcome.DELIVERED


async def test_a_hanging_look_up_does_not_pile_up(shop: Shop, tmp_path: Path) -> None:
    async def hang(_: PaymentHash) -> PaymentResult | None:
        await asyncio.Event().wait()
        return None

    wallet = Scripted(pay=answering(Unknown("lost")), look_up=hang)
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        job = asyncio.create_task(buyer.buy())
        await until(lambda: wallet.looked_up > 3)
        assert len(services._running) <= 2
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


# Proofs by hand.


async def test_a_pasted_proof_buys_without_any_wallet(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        view = await buyer.prove(shop.preimages[buyer.payment_hash].hex.upper())
        assert (view.outcome, shop.wallet.calls) == (Outcome.DELIVERED, [])
        assert view.purchase is not None
        assert (view.purchase.rail, view.purchase.state) == ("phone", PurchaseState.SETTLED)


async def test_a_proof_pasted_while_the_wallet_is_asked_makes_one_token_and_no_error(
    shop: Shop, tmp_path: Path
) -> None:
    answered = asyncio.Event()

    async def pay(invoice: str) -> PaymentResult:
        await answered.wait()
        return Paid(shop.preimages[read_invoice(invoice).payment_hash])

    async with a_desk(tmp_path, shop, wallet := Scripted(pay=pay)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        paying_job = asyncio.create_task(buyer.pay())
        await until(lambda: wallet.asked)
        pasted = await asyncio.gather(*[buyer.prove(shop.preimages[buyer.payment_hash].hex) for _ in range(3)])
        assert pasted[0].outcome is Outcome.DELIVERED
        answered.set()
        await paying_job
        assert buyer.view.outcome is Outcome.DELIVERED
        assert (await tokens(services), len(shop.paid_requests)) == (["usable"], 1)


async def test_a_proof_that_comes_between_the_two_steps_keeps_the_wallet_unasked(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop, wallet := Scripted(pay=unanswered)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        proof = shop.preimages[buyer.payment_hash]
        reserve = services.ledger.reserve

        async def reserve_and_prove(purchase_id: str, rail: str, **words: Any) -> Purchase:
            reserved = await reserve(purchase_id, rail, **words)
            await services.ledger.settle(purchase_id, proof)  # another window, or a command
            return reserved

        services.ledger.reserve = reserve_and_prove  # type: ignore[method-assign]
        view = await buyer.pay()
        assert (view.outcome, wallet.asked) == (Outcome.DELIVERED, [])
        assert (await states(services), await tokens(services)) == (["settled"], ["usable"])


@pytest.mark.parametrize("text", ["", "hello", "00" * 32, "ab" * 31, STRANGE.hex])
async def test_what_is_no_proof_is_told_and_changes_nothing(shop: Shop, tmp_path: Path, text: str) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        view = await buyer.prove(text)
        assert (view.phase, await states(services)) == (Phase.OFFERED, ["offered"])
        assert view.notice is not None
        assert view.notice.title == "That is not the proof of this payment"


async def test_the_payment_hash_is_not_taken_for_the_proof(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        view = await buyer.prove(buyer.payment_hash.hex)
        assert view.notice is not None
        assert "payment hash" in view.notice.sentence


async def test_a_proof_of_what_was_offered_before_is_not_lost(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        first = Buyer(services)
        await first.offer()
        by_phone = shop.preimages[first.payment_hash]
        await first.close()
        second = Buyer(services)
        await second.offer()  # sent again: another invoice is on the screen now
        view = await second.prove(by_phone.hex)
        assert (view.phase, await states(services)) == (Phase.OFFERED, ["settled", "offered"])
        assert await tokens(services) == ["undelivered"]
        assert view.notice is not None
        assert view.notice.title == "The proof was taken"
        assert (await Buyer(services).send()).outcome is Outcome.ANSWERED
        assert len(shop.paid_requests) == 1


async def test_a_proof_that_comes_after_the_payment_was_closed_is_taken(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        await buyer.close()
        view = await buyer.prove(shop.preimages[buyer.payment_hash].hex)
        assert (view.phase, await tokens(services)) == (Phase.CHALLENGED, ["undelivered"])
        assert (await buyer.open()).phase is Phase.CHALLENGED  # what is paid is not offered again


async def test_a_proof_of_what_the_wallet_called_failed_is_taken(shop: Shop, tmp_path: Path) -> None:
    wallet = Scripted(pay=answering(Failed("no route")), look_up=finding(None))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.buy()
        await buyer.prove(shop.preimages[buyer.payment_hash].hex)
        assert (await states(services), await tokens(services)) == (["settled"], ["undelivered"])


# The disk, after the money has left.


@pytest.mark.parametrize("after", [0, 1])
async def test_a_proof_that_the_disk_refused_is_shown_and_kept_later(shop: Shop, tmp_path: Path, after: int) -> None:
    async with a_desk(tmp_path, shop, truth(shop)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        failing(services).fail_next_write(
            after=2 + after, times=2
        )  # both steps to the wallet work; settling or keeping does not
        view = await buyer.pay()
        proof = shop.preimages[buyer.payment_hash]
        assert (view.phase, view.unkept_proof, shop.paid_requests) == (Phase.KEEPING, proof, [])
        assert view.notice is not None
        assert "disk is full" in view.notice.sentence
        assert (await buyer.keep_again()).unkept_proof == proof  # still full
        views = await asyncio.gather(buyer.keep_again(), buyer.keep_again())
        assert {v.unkept_proof for v in views} == {None}
        assert buyer.view.outcome is Outcome.DELIVERED
        assert (await states(services), await tokens(services)) == (["settled"], ["usable"])
        assert len(shop.paid_requests) == 1


async def test_keeping_again_without_need_does_nothing(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        assert (await buyer.keep_again()).phase is Phase.OFFERED


async def test_an_unknown_state_that_cannot_be_written_stays_submitted(shop: Shop, tmp_path: Path) -> None:
    wallet = Scripted(pay=answering(Unknown("lost")), look_up=finding(None))
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        failing(services).fail_next_write(after=2)
        job = asyncio.create_task(buyer.pay())
        await until(lambda: wallet.looked_up)
        assert (buyer.view.phase, await states(services)) == (Phase.UNKNOWN, ["submitted"])
        assert buyer.view.notice is not None
        assert "disk is full" in buyer.view.notice.sentence
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


@pytest.mark.parametrize("step", ["reserve", "submit"])
async def test_a_disk_that_refuses_a_step_to_the_wallet_keeps_the_wallet_unasked(
    shop: Shop, tmp_path: Path, step: str
) -> None:
    wallet = Scripted(pay=unanswered)
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        failing(services).fail_next_write(after=("reserve", "submit").index(step))
        view = await buyer.pay()
        assert wallet.asked == []
        assert view.notice is not None
        assert "disk is full" in view.notice.sentence
        assert await states(services) == ["offered" if step == "reserve" else "failed"]


# The end of the app.


async def test_a_payment_in_flight_at_the_end_is_on_the_disk_as_submitted(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("l402desk.services.SETTLE_DOWN_S", 0.05)
    before = asyncio.all_tasks()
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        job = asyncio.create_task(buyer.pay())
        await until(lambda: buyer.view.phase is Phase.PAYING and services._running)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
    assert rows_now(tmp_path, "SELECT state, rail FROM purchases") == [("submitted", NAME)]
    assert asyncio.all_tasks() == before


async def test_a_proof_that_comes_while_the_app_closes_is_kept(shop: Shop, tmp_path: Path) -> None:
    answered = asyncio.Event()

    async def pay(invoice: str) -> PaymentResult:
        await answered.wait()
        return Paid(shop.preimages[read_invoice(invoice).payment_hash], Msat(5))

    async with a_desk(tmp_path, shop, Scripted(pay=pay)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        job = asyncio.create_task(buyer.pay())
        await until(lambda: buyer.view.phase is Phase.PAYING and services._running)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        answered.set()
    assert rows_now(tmp_path, "SELECT state, fee_msat FROM purchases") == [("settled", 5)]
    assert rows_now(tmp_path, "SELECT state FROM tokens") == [("undelivered",)]
    assert shop.paid_requests == []


async def test_an_unknown_payment_that_arrives_while_the_app_closes_is_kept(shop: Shop, tmp_path: Path) -> None:
    answered = asyncio.Event()

    async def pay(invoice: str) -> PaymentResult:
        await answered.wait()
        return Paid(shop.preimages[read_invoice(invoice).payment_hash])

    async with a_desk(tmp_path, shop, Scripted(pay=pay)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        job = asyncio.create_task(buyer.pay())
        await until(lambda: buyer.view.phase is Phase.UNKNOWN)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        answered.set()
    assert rows_now(tmp_path, "SELECT state FROM purchases") == [("settled",)]


async def test_a_proof_being_written_when_the_job_is_cancelled_reaches_the_disk(shop: Shop, tmp_path: Path) -> None:
    hold = asyncio.Event()

    async def pay(invoice: str) -> PaymentResult:
        failing(services).held = hold
        return Paid(shop.preimages[read_invoice(invoice).payment_hash])

    async with a_desk(tmp_path, shop, Scripted(pay=pay)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        job = asyncio.create_task(buyer.pay())
        await until(lambda: failing(services).waiting)
        assert buyer.view.phase is Phase.KEEPING
        job.cancel()
        asyncio.get_running_loop().call_later(0.02, hold.set)
        await asyncio.gather(job, return_exceptions=True)
    assert rows_now(tmp_path, "SELECT state FROM purchases") == [("settled",)]
    assert rows_now(tmp_path, "SELECT state FROM tokens") == [("undelivered",)]


@pytest.mark.parametrize(("sats", "limit"), [(1, 1), (9, 9), (21, 10), (1_000, 10), (1_001, 10.01), (100_000, 1_000)])
def test_the_fee_limit_is_ten_sats_or_one_per_cent_and_never_more_than_the_price(sats: int, limit: float) -> None:
    assert fee_limit_for(Msat.of_sats(sats)) == Msat(int(limit * 1_000))


async def test_the_wallet_is_told_the_fee_limit_that_is_in_the_ledger(shop: Shop, tmp_path: Path) -> None:
    shop.msat = 5_000_000
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services, url=URL).offer()
        assert view.purchase is not None
        assert view.purchase.fee_limit == Msat(50_000)
