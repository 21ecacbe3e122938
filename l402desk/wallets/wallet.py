"""What every wallet can be asked, however it is connected: pay once, look up, tell the balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import PaymentResult
from l402desk.protocol.proof import PaymentHash


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connection allows. A watch-only one looks up and does not pay.

    ``fee_limit`` is False where the wallet alone decides what it pays for routing. ``is_play`` money is worth nothing.
    """

    pays: bool
    looks_up: bool
    fee_limit: bool
    tells_balance: bool
    is_play: bool = False


class Wallet(Protocol):
    """One connected wallet. Held to ``tests/wallets/contract.py``, the fake included."""

    @property
    def name(self) -> str:
        """What people call it; unique among the connected ones, and the rail of its payments in the ledger."""
        ...

    @property
    def network(self) -> Network | None:
        """The chain its coins are on; None where the wallet does not tell."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """Pay a BOLT11 invoice, and never twice: asked again, it tells how the first payment stands.

        ``Paid`` only with the preimage of exactly this invoice; ``Failed`` only when no money left and none will.
        Whatever else happens, a lost connection included, is ``Unknown``: this method raises nothing but
        cancellation, which does not stop the payment.
        """
        ...

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """How a payment stands. None where the wallet does not know it, which proves nothing.

        Raises WalletError when the wallet cannot be asked.
        """
        ...

    async def balance(self) -> Msat | None:
        """What it could spend; None where it does not tell. Raises WalletError when it cannot be asked."""
        ...
