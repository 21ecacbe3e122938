"""A key that regtest coins are mined to, and the transaction that spends one of them: nodes are funded with it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from coincurve import PrivateKey

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_REGTEST_P2PKH = b"\x6f"
_SIGHASH_ALL = 1
Output = tuple[bytes, int]
"""A script, and what it gets in satoshi."""


def double_sha256(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def witness_script(address: str) -> bytes:
    """The script of a bech32 address of version 0 (BIP 173). The node that made the address has checked it."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    words = [alphabet.index(letter) for letter in address.rpartition("1")[2][:-6]]
    bits = "".join(f"{word:05b}" for word in words[1:])
    program = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
    return bytes([words[0], len(program)]) + program


@dataclass(frozen=True, slots=True)
class Miner:
    """Who the blocks pay: an ordinary P2PKH address of a key of this run."""

    key: PrivateKey = field(default_factory=lambda: PrivateKey(secrets.token_bytes(32)), repr=False)

    @property
    def _hash(self) -> bytes:
        public = hashlib.sha256(self.key.public_key.format()).digest()
        return hashlib.new("ripemd160", public).digest()

    @property
    def script(self) -> bytes:
        return b"\x76\xa9\x14" + self._hash + b"\x88\xac"

    @property
    def address(self) -> str:
        raw = _REGTEST_P2PKH + self._hash
        number = int.from_bytes(raw + double_sha256(raw)[:4], "big")
        text = ""
        while number:
            number, rest = divmod(number, 58)
            text = _BASE58[rest] + text
        return text

    def spend(self, txid: str, value: int, outputs: Sequence[Output], fee: int = 20_000) -> str:
        """Spend the first output of ``txid``, worth ``value`` satoshi; the rest comes back. The transaction as hex."""
        rest = value - fee - sum(amount for _, amount in outputs)
        unsigned = self._transaction(txid, self.script, [*outputs, (self.script, rest)])
        digest = double_sha256(unsigned + _SIGHASH_ALL.to_bytes(4, "little"))
        signature = self.key.sign(digest, hasher=None) + bytes([_SIGHASH_ALL])
        unlocking = b"".join(bytes([len(part)]) + part for part in (signature, self.key.public_key.format()))
        return self._transaction(txid, unlocking, [*outputs, (self.script, rest)]).hex()

    def _transaction(self, txid: str, unlocking: bytes, outputs: Sequence[Output]) -> bytes:
        paid = b"".join(amount.to_bytes(8, "little") + bytes([len(to)]) + to for to, amount in outputs)
        return b"".join(
            (
                (1).to_bytes(4, "little"),
                b"\x01" + bytes.fromhex(txid)[::-1] + bytes(4),
                bytes([len(unlocking)]) + unlocking + b"\xff\xff\xff\xff",
                bytes([len(outputs)]) + paid,
                bytes(4),
            )
        )
