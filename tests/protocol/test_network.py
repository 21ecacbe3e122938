from __future__ import annotations

import pytest

from l402desk.protocol.network import PREFIXES, Network, split_prefix


@pytest.mark.parametrize(
    ("text", "network", "rest"),
    [
        ("bc20m", Network.MAINNET, "20m"),
        ("bcrt20m", Network.REGTEST, "20m"),
        ("tb20m", Network.TESTNET, "20m"),
        ("tbs20m", Network.SIGNET, "20m"),
        ("sb20m", Network.SIMNET, "20m"),
        ("bc", Network.MAINNET, ""),
    ],
)
def test_the_longest_prefix_names_the_network(text: str, network: Network, rest: str) -> None:
    assert split_prefix(text) == (network, rest)


@pytest.mark.parametrize("text", ["", "b", "ltc20m", "BC20m", " bc"])
def test_an_unknown_prefix_names_no_network(text: str) -> None:
    assert split_prefix(text) is None


def test_every_network_has_exactly_one_prefix() -> None:
    assert sorted(network for _, network in PREFIXES) == sorted(Network)


def test_no_prefix_hides_a_longer_one_behind_it() -> None:
    prefixes = [prefix for prefix, _ in PREFIXES]
    for at, prefix in enumerate(prefixes):
        assert not any(later.startswith(prefix) for later in prefixes[at + 1 :])


def test_a_network_is_written_as_its_name() -> None:
    assert f"{Network.SIGNET}" == "signet"
