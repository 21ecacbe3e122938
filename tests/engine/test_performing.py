from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from l402desk.client.request import RequestDraft
from l402desk.engine.performing import Performer
from l402desk.engine.picture import Turn
from l402desk.protocol import commands as do
from l402desk.protocol.events import Answered, IntentKept, PaymentOpened, ProofKept, Started
from l402desk.protocol.exchange import Exchange, Phase
from l402desk.protocol.token import Token
from tests.engine.shop import URL, Shop, a_desk, failing, rows_now, until

pytestmark = pytest.mark.anyio


async def offered(shop: Shop, performer: Performer, exchange: Exchange, turn: Turn) -> do.KeepProof:
    """Bring the exchange to where a proof can be kept, command by command."""
    (send,) = exchange.receive(Started())
    answered = await performer.perform(send, exchange, turn)
    assert isinstance(answered, Answered)
    exchange.receive(answered)
    (record,) = exchange.receive(PaymentOpened())
    kept = await performer.perform(record, exchange, turn)
    assert kept == IntentKept()
    exchange.receive(kept)
    chosen = exchange.chosen
    assert chosen is not None
    assert chosen.challenge is not None
    assert chosen.payment_hash is not None
    preimage = shop.preimages[chosen.payment_hash]
    return do.KeepProof(preimage, Token("L402", chosen.challenge.credential, preimage))


async def test_each_command_answers_with_what_happened(tmp_path: Path) -> None:
    shop, performer, exchange = Shop(), Performer(RequestDraft(url=URL)), Exchange()
    async with a_desk(tmp_path, shop) as services:
        turn = Turn(services, lambda _: None)
        proof = await offered(shop, performer, exchange, turn)
        assert await performer.perform(do.AskUser(), exchange, turn) is None
        assert await performer.perform(proof, exchange, turn) == ProofKept()
        assert await performer.perform(do.MarkDelivery(do.Delivery.REFUSED), exchange, turn) is None
        assert rows_now(tmp_path, "SELECT state, delivery FROM purchases") == [("settled", "refused")]
        assert await performer.perform(do.Finish(do.Outcome.NOT_ACCEPTED), exchange, turn) is None


async def test_a_proof_the_disk_refuses_is_not_called_kept(tmp_path: Path) -> None:
    shop, performer, exchange = Shop(), Performer(RequestDraft(url=URL)), Exchange()
    async with a_desk(tmp_path, shop) as services:
        turn = Turn(services, lambda _: None)
        proof = await offered(shop, performer, exchange, turn)
        failing(services).fail_next_write()
        assert await performer.perform(proof, exchange, turn) is None
        assert performer.view(exchange).unkept_proof == proof.preimage
        assert await performer.perform(proof, exchange, turn) == ProofKept()
        assert performer.view(exchange).unkept_proof is None


async def test_what_must_reach_the_disk_is_not_broken_off(tmp_path: Path) -> None:
    shop, performer, exchange = Shop(), Performer(RequestDraft(url=URL)), Exchange()
    hold = asyncio.Event()
    async with a_desk(tmp_path, shop) as services:
        turn = Turn(services, lambda _: None)
        proof = await offered(shop, performer, exchange, turn)
        failing(services).held = hold
        job = asyncio.create_task(performer.perform(proof, exchange, turn))
        await until(lambda: failing(services).waiting)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        assert job.cancelled()
        hold.set()
    assert rows_now(tmp_path, "SELECT state FROM tokens") == [("undelivered",)]


async def test_a_view_says_what_can_be_done_and_each_is_newer_than_the_last(tmp_path: Path) -> None:
    shop, performer, exchange = Shop(), Performer(RequestDraft(url=URL), 7), Exchange()
    async with a_desk(tmp_path, shop) as services:
        turn = Turn(services, lambda _: None)
        (send,) = exchange.receive(Started())
        answered = await performer.perform(send, exchange, turn)
        assert isinstance(answered, Answered)
        exchange.receive(answered)
        first, second = performer.view(exchange), performer.view(exchange)
        assert (first.phase, first.can_pay, first.can_prove, first.can_retry) == (Phase.CHALLENGED, True, False, False)
        assert first.number < second.number
        assert first.journey == second.journey == 7
