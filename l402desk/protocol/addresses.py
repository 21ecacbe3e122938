"""On-chain fallback addresses of an invoice, written the way a wallet shows them (BOLT 11, field ``f``)."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.protocol.base58 import base58check
from l402desk.protocol.bech32 import segwit_address
from l402desk.protocol.network import Network

NEWEST_WITNESS_VERSION = 16
KEY_HASH, SCRIPT_HASH = 17, 18
HASH_SIZE, SCRIPT_HASH_SIZE = 20, 32

# (segwit prefix, version byte of a key hash, version byte of a script hash). Signet shares those of testnet.
_NOTATION = {
    Network.MAINNET: ("bc", 0, 5),
    Network.TESTNET: ("tb", 111, 196),
    Network.SIGNET: ("tb", 111, 196),
    Network.REGTEST: ("bcrt", 111, 196),
    Network.SIMNET: ("sb", 63, 123),
}


@dataclass(frozen=True, slots=True)
class Fallback:
    """An address on chain: of a witness version (0 to 16), of a key hash (17) or of a script hash (18).

    ``address`` is None where ``raw``, the program or hash, has a length that no address of that version has.
    """

    version: int
    address: str | None
    raw: bytes


def fallback(network: Network, version: int, raw: bytes) -> Fallback:
    """The fallback of a version from 0 to 18, with its address as this network writes it."""
    prefix, key_hash, script_hash = _NOTATION[network]
    address = None
    if version in (KEY_HASH, SCRIPT_HASH):
        if len(raw) == HASH_SIZE:
            address = base58check(bytes([key_hash if version == KEY_HASH else script_hash]) + raw)
    elif _is_witness_program(version, raw):
        address = segwit_address(prefix, version, raw)
    return Fallback(version, address, raw)


def _is_witness_program(version: int, program: bytes) -> bool:
    """BIP 141 allows 2 to 40 bytes, and for version 0 only a key hash (20) or a script hash (32)."""
    if version == 0:
        return len(program) in (HASH_SIZE, SCRIPT_HASH_SIZE)
    return version <= NEWEST_WITNESS_VERSION and 2 <= len(program) <= 40
