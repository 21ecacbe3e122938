"""The chains of bitcoin as nodes and wallets name them."""

from __future__ import annotations

from l402desk.protocol.network import Network

_CHAINS = {network.value: network for network in Network} | {
    "bitcoin": Network.MAINNET,  # Core Lightning, LDK
    "main": Network.MAINNET,
    "testnet3": Network.TESTNET,
    "testnet4": Network.TESTNET,
    "mutinynet": Network.SIGNET,
}


def read_chain(value: object) -> Network | None:
    """The network; None for what names none that an invoice of ours can be for."""
    return _CHAINS.get(value.lower()) if isinstance(value, str) else None
