"""Sealing: a secret opens only with the key, and only in the very place it was sealed for (AES-256-GCM)."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from l402desk.store.errors import SealBroken, VaultClosed

VERSION = 1
KEY_SIZE = 32
_NONCE_SIZE = 12  # NIST SP 800-38D, 8.2.2: random 96-bit nonces are good for 2^32 values under one key
_TAG_SIZE = 16


class Seal:
    """Seals and opens values under one data key. Neither its repr nor its errors show the key.

    ``vault_id`` ties every value to its vault. ``kept_by`` says in words where the key is kept ("Secret
    Service", "your passphrase"), ``moved_from`` where it was kept before, if that changed.

    Seal in the database's own thread, inside the transaction that writes the value: the key is replaced there
    (`take_over`), so that what is written is always sealed under the key that the file names. Once forgotten, it
    raises VaultClosed for everything.

    The key is held masked and wiped when forgotten. That is all Python can do: copies may remain in memory until
    the process ends.
    """

    __slots__ = ("_cipher", "_mask", "_masked", "_vault_id", "kept_by", "moved_from")

    def __init__(self, key: bytes, vault_id: bytes, *, kept_by: str, moved_from: str | None = None) -> None:
        self._cipher: AESGCM | None = None
        self._mask, self._masked = bytearray(), bytearray()
        self._vault_id = vault_id
        self.kept_by = kept_by
        self.moved_from = moved_from
        self._hold(key)

    def _hold(self, key: bytes) -> None:
        if len(key) != KEY_SIZE:
            raise ValueError("a key has 32 bytes")
        self._cipher = AESGCM(key)
        self._mask = bytearray(os.urandom(KEY_SIZE))
        self._masked = bytearray(a ^ b for a, b in zip(key, self._mask, strict=True))

    @property
    def vault_id(self) -> bytes:
        return self._vault_id

    @property
    def is_forgotten(self) -> bool:
        return self._cipher is None

    def key(self) -> bytes:
        """The bare key, for wrapping it under another one; not to be kept. Raises VaultClosed."""
        if self._cipher is None:
            raise VaultClosed
        return bytes(a ^ b for a, b in zip(self._masked, self._mask, strict=True))

    def take_over(self, other: Seal) -> None:
        """From now on seal and open under the key of ``other``, which replaced this one's in the file."""
        self._hold(other.key())
        self.kept_by, self.moved_from = other.kept_by, other.moved_from

    def forget(self) -> None:
        """Drop the key: what still holds this seal can open nothing any more."""
        self._cipher = None
        for part in (self._masked, self._mask):
            part[:] = bytes(len(part))

    def seal(self, plain: bytes, *, table: str, row: str, column: str, schema: int = 1) -> bytes:
        """Version byte, nonce, ciphertext, tag. ``schema`` is the version of the layout of ``plain``."""
        if self._cipher is None:
            raise VaultClosed
        nonce = os.urandom(_NONCE_SIZE)
        place = self._place(table, row, column, schema)
        return bytes((VERSION,)) + nonce + self._cipher.encrypt(nonce, plain, place)

    def unseal(self, sealed: bytes, *, table: str, row: str, column: str, schema: int = 1) -> bytes:
        """What was sealed for this vault, table, row, column, schema. Raises SealBroken for anything else."""
        if self._cipher is None:
            raise VaultClosed
        if len(sealed) < 1 + _NONCE_SIZE + _TAG_SIZE or sealed[0] != VERSION:
            raise SealBroken
        nonce, ciphertext = sealed[1 : 1 + _NONCE_SIZE], sealed[1 + _NONCE_SIZE :]
        try:
            return self._cipher.decrypt(nonce, ciphertext, self._place(table, row, column, schema))
        except InvalidTag as error:
            raise SealBroken from error

    def _place(self, table: str, row: str, column: str, schema: int) -> bytes:
        parts = (b"l402desk", self._vault_id, table.encode(), row.encode(), column.encode())
        # Each part carries its length: "ab" + "c" and "a" + "bc" are different places.
        named = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return bytes((VERSION,)) + schema.to_bytes(4, "big") + named

    def __repr__(self) -> str:
        return f"Seal(…, kept_by={self.kept_by!r})"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a seal is never pickled or copied: it holds the key")
