"""The recovery code: a second way to the data key, for the day the keyring or the passphrase is gone."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from l402desk.store.database import Database
from l402desk.store.errors import SealBroken, WrongRecoveryCode
from l402desk.store.seal import KEY_SIZE, Seal
from l402desk.store.vault_key import load

# https://www.crockford.com/base32.html: no I, L, O, U; what looks alike is read alike.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011", " -\t\n")
_BYTES = 20  # 160 random bits: nothing to guess, so the key is derived fast (RFC 5869)
_DIGITS = 35  # 32 of the bytes, 3 of the checksum
_GROUP = 5


def new_code() -> str:
    """A fresh code: seven groups of five letters and digits, of which the last three are a checksum."""
    return _written(os.urandom(_BYTES))


def read_code(text: str) -> bytes:
    """The bytes of a code, however it was typed. Raises WrongRecoveryCode for a typing error."""
    digits = text.upper().translate(_ALIKE)
    if len(digits) != _DIGITS or any(digit not in ALPHABET for digit in digits):
        raise WrongRecoveryCode(mistyped=True)
    number = 0
    for digit in digits:
        number = number * 32 + ALPHABET.index(digit)
    code = (number >> 15).to_bytes(_BYTES, "big")
    if number & 0x7FFF != _checksum(code):
        raise WrongRecoveryCode(mistyped=True)
    return code


def _written(code: bytes) -> str:
    number = int.from_bytes(code, "big") << 15 | _checksum(code)
    digits = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(_DIGITS)))
    return "-".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def _checksum(code: bytes) -> int:
    """15 bits: one mistyped code in 32,768 is not noticed here, and then opens nothing."""
    return int.from_bytes(hashlib.sha256(b"l402desk recovery code" + code).digest()[:2], "big") >> 1


async def make_code(database: Database, seal: Seal) -> str:
    """A new code for this vault, written nowhere but here. An older one opens nothing any more. Raises StoreError."""
    text = new_code()
    outer = _outer(read_code(text), seal.vault_id)

    def work(connection: sqlite3.Connection) -> None:
        wrapped = outer.seal(
            seal.key(), table="recovery_key", row="code", column="wrapped"
        )  # the key of now: it may have been replaced meanwhile
        connection.execute("INSERT OR REPLACE INTO recovery_key VALUES (1, ?, ?)", (wrapped, int(time.time())))

    await database.write(work)
    await database.scrub()
    return text


async def open_by_code(database: Database, text: str) -> Seal:
    """The seal that a code opens. Raises WrongRecoveryCode, StoreError. Nothing is changed."""
    code = read_code(text)
    key = await database.read(load)
    wrapped = await database.read(_wrapped)
    if key is None or wrapped is None:
        raise WrongRecoveryCode(mistyped=False)
    try:
        data_key = _outer(code, key.vault_id).unseal(wrapped, table="recovery_key", row="code", column="wrapped")
    except SealBroken as error:
        raise WrongRecoveryCode(mistyped=False) from error
    return Seal(data_key, key.vault_id, kept_by=key.kept_by)


async def code_made_at(database: Database) -> int | None:
    """When the code that opens this vault was made, in unix seconds; None where there is none."""

    def work(connection: sqlite3.Connection) -> int | None:
        row = connection.execute("SELECT made_at FROM recovery_key").fetchone()
        return None if row is None else int(row["made_at"])

    return await database.read(work)


def forget_code(connection: sqlite3.Connection) -> bool:
    """The code opens nothing any more: part of the transaction that replaces the data key. Was there one?"""
    return connection.execute("DELETE FROM recovery_key").rowcount > 0


def _wrapped(connection: sqlite3.Connection) -> bytes | None:
    row = connection.execute("SELECT wrapped FROM recovery_key").fetchone()
    return None if row is None else bytes(row["wrapped"])


def _outer(code: bytes, vault_id: bytes) -> Seal:
    kdf = HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=vault_id, info=b"l402desk recovery key")
    return Seal(kdf.derive(code), vault_id, kept_by="")
