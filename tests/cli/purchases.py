"""Purchases as the ledger tells them, for the tests of what is said about them."""

from __future__ import annotations

from l402desk.ledger.purchases import Delivery, Purchase, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from tests.fakes.challenges import HASH


def a_purchase(
    state: PurchaseState = PurchaseState.UNKNOWN, *, fee: int | None = None, rail: str | None = "home", reason: str = ""
) -> Purchase:
    return Purchase(
        id="an-id", method="GET", origin=Origin.of("https://api.example.com"), path="/data", title="data",
        scheme="L402", payment_hash=HASH, invoice="lnbc1", amount=Msat(21_000), fee_limit=Msat(10_000),
        fee=None if fee is None else Msat(fee), wallet="home", rail=rail, state=state,
        delivery=Delivery.UNDELIVERED if state is PurchaseState.SETTLED else None, last_status=None, reason=reason,
        created_at=1, claimed_at=None, settled_at=None, updated_at=1, expires_at=2,
    )  # fmt: skip
