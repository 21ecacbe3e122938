"""Orders each payment once: whoever asks for the same payment hash again gets to know how the first order stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from l402desk.protocol.payment import Failed, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.errors import WalletError

Order = Callable[[], Awaitable[PaymentResult]]
LookUp = Callable[[PaymentHash], Awaitable[PaymentResult | None]]


class OnceEach:
    """What this run gave to one wallet. What earlier runs gave is the ledger's to know, which comes first (law 2).

    ``look_up`` asks the wallet.
    """

    def __init__(self, look_up: LookUp) -> None:
        self._ask = look_up
        self._ordered: set[PaymentHash] = set()
        self._failed: dict[PaymentHash, Failed] = {}
        self._turns: dict[PaymentHash, asyncio.Lock] = {}

    async def pay(self, payment_hash: PaymentHash, order: Order) -> PaymentResult:
        """Do ``order``, unless it was done before, or is being done: then wait for that, and look up what came of it.

        An order that surely failed can be given again; one that was broken off counts as given.
        """
        async with self._turns.setdefault(payment_hash, asyncio.Lock()):
            if payment_hash in self._ordered:
                return await self._standing(payment_hash)
            self._ordered.add(payment_hash)
            self._failed.pop(payment_hash, None)
            result = await order()
            if isinstance(result, Failed):
                self._ordered.discard(payment_hash)
                self._failed[payment_hash] = result
            return result

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """What the wallet says; where it cannot be asked, what this run knows: an order that never left stays so.

        Raises WalletError where neither tells.
        """
        try:
            return await self._ask(payment_hash)
        except WalletError:
            known = self.failure(payment_hash)
            if known is None:
                raise
            return known

    def failure(self, payment_hash: PaymentHash) -> Failed | None:
        """Why the last order of this payment, in this run, surely failed; None where it did not."""
        return self._failed.get(payment_hash)

    async def _standing(self, payment_hash: PaymentHash) -> PaymentResult:
        try:
            found = await self._ask(payment_hash)
        except WalletError as error:
            return Unknown(error.sentence)
        return found or Unknown("The wallet was given this invoice before, and does not tell what became of it.")
