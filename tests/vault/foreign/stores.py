"""Stores of other clients as those clients write them, made for the tests from their published sources."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.fakes.macaroons import FEWSATS, FEWSATS_PREIMAGE
from tests.fakes.purchased import credential_of, hash_of, preimage_of

__all__ = ["FEWSATS", "FEWSATS_PREIMAGE"]

CREATED_NS = 1_714_045_448 * 10**9  # 2024-04-25T11:44:08Z, as in the vector of the token file
KEY = bytes(range(1, 33))


def token_file(
    macaroon: bytes, payment_hash: bytes, preimage: bytes = bytes(32), *, msat: int = 79_000, fee: int = 0
) -> bytes:
    """aperture's l402.token."""
    fixed = struct.pack(">32s32sQQq", payment_hash, preimage, msat, fee, CREATED_NS)
    return struct.pack(">I", len(macaroon)) + macaroon + fixed


def paid_file(number: int) -> bytes:
    return token_file(raw_macaroon(number), hash_of(number).raw, preimage_of(number).raw)


def pending_file(number: int) -> bytes:
    return token_file(raw_macaroon(number), hash_of(number).raw)


def raw_macaroon(number: int) -> bytes:
    import base64

    return base64.b64decode(credential_of(number))


def lnget_host(tokens: Path, name: str, contents: bytes, *, domain: str | None = None, pending: bool = False) -> Path:
    """One host's folder in lnget's store."""
    folder = tokens / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ("l402.token.pending" if pending else "l402.token")
    file.write_bytes(contents)
    if domain is not None:
        (folder / ".domain").write_text(domain, encoding="utf-8")
    return file


def lnget_events(file: Path, rows: Iterable[tuple[object, ...]]) -> Path:
    """lnget's events.db; a row is (domain, url, method, payment_hash, amount, fee, status, status_code, created_at)."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            """
            CREATE TABLE IF NOT EXISTS events (
                id INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT NOT NULL, url TEXT NOT NULL,
                method TEXT NOT NULL DEFAULT 'GET', payment_hash TEXT NOT NULL, amount_sat INTEGER NOT NULL,
                fee_sat INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'pending',
                error_message TEXT NOT NULL DEFAULT '', duration_ms INTEGER NOT NULL DEFAULT 0,
                content_type TEXT NOT NULL DEFAULT '', response_size INTEGER NOT NULL DEFAULT 0,
                status_code INTEGER NOT NULL DEFAULT 0, created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
            );
            CREATE INDEX idx_events_domain ON events(domain);
            ALTER TABLE events ADD COLUMN scheme TEXT NOT NULL DEFAULT 'l402';
            """
        )
        connection.executemany(
            "INSERT INTO events (domain, url, method, payment_hash, amount_sat, fee_sat, status, status_code,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            list(rows),
        )
        connection.commit()
    return file


def l402sdk(file: Path, rows: Iterable[tuple[object, ...]]) -> Path:
    """L402sdk's store; a row is (endpoint, macaroon, preimage, created_at, expires_at)."""
    return _database(
        file,
        "CREATE TABLE l402_tokens (endpoint TEXT PRIMARY KEY, macaroon TEXT NOT NULL, preimage TEXT NOT NULL,"
        " created_at INTEGER NOT NULL, expires_at INTEGER)",
        "INSERT INTO l402_tokens VALUES (?, ?, ?, ?, ?)",
        rows,
    )


def fewsats(file: Path, rows: Iterable[tuple[object, ...]]) -> Path:
    """L402-python's credentials.db; a row is (location, macaroon, preimage, invoice, created_at)."""
    return _database(
        file,
        "CREATE TABLE credentials (id INTEGER PRIMARY KEY AUTOINCREMENT, location TEXT NOT NULL,"
        " macaroon TEXT NOT NULL, preimage TEXT, invoice TEXT NOT NULL, created_at DATETIME NOT NULL)",
        "INSERT INTO credentials (location, macaroon, preimage, invoice, created_at) VALUES (?, ?, ?, ?, ?)",
        rows,
    )


def fewsatscli(file: Path, rows: Iterable[tuple[object, ...]]) -> Path:
    """fewsatscli's store; a row is (external_id, macaroon, preimage, invoice, created_at)."""
    return _database(
        file,
        "CREATE TABLE credentials (external_id TEXT PRIMARY KEY, macaroon TEXT NOT NULL, preimage TEXT NOT NULL,"
        " invoice TEXT NOT NULL, created_at DATETIME NOT NULL)",
        "INSERT INTO credentials VALUES (?, ?, ?, ?, ?)",
        rows,
    )


def _database(file: Path, table: str, insert: str, rows: Iterable[tuple[object, ...]]) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(table)
        connection.executemany(insert, list(rows))
        connection.commit()
    return file


def mcp402_sealed(value: object, key: bytes = KEY) -> str:
    """What 402-mcp writes: hexadecimal nonce, tag and ciphertext, the tag apart as Node has it."""
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(value, indent=2).encode(), None)
    parts = {"iv": nonce.hex(), "tag": sealed[-16:].hex(), "ciphertext": sealed[:-16].hex()}
    return json.dumps(parts, indent=2)


def mcp402_credential(number: int) -> dict[str, object]:
    return {
        "macaroon": credential_of(number),
        "preimage": preimage_of(number).hex,
        "paymentHash": hash_of(number).hex,
        "creditBalance": 21,
        "storedAt": "2026-07-01T10:00:00.000Z",
        "lastUsed": "2026-07-02T10:00:00.000Z",
        "server": "toll-booth",
    }


def mcp402_pending(number: int, *origins: str) -> dict[str, object]:
    return {
        "paymentHash": hash_of(number).hex,
        "origins": list(origins),
        "invoice": "",
        "costSats": 21,
        "protocol": "l402",
        "method": "nwc",
        "macaroon": credential_of(number),
        "createdAt": "2026-07-03T10:00:00.000Z",
    }
