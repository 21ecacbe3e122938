"""402-mcp's ``credentials.json`` and ``pending-payments.json``, sealed with AES-256-GCM under ``encryption.key``.

The sealed file is ``{"iv": 24 hex digits, "tag": 32, "ciphertext": …}`` without associated data; the key file holds 64
lower-case hex digits; older versions wrote the inner JSON in clear (402-mcp, src/store/encryption.ts, credentials.ts,
pending-payments.ts). Inside, credentials are by origin ``{macaroon, preimage, paymentHash, creditBalance, storedAt,
lastUsed, server}``; pending payments are by payment hash ``{paymentHash, origins, invoice, macaroon, createdAt}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.proof import PaymentHash
from l402desk.vault.foreign.entries import MOST_ENTRIES, Entry, EntryRefused, ImportRefused, Problem
from l402desk.vault.foreign.files import is_plain_file, read_file, shown
from l402desk.vault.foreign.json_value import read_json, text_in
from l402desk.vault.foreign.moments import read_moment
from l402desk.vault.scope import Reach

FILES = ("credentials.json", "pending-payments.json")
KEY_FILE = "encryption.key"
_SIZES = {"iv": 24, "tag": 32}
_HEX = re.compile(r"[0-9a-f]+")
_KEY = re.compile(r"[0-9a-f]{64}")
_ORIGIN_KEY = re.compile(r"https?://", re.IGNORECASE)


def is_sealed(value: object) -> bool:
    """Is it the envelope of a sealed file?"""
    if not isinstance(value, dict):
        return False
    parts = {name: value.get(name) for name in ("iv", "tag", "ciphertext")}
    if not all(isinstance(part, str) and _HEX.fullmatch(part) for part in parts.values()):
        return False
    return all(len(str(parts[name])) == size for name, size in _SIZES.items())


def is_store(value: object) -> bool:
    """Is it a store in clear, with at least one credential or pending payment?"""
    return isinstance(value, dict) and any(
        isinstance(item, dict) and "paymentHash" in item and ("preimage" in item or "origins" in item)
        for item in value.values()
    )


def unseal(value: dict[str, object], file: Path, key_file: Path | None) -> object:
    """The JSON in a sealed file. Without ``key_file`` the key is looked for beside it. Raises ImportRefused."""
    beside = file.with_name(KEY_FILE)
    if key_file is None and not is_plain_file(beside):
        remedy = "Name it with --key-file; where 402-mcp keeps it in the keyring, write its 64 digits to a file first."
        raise ImportRefused(f"{shown(file)} is sealed, and there is no {KEY_FILE} beside it.", remedy)
    key = _key(beside if key_file is None else key_file)
    try:
        iv, tag, ciphertext = (bytes.fromhex(str(value[name])) for name in ("iv", "tag", "ciphertext"))
        plain = AESGCM(key).decrypt(iv, ciphertext + tag, None)
    except (InvalidTag, ValueError) as error:
        remedy = f"Name the {KEY_FILE} of the same folder with --key-file."
        raise ImportRefused(f"This key does not open {shown(file)}, or the file was changed.", remedy) from error
    return read_json(plain, f"what is sealed in {shown(file)}")


def entries_of(value: object) -> Iterator[Entry | Problem]:
    """Every credential and every pending payment, as entries or problems. Raises ImportRefused."""
    if not isinstance(value, dict):
        raise ImportRefused("This is no store of 402-mcp.", "Name its credentials.json.")
    if len(value) > MOST_ENTRIES:
        raise ImportRefused(f"There are more than {MOST_ENTRIES} tokens in it.", "Name another file.")
    for number, (key, item) in enumerate(value.items(), 1):
        where = f"entry {number}"
        try:
            if not isinstance(item, dict):
                raise EntryRefused("it is no credential.")
            yield from _pending(where, item) if "origins" in item else [_credential(where, str(key), item)]
        except EntryRefused as error:
            yield Problem(where, str(error))


def _key(file: Path) -> bytes:
    text = read_file(file, 1_024).decode("ascii", "replace").strip()
    if not _KEY.fullmatch(text):
        words = f"{shown(file)} is no key of 402-mcp: it does not hold 64 hexadecimal digits."
        raise ImportRefused(words, f"Name its {KEY_FILE} with --key-file.")
    return bytes.fromhex(text)


def _credential(where: str, origin: str, item: dict[str, object]) -> Entry:
    balance = item.get("creditBalance")
    has_balance = isinstance(balance, int) and not isinstance(balance, bool) and balance >= 0
    last_used = read_moment(item.get("lastUsed"))
    return Entry(
        where=where,
        url=_address(origin),
        reach=Reach.HOST,
        credential=text_in(item, "macaroon"),
        preimage=text_in(item, "preimage"),
        payment_hash=_hash(item),
        at=read_moment(item.get("storedAt")),
        note=f"402-mcp saw a credit balance of {balance} sats." if has_balance else "",
        last_used_at=last_used,
    )


def _pending(where: str, item: dict[str, object]) -> Iterator[Entry]:
    """A payment whose end is unknown: one entry for each origin it was made for."""
    origins = item.get("origins")
    if not isinstance(origins, list) or not origins or not all(isinstance(origin, str) for origin in origins):
        raise EntryRefused("it names no server.")
    if len(origins) > MOST_ENTRIES:
        raise EntryRefused("it names too many servers.")
    macaroon = text_in(item, "macaroon")
    if not macaroon:
        raise EntryRefused("its payment is open and brings no token: look it up in the wallet that made it.")
    entry = Entry(
        where=where,
        url="",
        reach=Reach.HOST,
        credential=macaroon,
        preimage="",
        payment_hash=_hash(item),
        invoice=text_in(item, "invoice"),
        at=read_moment(item.get("createdAt")),
    )
    yield from (replace(entry, url=_address(origin)) for origin in dict.fromkeys(origins))


def _address(origin: str) -> str:
    if not _ORIGIN_KEY.match(origin):
        raise EntryRefused("its key is no web address.")
    return origin


def _hash(item: dict[str, object]) -> PaymentHash | None:
    said = text_in(item, "paymentHash")
    try:
        return PaymentHash.from_hex(said) if said else None
    except ProtocolError as error:
        raise EntryRefused("what it calls a payment hash is none.") from error
