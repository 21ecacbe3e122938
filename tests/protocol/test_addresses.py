from __future__ import annotations

import pytest

from l402desk.protocol.addresses import Fallback, fallback
from l402desk.protocol.network import Network

KEY_HASH = bytes.fromhex("3172b5654f6683c8fb146959d347ce303cae4ca7")
WITNESS_KEY_HASH = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
TAPROOT = bytes.fromhex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")


@pytest.mark.parametrize(
    ("network", "version", "raw", "address"),
    [
        (Network.TESTNET, 17, KEY_HASH, "mk2QpYatsKicvFVuTAQLBryyccRXMUaGHP"),
        (Network.SIGNET, 17, KEY_HASH, "mk2QpYatsKicvFVuTAQLBryyccRXMUaGHP"),
        (Network.REGTEST, 17, KEY_HASH, "mk2QpYatsKicvFVuTAQLBryyccRXMUaGHP"),
        (
            Network.MAINNET,
            18,
            bytes.fromhex("8f55563b9a19f321c211e9b9f38cdf686ea07845"),
            "3EktnHQD7RiAE6uzMj2ZifT9YgRrkSgzQX",
        ),
        (Network.MAINNET, 0, WITNESS_KEY_HASH, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        (Network.TESTNET, 0, WITNESS_KEY_HASH, "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"),
        (Network.SIGNET, 0, WITNESS_KEY_HASH, "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx"),
        (Network.MAINNET, 1, TAPROOT, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
        (Network.MAINNET, 1, bytes.fromhex("4e73"), "bc1pfeessrawgf"),
    ],
)
def test_an_address_is_written_as_its_network_writes_it(
    network: Network, version: int, raw: bytes, address: str
) -> None:
    assert fallback(network, version, raw) == Fallback(version, address, raw)


@pytest.mark.parametrize(
    ("network", "beginnings"),
    [
        (Network.MAINNET, ("1", "3", "bc1q", "bc1p")),
        (Network.TESTNET, ("mn", "2", "tb1q", "tb1p")),
        (Network.SIGNET, ("mn", "2", "tb1q", "tb1p")),
        (Network.REGTEST, ("mn", "2", "bcrt1q", "bcrt1p")),
        (Network.SIMNET, ("S", "r", "sb1q", "sb1p")),
    ],
)
def test_every_kind_of_address_shows_its_network(network: Network, beginnings: tuple[str, ...]) -> None:
    kinds = ((17, KEY_HASH), (18, KEY_HASH), (0, KEY_HASH), (1, TAPROOT))
    for (version, raw), beginning in zip(kinds, beginnings, strict=True):
        address = fallback(network, version, raw).address
        assert address is not None
        assert address.startswith(beginning if len(beginning) != 2 else tuple(beginning))


@pytest.mark.parametrize(
    ("version", "size"), [(17, 19), (17, 32), (18, 0), (0, 21), (0, 40), (1, 1), (2, 41), (16, 639)]
)
def test_a_program_of_impossible_length_has_no_address(version: int, size: int) -> None:
    assert fallback(Network.MAINNET, version, bytes(size)) == Fallback(version, None, bytes(size))
