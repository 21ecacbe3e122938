from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from l402desk.engine.asking import answer_of, look_up
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities
from tests.engine.shop import Scripted, Shop, a_desk, finding, unanswered

pytestmark = pytest.mark.anyio
HASH = Preimage(b"\x07" * 32).payment_hash()
ANSWERS = [Paid(Preimage(b"\x07" * 32)), PaidWithoutProof("x"), Failed("x"), Unknown("x"), None]


async def ended(outcome: object) -> asyncio.Task[PaymentResult]:
    async def told() -> PaymentResult:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome  # type: ignore[return-value]  # a wallet may tell anything

    task = asyncio.create_task(told())
    await asyncio.wait({task})
    return task


@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_answer_is_taken_as_it_is(answer: PaymentResult | None) -> None:
    assert answer_of(await ended(answer)) == answer


@pytest.mark.parametrize("answer", ["paid", 1, True, object(), {"preimage": "00"}])
async def test_nonsense_is_unknown(answer: object) -> None:
    assert isinstance(answer_of(await ended(answer)), Unknown)


async def test_an_error_is_unknown_and_its_words_are_not_repeated() -> None:
    told = answer_of(await ended(RuntimeError("secret=abc")))
    assert isinstance(told, Unknown)
    assert "RuntimeError" in told.reason
    assert "secret" not in told.reason


async def test_a_question_that_was_broken_off_is_unknown() -> None:
    assert isinstance(answer_of(await ended(asyncio.CancelledError())), Unknown)


async def asked(folder: Path, wallet: Scripted) -> PaymentResult | None:
    async with a_desk(folder, Shop(), wallet) as services:
        found = await look_up(services, wallet, HASH, patience_s=0.05)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not services._running
        return found


@pytest.mark.parametrize("answer", ANSWERS)
async def test_a_look_up_tells_what_the_wallet_knows(tmp_path: Path, answer: PaymentResult | None) -> None:
    assert await asked(tmp_path, Scripted(pay=unanswered, look_up=finding(answer))) == answer


async def test_a_wallet_that_cannot_be_asked_knows_nothing(tmp_path: Path) -> None:
    wallet = Scripted(pay=unanswered, look_up=finding(WalletError("gone", "wait")))
    assert isinstance(await asked(tmp_path, wallet), Unknown)


async def test_a_wallet_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    async def hang(_: PaymentHash) -> PaymentResult | None:
        await asyncio.Event().wait()
        return None

    assert await asked(tmp_path, Scripted(pay=unanswered, look_up=hang)) == Unknown("The wallet does not answer.")


async def test_a_wallet_that_looks_nothing_up_is_not_asked(tmp_path: Path) -> None:
    blind = Capabilities(pays=True, looks_up=False, fee_limit=True, tells_balance=True)
    wallet = Scripted(pay=unanswered, look_up=finding(Failed("x")), capabilities=blind)
    assert isinstance(await asked(tmp_path, wallet), Unknown)
    assert wallet.looked_up == 0
