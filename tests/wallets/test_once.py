from __future__ import annotations

import asyncio

import pytest

from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.once import OnceEach

pytestmark = pytest.mark.anyio
PREIMAGE = Preimage(b"\x07" * 32)
HASH = PREIMAGE.payment_hash()


class Till:
    """Counts orders and look-ups, and answers each as it was told to."""

    def __init__(self, *answers: PaymentResult) -> None:
        self.answers = list(answers)
        self.orders = 0
        self.stands: PaymentResult | None = None
        self.is_there = True

    async def order(self) -> PaymentResult:
        self.orders += 1
        await asyncio.sleep(0)
        return self.answers.pop(0)

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        assert payment_hash == HASH
        if not self.is_there:
            raise NoAnswer("It does not answer.", "Try again.")
        return self.stands


async def test_three_at_once_order_once_and_hear_what_came_of_it() -> None:
    till = Till(Unknown("on its way"))
    till.stands = Paid(PREIMAGE)
    once = OnceEach(till.look_up)
    results = await asyncio.gather(*(once.pay(HASH, till.order) for _ in range(3)))
    assert till.orders == 1
    assert results == [Unknown("on its way"), Paid(PREIMAGE), Paid(PREIMAGE)]


async def test_what_surely_failed_can_be_ordered_again() -> None:
    till = Till(Failed("no"), Paid(PREIMAGE))
    once = OnceEach(till.look_up)
    assert await once.pay(HASH, till.order) == Failed("no")
    assert await once.pay(HASH, till.order) == Paid(PREIMAGE)


async def test_an_order_that_was_broken_off_counts_as_given() -> None:
    till = Till()
    once = OnceEach(till.look_up)

    async def never() -> PaymentResult:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(once.pay(HASH, never), 0.01)
    assert isinstance(await once.pay(HASH, till.order), Unknown)
    till.is_there = False
    assert await once.pay(HASH, till.order) == Unknown("It does not answer.")
    assert till.orders == 0


async def test_an_order_that_never_left_stays_so_while_nobody_can_be_asked() -> None:
    till = Till(Failed("not reached"), Unknown("on its way"))
    once = OnceEach(till.look_up)
    await once.pay(HASH, till.order)
    till.is_there = False
    assert await once.look_up(HASH) == Failed("not reached")
    till.is_there = True
    till.stands = Unknown("on its way")
    assert await once.look_up(HASH) == Unknown("on its way")
    await once.pay(HASH, till.order)
    till.is_there = False
    with pytest.raises(NoAnswer):
        await once.look_up(HASH)
