"""The sealed export: all tokens in one file under a passphrase of its own, to be opened by this app anywhere.

Layout, big-endian: 8 bytes magic, uint8 version, uint32 Argon2id passes, uint32 memory in KiB, uint32 lanes, 16 bytes
salt, 12 bytes nonce, uint64 length of the rest; then AES-256-GCM ciphertext and tag, with all that stands before them
as associated data. Inside is JSON (`bundle_contents`). In clear are only what opens it needs.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from l402desk.store.passphrase import SALT_SIZE, Cost, stretch
from l402desk.vault.bundle_contents import Contents, pack, unpack
from l402desk.vault.foreign.entries import ImportRefused

MAGIC = b"\x89L4DESK\n"  # the first byte is no text, the last one shows a copy that changed line ends
VERSION = 1
MOST_BYTES = 64 * 1024 * 1024
_HEAD = struct.Struct(f">8sBIII{SALT_SIZE}s12sQ")
_TAG_SIZE = 16
# A file from a stranger may ask for so much work and no more: a second, and what every computer has.
_MOST_PASSES, _MOST_KIB, _MOST_LANES = 16, 256 * 1024, 16


@dataclass(frozen=True, slots=True)
class _Header:
    cost: Cost
    salt: bytes
    nonce: bytes


def is_bundle(raw: bytes) -> bool:
    """Does it begin like a sealed export?"""
    return raw[: len(MAGIC)] == MAGIC


async def seal_bundle(contents: Contents, passphrase: str, cost: Cost | None = None) -> bytes:
    """The bytes of the file. Raises ValueError for an empty passphrase."""
    chosen = cost or Cost()
    salt, nonce = os.urandom(SALT_SIZE), os.urandom(12)
    plain = pack(contents)
    size = len(plain) + _TAG_SIZE
    head = _HEAD.pack(MAGIC, VERSION, chosen.passes, chosen.memory_kib, chosen.lanes, salt, nonce, size)
    key = await stretch(passphrase, salt, chosen)
    return head + AESGCM(key).encrypt(nonce, plain, head)


async def open_bundle(raw: bytes, passphrase: str) -> Contents:
    """What is in the file. Raises ImportRefused: no such file, a newer one, cut short, changed, wrong passphrase."""
    header = _read_header(raw)
    try:
        key = await stretch(passphrase, header.salt, header.cost)
        plain = AESGCM(key).decrypt(header.nonce, raw[_HEAD.size :], raw[: _HEAD.size])
    except (InvalidTag, ValueError) as error:
        words = "This passphrase does not open the sealed export, or the file was changed."
        remedy = "Check capital letters and the keyboard's language, or take another copy."
        raise ImportRefused(words, remedy) from error
    return unpack(plain)


def _read_header(raw: bytes) -> _Header:
    """Raises ImportRefused."""
    if not is_bundle(raw):
        raise ImportRefused("This is no sealed export of this app.", "Name a file that “tokens export” has written.")
    if len(raw) > len(MAGIC) and raw[len(MAGIC)] > VERSION:
        raise ImportRefused("This sealed export was written by a newer version of this app.", "Update the app.")
    if len(raw) > MOST_BYTES:
        raise ImportRefused("This file is larger than any sealed export.", "Take another copy of it.")
    if len(raw) < _HEAD.size:
        raise _cut_short()
    _, version, passes, memory, lanes, salt, nonce, size = _HEAD.unpack_from(raw)
    if len(raw) != _HEAD.size + size or size < _TAG_SIZE:
        raise _cut_short()
    try:
        if version != VERSION or passes > _MOST_PASSES or memory > _MOST_KIB or lanes > _MOST_LANES:
            raise ValueError("more work than this app ever asks for")
        return _Header(Cost(passes, memory, lanes), salt, nonce)
    except ValueError as error:
        raise ImportRefused("The head of this sealed export was changed.", "Take another copy of it.") from error


def _cut_short() -> ImportRefused:
    return ImportRefused("This sealed export was cut short, or something was added to it.", "Take another copy of it.")
