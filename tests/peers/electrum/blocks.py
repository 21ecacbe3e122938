"""Just enough of Bitcoin for a chain that only this computer knows: transactions and blocks, which nobody validates."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from l402desk.protocol.bech32 import octets, split

GENESIS = bytes.fromhex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e"
    "67768f617fc81bc3888a51323a9fb8aa4b1e5e4adae5494dffff7f2002000000"
)
"""The header that every regtest chain begins with."""
BITS = 0x207FFFFF
VERSION = 0x20000000
SPACING_S = 60


def sha256d(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def shown(hash_: bytes) -> str:
    """A hash as people and Electrum's protocol write it: backwards."""
    return hash_[::-1].hex()


def scripthash(script: bytes) -> str:
    """What Electrum's protocol calls a script by."""
    return shown(hashlib.sha256(script).digest())


@dataclass(frozen=True, slots=True)
class Transaction:
    """``inputs`` are what it spends, as (transaction id, output); ``scripts`` those that it pays."""

    raw: bytes = field(repr=False)
    txid: str
    inputs: tuple[tuple[str, int], ...]
    scripts: tuple[bytes, ...]

    @classmethod
    def read(cls, raw: bytes) -> Transaction:
        """With or without witnesses (BIP 144). Raises IndexError or ValueError for what is none."""
        reader = _Reader(raw)
        version = reader.take(4)
        has_witness = raw[4:6] == b"\0\1"
        if has_witness:
            reader.take(2)
        start = reader.at
        inputs = []
        for _ in range(reader.number()):
            inputs.append((shown(reader.take(32)), int.from_bytes(reader.take(4), "little")))
            reader.take(reader.number())
            reader.take(4)
        scripts = []
        for _ in range(reader.number()):
            reader.take(8)
            scripts.append(reader.take(reader.number()))
        core = raw[start : reader.at]
        if has_witness:
            for _ in inputs:
                for _ in range(reader.number()):
                    reader.take(reader.number())
        locktime = reader.take(4)
        return cls(raw, shown(sha256d(version + core + locktime)), tuple(inputs), tuple(scripts))


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def take(self, count: int) -> bytes:
        taken = self.raw[self.at : self.at + count]
        if len(taken) != count:
            raise ValueError("the transaction is cut off")
        self.at += count
        return taken

    def number(self) -> int:
        first = self.take(1)[0]
        return first if first < 0xFD else int.from_bytes(self.take(1 << (first - 0xFC)), "little")


def _sized(script: bytes) -> bytes:
    return bytes([len(script)]) + script


def _transaction(spent: bytes, script_in: bytes, sats: int, script_out: bytes) -> Transaction:
    """One input, one output; scripts shorter than 253 bytes."""
    ins = b"\1" + spent + _sized(script_in) + b"\xff" * 4
    outs = b"\1" + sats.to_bytes(8, "little") + _sized(script_out)
    return Transaction.read((2).to_bytes(4, "little") + ins + outs + bytes(4))


def gift(address: str, sats: int) -> Transaction:
    """Money out of nowhere for a segwit address of version 0: it spends what never was."""
    _, digits = split(address)
    program = octets(digits[1:])
    return _transaction(secrets.token_bytes(32) + bytes(4), b"", sats, b"\0" + _sized(program))


def coinbase(height: int) -> Transaction:
    """What a block begins with (BIP 34); it pays nobody."""
    return _transaction(bytes(32) + b"\xff" * 4, _sized(height.to_bytes(4, "little")), 0, b"\x6a")


def header(before: bytes, height: int, began_at: int, txids: Sequence[str]) -> bytes:
    """The header that follows ``before``, with the little work that regtest asks for."""
    head = VERSION.to_bytes(4, "little") + sha256d(before) + merkle_root(txids)
    head += (began_at + height * SPACING_S).to_bytes(4, "little") + BITS.to_bytes(4, "little")
    nonce = 0
    while sha256d(found := head + nonce.to_bytes(4, "little"))[-1] >= 0x80:
        nonce += 1
    return found


def merkle_root(txids: Sequence[str]) -> bytes:
    return _levels(txids)[-1][0]


def merkle_branch(txids: Sequence[str], at: int) -> list[str]:
    """The hashes that lead from a transaction up to the root."""
    branch = []
    for level in _levels(txids)[:-1]:
        branch.append(shown(level[min(at ^ 1, len(level) - 1)]))
        at >>= 1
    return branch


def _levels(txids: Sequence[str]) -> list[list[bytes]]:
    level = [bytes.fromhex(txid)[::-1] for txid in txids]
    levels = [level]
    while len(level) > 1:
        pairs = [(level[at], level[min(at + 1, len(level) - 1)]) for at in range(0, len(level), 2)]
        level = [sha256d(left + right) for left, right in pairs]
        levels.append(level)
    return levels
