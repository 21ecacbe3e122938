"""The ledger's table: which columns are in clear, what is sealed, and how a row becomes a value."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from decimal import Decimal

from l402desk.ledger.purchases import Delivery, Intent, Purchase, PurchaseSecrets, PurchaseState
from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.store.errors import SealBroken
from l402desk.store.schema import Schema, SealedColumn
from l402desk.store.seal import Seal

SCHEMA = Schema(
    "ledger",
    (
        # The laws that must hold whatever the code above does are written down here once more.
        """
        CREATE TABLE purchases (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            method TEXT NOT NULL,
            origin TEXT NOT NULL,
            path TEXT NOT NULL,
            title TEXT NOT NULL,
            scheme TEXT NOT NULL,
            payment_hash BLOB NOT NULL UNIQUE CHECK (length(payment_hash) = 32),
            invoice TEXT NOT NULL,
            amount_msat INTEGER NOT NULL CHECK (amount_msat > 0),
            fee_limit_msat INTEGER NOT NULL CHECK (fee_limit_msat >= 0),
            fee_msat INTEGER,
            wallet TEXT NOT NULL,
            rail TEXT,
            state TEXT NOT NULL,
            delivery TEXT,
            last_status INTEGER,
            reason TEXT NOT NULL DEFAULT '',
            created_at INTEGER NOT NULL,
            claimed_at INTEGER,
            settled_at INTEGER,
            updated_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            despite INTEGER NOT NULL,
            challenge BLOB NOT NULL,
            request BLOB NOT NULL,
            preimage BLOB,
            CHECK (state != 'settled' OR (preimage IS NOT NULL AND rail IS NOT NULL AND delivery IS NOT NULL))
        ) STRICT;
        CREATE INDEX purchases_by_place ON purchases (origin, path, method, state);
        CREATE INDEX purchases_by_state ON purchases (state, delivery);
        CREATE TRIGGER purchases_settle_once BEFORE UPDATE ON purchases
            WHEN OLD.state = 'settled' AND (NEW.state != 'settled' OR NEW.preimage IS NOT OLD.preimage)
            BEGIN SELECT RAISE(ABORT, 'settled is final'); END;
        CREATE TRIGGER purchases_go_to_one_rail BEFORE UPDATE ON purchases
            WHEN OLD.rail IS NOT NULL AND NEW.rail IS NOT OLD.rail
            BEGIN SELECT RAISE(ABORT, 'a payment hash goes to one rail'); END;
        """,
        # What was called "intent" is what is now "offered": shown, and given to no wallet.
        """
        ALTER TABLE purchases ADD COLUMN owner TEXT NOT NULL DEFAULT '';
        ALTER TABLE purchases ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE purchases ADD COLUMN reserved_at INTEGER;
        ALTER TABLE purchases ADD COLUMN reserved_boot TEXT;
        ALTER TABLE purchases ADD COLUMN reserved_uptime INTEGER;
        ALTER TABLE purchases ADD COLUMN look_ups INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE purchases ADD COLUMN looked_up_at INTEGER;
        ALTER TABLE purchases ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE purchases ADD COLUMN missed_since INTEGER;
        ALTER TABLE purchases ADD COLUMN currency TEXT;
        ALTER TABLE purchases ADD COLUMN per_btc TEXT;
        ALTER TABLE purchases ADD COLUMN exchange BLOB;
        UPDATE purchases SET state = 'offered' WHERE state = 'intent';
        UPDATE purchases SET reserved_at = coalesce(claimed_at, settled_at) WHERE state != 'offered';
        CREATE INDEX purchases_by_reservation ON purchases (reserved_at) WHERE reserved_at IS NOT NULL;
        CREATE INDEX purchases_by_time ON purchases (created_at DESC, number DESC);
        CREATE INDEX purchases_for_sums ON purchases (created_at, origin, state, amount_msat, fee_msat);
        CREATE TRIGGER purchases_never_go_back BEFORE UPDATE OF state ON purchases
            WHEN (OLD.state NOT IN ('offered', 'intent') AND NEW.state IN ('offered', 'intent'))
                OR (OLD.state = 'intent' AND NEW.state = 'offered')
            BEGIN SELECT RAISE(ABORT, 'a purchase never goes back'); END;
        CREATE TRIGGER purchases_one_at_a_time BEFORE UPDATE OF state ON purchases
            WHEN NEW.state = 'intent' AND NEW.despite = 0 AND EXISTS (
                SELECT 1 FROM purchases AS other
                WHERE other.origin = NEW.origin AND other.path = NEW.path AND other.id != NEW.id
                    AND other.state IN ('intent', 'submitted', 'unknown', 'paid-without-proof'))
            BEGIN SELECT RAISE(ABORT, 'an earlier purchase of the same thing is open'); END;
        CREATE TABLE caps (
            budget TEXT PRIMARY KEY CHECK (budget IN ('payment', 'host-day', 'day')),
            amount_msat INTEGER NOT NULL CHECK (amount_msat >= 0)
        ) STRICT;
        CREATE TABLE armed (wallet TEXT PRIMARY KEY, armed_at INTEGER NOT NULL) STRICT;
        CREATE TABLE rate (
            only INTEGER PRIMARY KEY CHECK (only = 1), currency TEXT NOT NULL, per_btc TEXT NOT NULL
        ) STRICT;
        """,
    ),
    sealed=tuple(
        SealedColumn("purchases", "id", column) for column in ("challenge", "request", "preimage", "exchange")
    ),
    in_clear=("purchases.payment_hash",),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Writes and reads rows under one seal."""

    seal: Seal

    def insert(self, connection: sqlite3.Connection, purchase_id: str, intent: Intent, now: int, despite: bool) -> None:
        currency, per_btc = connection.execute("SELECT currency, per_btc FROM rate").fetchone() or (None, None)
        values = {
            **self._terms(purchase_id, intent),
            "id": purchase_id,
            "payment_hash": intent.payment_hash.raw,
            "origin": str(intent.origin),
            "state": PurchaseState.OFFERED,
            "currency": currency,
            "per_btc": per_btc,
            "created_at": now,
            "updated_at": now,
            "despite": despite,
        }
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO purchases ({names}) VALUES ({places})", values)

    def refresh(
        self, connection: sqlite3.Connection, row: sqlite3.Row, intent: Intent, now: int, despite: bool
    ) -> None:
        """The server repeated an invoice that nobody has touched: what it said last counts."""
        values = {**self._terms(row["id"], intent), "updated_at": now, "despite": despite}
        changes = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(f"UPDATE purchases SET {changes} WHERE id = :id", {**values, "id": row["id"]})

    def _terms(self, purchase_id: str, intent: Intent) -> dict[str, object]:
        # Origin and hash are sealed with the credential: edited columns must not lead it to a stranger.
        challenge = {
            "url": intent.url,
            "scheme": intent.challenge.scheme,
            "credential": intent.challenge.credential,
            "origin": str(intent.origin),
            "payment_hash": intent.payment_hash.hex,
        }
        return {
            "method": intent.method.upper(),
            "path": intent.path,
            "title": intent.title,
            "scheme": intent.challenge.scheme,
            "invoice": intent.invoice.text,
            "amount_msat": intent.amount.value,
            "fee_limit_msat": intent.fee_limit.value,
            "wallet": intent.wallet,
            "expires_at": intent.invoice.expires_at,
            "challenge": self._seal(purchase_id, "challenge", json.dumps(challenge).encode("ascii")),
            "request": self._seal(purchase_id, "request", intent.request),
            "exchange": self.seal_exchange(purchase_id, intent.exchange) if intent.exchange else None,
        }

    def seal_preimage(self, purchase_id: str, preimage: Preimage) -> bytes:
        return self._seal(purchase_id, "preimage", preimage.raw)

    def seal_exchange(self, purchase_id: str, exchange: bytes) -> bytes:
        return self._seal(purchase_id, "exchange", exchange)

    def exchange(self, row: sqlite3.Row) -> bytes | None:
        """What was said on both sides, as the caller wrote it. Raises SealBroken."""
        return None if row["exchange"] is None else self._unseal(row, "exchange")

    def preimage(self, row: sqlite3.Row) -> Preimage | None:
        """The proof, if there is one. Raises SealBroken, also for one that proves something else."""
        if row["preimage"] is None:
            return None
        preimage = Preimage(self._unseal(row, "preimage"))
        if not preimage.proves(PaymentHash(row["payment_hash"])):
            raise SealBroken
        return preimage

    def secrets(self, row: sqlite3.Row) -> PurchaseSecrets:
        """Open the sealed part. Raises SealBroken."""
        challenge = json.loads(self._unseal(row, "challenge"))
        if (challenge["origin"], challenge["payment_hash"]) != (row["origin"], row["payment_hash"].hex()):
            raise SealBroken
        return PurchaseSecrets(
            url=challenge["url"],
            scheme=challenge["scheme"],
            credential=challenge["credential"],
            request=self._unseal(row, "request"),
            preimage=self.preimage(row),
        )

    def _seal(self, purchase_id: str, column: str, plain: bytes) -> bytes:
        return self.seal.seal(plain, table="purchases", row=purchase_id, column=column)

    def _unseal(self, row: sqlite3.Row, column: str) -> bytes:
        return self.seal.unseal(row[column], table="purchases", row=row["id"], column=column)


def purchase_of(row: sqlite3.Row) -> Purchase:
    """A row's clear part as a value."""
    return Purchase(
        id=row["id"],
        method=row["method"],
        origin=Origin.of(row["origin"]),
        path=row["path"],
        title=row["title"],
        scheme=row["scheme"],
        payment_hash=PaymentHash(row["payment_hash"]),
        invoice=row["invoice"],
        amount=Msat(row["amount_msat"]),
        fee_limit=Msat(row["fee_limit_msat"]),
        fee=None if row["fee_msat"] is None else Msat(row["fee_msat"]),
        wallet=row["wallet"],
        rail=row["rail"],
        state=PurchaseState(row["state"]),
        delivery=None if row["delivery"] is None else Delivery(row["delivery"]),
        last_status=row["last_status"],
        reason=row["reason"],
        created_at=row["created_at"],
        claimed_at=row["claimed_at"],
        settled_at=row["settled_at"],
        updated_at=row["updated_at"],
        expires_at=row["expires_at"],
        owner=row["owner"],
        automatic=bool(row["automatic"]),
        reserved_at=row["reserved_at"],
        look_ups=row["look_ups"],
        looked_up_at=row["looked_up_at"],
        missed=row["missed"],
        missed_since=row["missed_since"],
        rate=_rate(row),
        has_exchange=row["exchange"] is not None,
    )


def _rate(row: sqlite3.Row) -> Rate | None:
    return None if row["currency"] is None else Rate(row["currency"], Decimal(row["per_btc"]))
