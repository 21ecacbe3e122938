"""Purchases and their tokens put straight into the tables: many, of any age and state, for questions about them.

What a ledger would refuse to do is not done here either: the tables' own checks hold. The sealed parts are empty.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.store.database import Database
from tests.fakes.purchased import NOW

STATE = PurchaseState


@dataclass(frozen=True)
class Bought:
    """One purchase; ``uses`` None: its token is in no vault. Amounts in msat, times in unix seconds."""

    number: int = 1
    at: int = NOW
    origin: str = "https://api.example"
    path: str = "/v1/data"
    method: str = "GET"
    title: str = "Demo"
    msat: int = 21_000
    fee: int | None = None
    state: PurchaseState = STATE.SETTLED
    delivery: Delivery | None = None
    rail: str | None = "Fake wallet"
    uses: int | None = None
    reason: str = ""
    currency: str | None = None
    per_btc: str | None = None
    last_status: int | None = None
    expires_at: int | None = None

    @property
    def id(self) -> str:
        return f"purchase-{self.number}"

    @property
    def payment_hash(self) -> bytes:
        return hashlib.sha256(b"bought %d" % self.number).digest()

    def values(self) -> dict[str, object]:
        is_settled = self.state is STATE.SETTLED
        delivery = self.delivery or (Delivery.DELIVERED if is_settled else None)
        return {
            "number": self.number,
            "id": self.id,
            "method": self.method,
            "origin": self.origin,
            "path": self.path,
            "title": self.title,
            "scheme": "L402",
            "payment_hash": self.payment_hash,
            "invoice": f"lnbcrt{self.number}",
            "amount_msat": self.msat,
            "fee_limit_msat": 1_000,
            "fee_msat": self.fee,
            "wallet": self.rail or "",
            "rail": None if self.state is STATE.OFFERED else self.rail,
            "state": str(self.state),
            "delivery": None if delivery is None else str(delivery),
            "last_status": self.last_status,
            "reason": self.reason,
            "created_at": self.at,
            "claimed_at": None if self.state is STATE.OFFERED else self.at,
            "settled_at": self.at + 2 if is_settled else None,
            "updated_at": self.at + 2,
            "expires_at": self.at + 3_600 if self.expires_at is None else self.expires_at,
            "despite": 1,
            "challenge": b"",
            "request": b"",
            "preimage": b"sealed" if is_settled else None,
            "currency": self.currency,
            "per_btc": self.per_btc,
        }

    def token(self) -> dict[str, object]:
        return {
            "id": f"token-{self.number}",
            "purchase_id": self.id,
            "payment_hash": self.payment_hash,
            "title": self.title,
            "origin": self.origin,
            "reach": "exact",
            "path": self.path,
            "rank": 1,
            "scheme": "L402",
            "price_msat": self.msat,
            "bought_at": self.at,
            "uses": self.uses,
            "state": "usable",
            "caveats": b"",
            "secret": b"",
        }


async def put(database: Database, *purchases: Bought) -> None:
    """Write them down; the tokens too where there is a vault."""
    await database.write(lambda connection: put_now(connection, purchases))


def put_now(connection: sqlite3.Connection, purchases: Iterable[Bought]) -> None:
    for purchase in purchases:
        _insert(connection, "purchases", purchase.values())
        if purchase.uses is not None:
            _insert(connection, "tokens", purchase.token())


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, object]) -> None:
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", values)
