from __future__ import annotations

import time

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.sandbox.minting import Mint, Order
from l402desk.sandbox.wallet import PlayWallet
from l402desk.wallets.play import PlayMoney
from l402desk.wallets.wallet import Wallet
from tests.wallets.contract import WalletContract


class PlayBench:
    """The sandbox's wallet and the sandbox's node, without its server."""

    def __init__(self) -> None:
        self.mint = Mint(time.time)
        self.wallet: Wallet = PlayMoney(PlayWallet(self.mint, time.time))

    async def payable(self, amount: Msat) -> str:
        return self.mint.mint(Order(amount, "x")).text

    secrets = ()


class TestPlayMoney(WalletContract):
    @pytest.fixture
    def bench(self) -> PlayBench:
        return PlayBench()

    async def test_it_is_the_play_wallet_on_regtest_and_can_do_everything(self, bench: PlayBench) -> None:
        assert (bench.wallet.name, bench.wallet.network) == ("Play wallet", Network.REGTEST)
        can = bench.wallet.capabilities
        assert (can.pays, can.looks_up, can.fee_limit, can.tells_balance) == (True, True, True, True)
