"""A real lnd keeps the law of payment, through the app's adapter with its least macaroon and its pinned certificate."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from l402desk.protocol.amount import Msat
from l402desk.wallets.lnd import LndWallet
from tests.peers.lightning.topology import Lightning
from tests.peers.matrix import case
from tests.wallets.contract import WalletContract

pytestmark = [pytest.mark.peers, pytest.mark.anyio]


@dataclass
class LndBench:
    """Pays carol, to whom the way leads over bob, who takes a fee."""

    wallet: LndWallet
    network: Lightning
    macaroon: bytes

    async def payable(self, amount: Msat) -> str:
        return await asyncio.to_thread(self.network.carol.invoice, amount.value)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.macaroon.hex(), self.network.alice.connection(self.macaroon))


@case("LND", "paid")
class TestLnd(WalletContract):
    @pytest.fixture
    def bench(self, network: Lightning, wallet: LndWallet, least: bytes) -> LndBench:
        return LndBench(wallet, network, least)
