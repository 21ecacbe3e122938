"""Passphrases: from words a person remembers to a 32-byte key, slowly on purpose (Argon2id, RFC 9106)."""

from __future__ import annotations

import asyncio
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from l402desk.store.seal import KEY_SIZE

SALT_SIZE = 16
_MOST_PASSES, _MOST_KIB, _MOST_LANES = 64, 1024 * 1024, 64


@dataclass(frozen=True, slots=True)
class Cost:
    """How slow: passes, memory in KiB, lanes. Raises ValueError for what no file may ask for."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4

    def __post_init__(self) -> None:
        in_bounds = (
            1 <= self.passes <= _MOST_PASSES
            and 1 <= self.lanes <= _MOST_LANES
            and 8 * self.lanes <= self.memory_kib <= _MOST_KIB
        )
        if not in_bounds:
            raise ValueError("these Argon2id costs are out of bounds")


async def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The 32-byte key of a passphrase. Runs in a thread: it takes a good part of a second by design.

    The passphrase is normalised (NFC), so that the same letters typed on another system open the same vault.
    Raises ValueError when it is empty.
    """
    words = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    if not words:
        raise ValueError("a passphrase is not empty")
    return await asyncio.to_thread(_derive, words, salt, cost)


def _derive(words: bytes, salt: bytes, cost: Cost) -> bytes:
    kdf = Argon2id(salt=salt, length=KEY_SIZE, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(words)
