"""Lines of the statement for tests of widgets: purchases as the ledger tells them, with tokens as the vault does."""

from __future__ import annotations

from dataclasses import replace

from l402desk.engine.statement import BoughtToken, Line
from l402desk.ledger.purchases import Delivery, Purchase, PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.vault.tokens import TokenState
from tests.fakes.purchased import NOW, hash_of

State = PurchaseState


def a_purchase(state: PurchaseState = State.SETTLED, number: int = 1, **changes: object) -> Purchase:
    """A purchase of 21 sats in this state; a settled one was delivered."""
    is_settled = state is State.SETTLED
    made = Purchase(
        id=f"purchase-{number}",
        method="GET",
        origin=Origin.of("https://api.example/"),
        path="/v1/data",
        title="Demo",
        scheme="L402",
        payment_hash=hash_of(number),
        invoice=f"lnbcrt{number}" + "q" * 60,
        amount=Msat(21_000),
        fee_limit=Msat(1_000),
        fee=Msat(300) if is_settled else None,
        wallet="Fake wallet",
        rail=None if state is State.OFFERED else "Fake wallet",
        state=state,
        delivery=Delivery.DELIVERED if is_settled else None,
        last_status=200 if is_settled else None,
        reason="",
        created_at=NOW,
        claimed_at=NOW,
        settled_at=NOW + 2 if is_settled else None,
        updated_at=NOW + 2,
        expires_at=NOW + 3_600,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_line(
    state: PurchaseState = State.SETTLED, number: int = 1, *, uses: int | None = None, **changes: object
) -> Line:
    token = None if uses is None else BoughtToken(f"token-{number}", uses, TokenState.USABLE)
    return Line(a_purchase(state, number, **changes), token)
