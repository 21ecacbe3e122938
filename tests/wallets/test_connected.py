from __future__ import annotations

import pytest

from l402desk.wallets.connected import ConnectedWallets
from l402desk.wallets.errors import NameTaken
from l402desk.wallets.wallet import Capabilities
from tests.fakes.wallet import FakeWallet


def test_a_connected_wallet_is_found_by_its_name_and_listed_in_order() -> None:
    wallets = ConnectedWallets()
    home, node = FakeWallet("Home"), FakeWallet("A node")
    wallets.connect(home)
    wallets.connect(node)
    assert wallets.find("A node") is node
    assert wallets.find("a node") is None
    assert list(wallets) == [home, node]
    assert len(wallets) == 2


def test_two_wallets_never_share_a_name() -> None:
    wallets = ConnectedWallets()
    home = FakeWallet("Home")
    wallets.connect(home)
    wallets.connect(home)
    with pytest.raises(NameTaken, match="Home"):
        wallets.connect(FakeWallet("Home"))
    assert wallets.find("Home") is home


def test_a_disconnected_wallet_is_gone_and_its_name_free() -> None:
    wallets = ConnectedWallets()
    wallets.connect(FakeWallet("Home"))
    wallets.disconnect("Home")
    wallets.disconnect("Home")
    assert list(wallets) == []
    wallets.connect(FakeWallet("Home"))


def test_only_those_that_can_spend_are_payers() -> None:
    wallets = ConnectedWallets()
    watching = Capabilities(pays=False, looks_up=True, fee_limit=True, tells_balance=True)
    wallets.connect(FakeWallet("Watching", capabilities=watching))
    wallets.connect(FakeWallet("Home"))
    assert [wallet.name for wallet in wallets.payers()] == ["Home"]


def test_the_stored_ones_are_forgotten_together_and_the_others_stay() -> None:
    wallets = ConnectedWallets()
    play, home = FakeWallet("Play wallet"), FakeWallet("Home")
    wallets.connect(play)
    wallets.connect(home, is_stored=True)
    wallets.connect(FakeWallet("Node"), is_stored=True)
    wallets.disconnect("Node")
    wallets.disconnect_stored()
    assert list(wallets) == [play]
    wallets.connect(home)
    wallets.disconnect_stored()
    assert list(wallets) == [play, home]


def test_wallets_may_come_and_go_while_they_are_listed() -> None:
    wallets = ConnectedWallets()
    wallets.connect(FakeWallet("Home"))
    for wallet in wallets:
        wallets.disconnect(wallet.name)
    assert len(wallets) == 0
