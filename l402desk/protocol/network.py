"""The Bitcoin networks that an invoice can be for, and the prefixes that name them (BIP 173, BOLT 11)."""

from __future__ import annotations

from enum import StrEnum


class Network(StrEnum):
    """Which chain the coins are on. Only those of ``MAINNET`` are worth anything."""

    MAINNET = "mainnet"
    TESTNET = "testnet"
    SIGNET = "signet"
    REGTEST = "regtest"
    SIMNET = "simnet"


# Longest first, because "bcrt" begins like "bc" and "tbs" like "tb".
PREFIXES: tuple[tuple[str, Network], ...] = (
    ("bcrt", Network.REGTEST),
    ("tbs", Network.SIGNET),
    ("bc", Network.MAINNET),
    ("tb", Network.TESTNET),
    ("sb", Network.SIMNET),
)


def split_prefix(text: str) -> tuple[Network, str] | None:
    """The network whose prefix lower-case ``text`` begins with, and what follows it; or None."""
    for prefix, network in PREFIXES:
        if text.startswith(prefix):
            return network, text[len(prefix) :]
    return None
