"""A payer and a payee at LNbits, who may be at two of them, with a valve before whoever holds the money."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.client.trust import os_trust
from l402desk.protocol.amount import Msat
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnbits import LnbitsWallet
from l402desk.wallets.wallet import Wallet
from tests.peers.lnbits.server import Account, LnbitsPayee, LnbitsServer
from tests.peers.valve import Valve

NAME = "LNbits"


@dataclass(slots=True)
class LnbitsBench:
    """A wallet that pays at one LNbits, and a payee who may be at another."""

    server: LnbitsServer
    payer: Account
    payee: LnbitsPayee
    valve: Valve
    """Between the payer's LNbits and its money, where that is at another one."""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.payer.admin, self.payer.invoice_key)

    @property
    def wallet(self) -> Wallet:
        return self.connected()

    def connected(self, key: str | None = None) -> LnbitsWallet:
        """An adapter that remembers nothing."""
        connection = read_connection(self.server.connection(self.payer.admin if key is None else key))
        return LnbitsWallet("Real", connection, os_trust)

    async def payable(self, amount: Msat) -> str:
        return await self.payee.invoice(amount.value)
