from __future__ import annotations

import inspect

from l402desk.protocol.amount import Msat
from l402desk.wallets.connected import ConnectedWallets
from l402desk.wallets.wallet import Wallet
from tests.fakes.wallet import FakeWallet
from tests.wallets import contract


def test_the_port_is_exactly_what_the_contract_asks_of_a_wallet() -> None:
    asked = {name for name in vars(Wallet) if not name.startswith("_")}
    assert asked == {"name", "network", "capabilities", "pay", "look_up", "balance"}
    said = inspect.getsource(contract.WalletContract)
    assert all(f".{name}" in said for name in asked)


def test_a_fee_limit_is_always_said_by_name() -> None:
    assert inspect.signature(Wallet.pay).parameters["fee_limit"].kind is inspect.Parameter.KEYWORD_ONLY


def test_a_wallet_needs_no_base_class() -> None:
    wallets = ConnectedWallets()
    wallets.connect(FakeWallet(balance=Msat(5)))
    assert Wallet not in FakeWallet.__mro__
    assert len(wallets.payers()) == 1
