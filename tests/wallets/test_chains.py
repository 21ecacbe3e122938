from __future__ import annotations

import pytest

from l402desk.protocol.network import Network
from l402desk.wallets.chains import read_chain


@pytest.mark.parametrize(
    ("name", "network"),
    [
        ("mainnet", Network.MAINNET),
        ("bitcoin", Network.MAINNET),
        ("Mainnet", Network.MAINNET),
        ("testnet4", Network.TESTNET),
        ("signet", Network.SIGNET),
        ("regtest", Network.REGTEST),
        ("simnet", Network.SIMNET),
    ],
)
def test_a_chain_is_known_by_the_names_that_nodes_have_for_it(name: str, network: Network) -> None:
    assert read_chain(name) is network


@pytest.mark.parametrize("value", ["", "liquid", "litecoin", "mainnet ", 7, None, ["mainnet"], {"mainnet": 1}])
def test_another_chain_or_none_is_none(value: object) -> None:
    assert read_chain(value) is None
