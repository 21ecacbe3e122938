"""The vault's tables: which columns are in clear, which are sealed, and what a list is sorted and searched by."""

from __future__ import annotations

from l402desk.store.schema import Schema, SealedColumn

NEVER = 9_223_372_036_854_775_807
"""Where a token without an end stands among the ends: after all of them."""

SCHEMA = Schema(
    "vault",
    (
        """
        CREATE TABLE tokens (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            purchase_id TEXT UNIQUE,
            payment_hash BLOB NOT NULL,
            title TEXT NOT NULL,
            origin TEXT NOT NULL,
            reach TEXT NOT NULL,
            path TEXT NOT NULL,
            method TEXT,
            rank INTEGER NOT NULL,
            scheme TEXT NOT NULL,
            price_msat INTEGER,
            bought_at INTEGER NOT NULL,
            expires_at INTEGER,
            uses INTEGER NOT NULL DEFAULT 0,
            last_used_at INTEGER,
            last_status INTEGER,
            state TEXT NOT NULL,
            state_before_trash TEXT,
            caveats BLOB NOT NULL,
            secret BLOB NOT NULL
        ) STRICT;
        CREATE INDEX tokens_by_place ON tokens (origin, path, rank DESC, bought_at DESC, number DESC)
            WHERE state IN ('usable', 'undelivered');
        CREATE INDEX tokens_by_hash ON tokens (payment_hash);
        CREATE INDEX tokens_by_time ON tokens (bought_at DESC, number DESC);
        """,
        # Each order has an index that holds what every shelf asks too: a list of 100,000 numbers is read from it alone,
        # and never from the rows, which are long with what is sealed in them.
        """
        ALTER TABLE tokens ADD COLUMN note TEXT;
        ALTER TABLE tokens ADD COLUMN source TEXT NOT NULL DEFAULT 'bought';
        CREATE TABLE token_uses (
            number INTEGER PRIMARY KEY,
            token INTEGER NOT NULL REFERENCES tokens (number) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            status INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX token_uses_by_token ON token_uses (token, number);
        CREATE TABLE forgotten (purchase_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
        DROP INDEX tokens_by_time;
        DROP INDEX tokens_by_place;
        CREATE INDEX tokens_by_place ON tokens (origin, path, rank DESC, bought_at DESC, number DESC);
        CREATE INDEX tokens_by_service ON tokens (title COLLATE NOCASE, number, state, expires_at);
        CREATE INDEX tokens_by_host
            ON tokens (substr(origin, instr(origin, '://') + 3), number, state, expires_at, origin);
        CREATE INDEX tokens_by_scope ON tokens (path, number, state, expires_at);
        CREATE INDEX tokens_by_price ON tokens (price_msat, number, state, expires_at);
        CREATE INDEX tokens_by_bought ON tokens (bought_at, number, state, expires_at);
        CREATE INDEX tokens_by_expiry
            ON tokens (coalesce(expires_at, 9223372036854775807), number, state, expires_at);
        CREATE INDEX tokens_by_uses ON tokens (uses, number, state, expires_at);
        CREATE INDEX tokens_by_result ON tokens (state, last_status, number, expires_at);
        CREATE INDEX tokens_by_words ON tokens (title, origin, path, note);
        """,
    ),
    sealed=tuple(SealedColumn("tokens", "id", column) for column in ("caveats", "secret")),
    in_clear=("tokens.payment_hash",),
)
