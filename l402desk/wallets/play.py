"""Play money: the sandbox's own wallet behind the port that every wallet fulfils."""

from __future__ import annotations

from typing import Protocol

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.wallet import Capabilities


class Purse(Protocol):
    """What the sandbox's wallet can do; it knows nothing of this package."""

    @property
    def name(self) -> str: ...

    @property
    def network(self) -> Network: ...

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult: ...

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None: ...

    async def balance(self) -> Msat: ...


class PlayMoney:
    """A wallet whose money is worth nothing. It charges no fee, so every fee limit is kept."""

    capabilities = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True, is_play=True)

    def __init__(self, purse: Purse) -> None:
        self._purse = purse

    @property
    def name(self) -> str:
        return self._purse.name

    @property
    def network(self) -> Network:
        return self._purse.network

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        return await self._purse.pay(invoice, fee_limit=fee_limit)

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        return await self._purse.look_up(payment_hash)

    async def balance(self) -> Msat:
        return await self._purse.balance()
