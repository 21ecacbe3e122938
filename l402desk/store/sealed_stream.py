"""One sealed file: a header, then bytes in pieces of 1 MiB, each sealed in its place, the last one marked as last."""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from l402desk.store.errors import BackupDamaged, BackupNewer, NoBackup, WrongBackupPassphrase
from l402desk.store.passphrase import SALT_SIZE, Cost, stretch
from l402desk.store.seal import KEY_SIZE

MAGIC = b"L402 Desk backup"
VERSION = 1
PIECE = 1 << 20
_TAG = 16
_HEAD = struct.Struct(f">{len(MAGIC)}sBIII{SALT_SIZE}s16s")
_DIGEST = 8
HEAD_SIZE = _HEAD.size + _DIGEST
# What a file may ask of a computer before its passphrase is known to be right: a quarter of a gigabyte, some seconds.
_MOST_PASSES, _MOST_KIB, _MOST_LANES = 8, 256 * 1024, 8


@dataclass(frozen=True, slots=True)
class Sealer:
    """The header of one file and the key that belongs to it: each file has its own, by its random salt."""

    head: bytes
    key: bytes = field(repr=False)

    @classmethod
    async def new(cls, passphrase: str, cost: Cost) -> Sealer:
        """Raises ValueError for an empty passphrase."""
        salt = os.urandom(SALT_SIZE)
        key, check = _keys(await stretch(passphrase, salt, cost))
        head = _HEAD.pack(MAGIC, VERSION, cost.passes, cost.memory_kib, cost.lanes, salt, check)
        return cls(head + _digest(head), key)

    @classmethod
    async def of(cls, head: bytes, passphrase: str) -> Sealer:
        """For reading. Raises NoBackup, BackupNewer, BackupDamaged, WrongBackupPassphrase."""
        if head[: len(MAGIC)] != MAGIC:
            raise NoBackup
        if len(head) > len(MAGIC) and head[len(MAGIC)] > VERSION:
            raise BackupNewer
        if len(head) < HEAD_SIZE or head[_HEAD.size : HEAD_SIZE] != _digest(head[: _HEAD.size]):
            raise BackupDamaged
        _magic, version, passes, memory, lanes, salt, check = _HEAD.unpack(head[: _HEAD.size])
        if version != VERSION or passes > _MOST_PASSES or memory > _MOST_KIB or lanes > _MOST_LANES:
            raise BackupDamaged
        try:
            cost = Cost(passes, memory, lanes)
        except ValueError as error:
            raise BackupDamaged from error
        try:
            key, found = _keys(await stretch(passphrase, salt, cost))
        except ValueError as error:
            raise WrongBackupPassphrase from error
        if not hmac.compare_digest(found, check):
            raise WrongBackupPassphrase
        return cls(head[:HEAD_SIZE], key)

    def seal(self, plain: Iterable[bytes], out: BinaryIO) -> None:
        """Write the whole file. Raises OSError."""
        out.write(self.head)
        cipher, number, held = AESGCM(self.key), 0, bytearray()
        for part in plain:
            held += part
            while len(held) > PIECE:  # not as soon as it is full: the last piece is the one that nothing follows
                out.write(cipher.encrypt(_nonce(number, last=False), bytes(held[:PIECE]), self.head))
                del held[:PIECE]
                number += 1
        out.write(cipher.encrypt(_nonce(number, last=True), bytes(held), self.head))

    def opened(self, source: BinaryIO) -> Iterator[bytes]:
        """The pieces after the header, each authentic, in order, and all of them. Raises BackupDamaged, OSError."""
        cipher, number = AESGCM(self.key), 0
        piece = source.read(PIECE + _TAG)
        while True:
            following = source.read(PIECE + _TAG)
            try:
                yield cipher.decrypt(_nonce(number, last=not following), piece, self.head)
            except (InvalidTag, ValueError) as error:
                raise BackupDamaged from error
            if not following:
                return
            piece, number = following, number + 1


def _keys(stretched: bytes) -> tuple[bytes, bytes]:
    """The key of the pieces, and a value that tells a wrong passphrase from a damaged file."""
    kdf = HKDF(algorithm=SHA256(), length=KEY_SIZE + 16, salt=None, info=b"l402desk backup")
    both = kdf.derive(stretched)
    return both[:KEY_SIZE], both[KEY_SIZE:]


def _digest(head: bytes) -> bytes:
    return hashlib.sha256(head).digest()[:_DIGEST]


def _nonce(number: int, *, last: bool) -> bytes:
    # The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a place in the file and the end of it are
    # part of the nonce, so pieces cannot be moved, dropped, repeated or cut off.
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
