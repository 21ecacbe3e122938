"""What only the user can say: a proof settles whatever state it finds, and waiting ends only when nobody can pay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.engine.by_hand import TooEarly, end_unpaid, prove, why_not_end
from l402desk.engine.reconciling import GIVEN_UP
from l402desk.ledger.errors import NoSuchPurchase
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import Preimage
from l402desk.services import Services
from l402desk.vault.tokens import TokenState
from tests.engine.shop import Shop, a_desk
from tests.fakes.purchased import claim, new_intent, preimage_of

pytestmark = pytest.mark.anyio
State = PurchaseState
AFTER = 120


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, Shop()) as services:
        yield services


async def unknown(services: Services, number: int = 1) -> Purchase:
    purchase = await services.ledger.offer(new_intent(number), despite=True)
    await claim(services.ledger, purchase.id, despite=True)
    return await services.ledger.unknown(purchase.id, "no answer")


async def test_a_proof_settles_and_its_token_is_kept(services: Services) -> None:
    purchase = await unknown(services)
    settled = await prove(services, purchase.id, preimage_of(1))
    assert settled.state is State.SETTLED
    (token,) = await services.vault.list()
    assert token.purchase_id == purchase.id
    assert token.state is TokenState.UNDELIVERED
    assert (await prove(services, purchase.id, preimage_of(1))).state is State.SETTLED
    assert await services.vault.count() == 1


async def test_a_proof_of_another_payment_changes_nothing(services: Services) -> None:
    purchase, other = await unknown(services), await unknown(services, 2)
    with pytest.raises(ProofError, match="another payment"):
        await prove(services, purchase.id, preimage_of(2))
    for one in (purchase, other):
        assert (await services.ledger.get(one.id)).state is State.UNKNOWN
    with pytest.raises(NoSuchPurchase):
        await prove(services, "nobody", Preimage(b"\x01" * 32))


async def test_waiting_ends_by_the_users_word_once_nobody_can_pay_any_more(services: Services) -> None:
    purchase = await unknown(services)
    services.clock = lambda: purchase.expires_at + AFTER
    ended = await end_unpaid(services, purchase.id)
    assert (ended.state, ended.reason) == (State.FAILED, GIVEN_UP)


async def test_it_does_not_end_while_the_invoice_can_be_paid(services: Services) -> None:
    purchase = await unknown(services)
    services.clock = lambda: purchase.expires_at + AFTER - 1
    with pytest.raises(TooEarly, match="can still be paid"):
        await end_unpaid(services, purchase.id)
    assert (await services.ledger.get(purchase.id)).state is State.UNKNOWN


async def test_what_is_proven_after_all_settles_even_then(services: Services) -> None:
    purchase = await unknown(services)
    services.clock = lambda: purchase.expires_at + AFTER
    await end_unpaid(services, purchase.id)
    assert (await prove(services, purchase.id, preimage_of(1))).state is State.SETTLED


async def test_every_state_says_why_it_cannot_be_ended(services: Services) -> None:
    offered = await services.ledger.offer(new_intent(1))
    late = offered.expires_at + AFTER
    assert "No wallet was given" in why_not_end(offered, late)
    intent = await services.ledger.reserve(offered.id, "Fake wallet")
    assert "can still be paid" in why_not_end(intent, late)
    submitted = await services.ledger.submit(offered.id)
    assert why_not_end(submitted, late) == ""
    claimed = await services.ledger.without_proof(offered.id, "it says so")
    assert "proof of payment" in why_not_end(claimed, late)
    with pytest.raises(TooEarly):
        await end_unpaid(services, offered.id)
    settled = await services.ledger.settle(offered.id, preimage_of(1))
    assert "is paid" in why_not_end(settled, late)
