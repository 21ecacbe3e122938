"""The statement of account: each purchase beside what became of its token, in pages, sorted by either."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from l402desk.ledger.errors import NoSuchPurchase
from l402desk.ledger.history import EVERYTHING, TIME, History, Order, PurchaseFilter
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.amount import ZERO, Msat
from l402desk.vault.tokens import TokenState

if TYPE_CHECKING:
    from l402desk.services import Services

_JOIN = "LEFT JOIN tokens ON tokens.purchase_id = purchases.id"
USES = Order("tokens.uses", _JOIN)
EACH = Order(
    "iif(purchases.state = 'settled' AND tokens.uses > 0,"
    " (purchases.amount_msat + coalesce(purchases.fee_msat, 0)) * 1.0 / tokens.uses, NULL)",
    _JOIN,
)
AT_ONCE = 500
"""Lines read in one go where all of them are wanted: some milliseconds of the database's time."""


@dataclass(frozen=True, slots=True)
class BoughtToken:
    """What the vault holds of a purchase, and how often it was sent."""

    id: str
    uses: int
    state: TokenState


@dataclass(frozen=True, slots=True)
class Line:
    """One purchase with its token; ``token`` is None before there is one, and after the user forgot it."""

    purchase: Purchase
    token: BoughtToken | None = None

    @property
    def cost(self) -> Msat:
        """Price and fee of what was paid for certain; nothing for all else."""
        if self.purchase.state is not PurchaseState.SETTLED:
            return ZERO
        return self.purchase.amount + (self.purchase.fee or ZERO)

    @property
    def each(self) -> Msat | None:
        """What one use has cost so far, to the nearest millisatoshi; None before the first."""
        if self.token is None or not self.token.uses or not self.cost:
            return None
        uses = self.token.uses
        return Msat((2 * self.cost.value + uses) // (2 * uses))


async def numbers(
    services: Services, wanted: PurchaseFilter = EVERYTHING, order: Order = TIME, *, descending: bool = True
) -> array[int]:
    """The row numbers of the lines that are wanted, in this order. Raises StoreError."""
    return await History(services.database).numbers(wanted, order, descending=descending)


async def lines(services: Services, some: Sequence[int]) -> dict[int, Line]:
    """The lines with these numbers; what is gone is left out. Raises StoreError."""
    purchases = await History(services.database).at(some)
    tokens = await _tokens(services, [purchase.id for purchase in purchases.values()])
    return {number: Line(purchase, tokens.get(purchase.id)) for number, purchase in purchases.items()}


async def line(services: Services, purchase_id: str) -> Line:
    """One line. Raises NoSuchPurchase and StoreError."""
    number = await History(services.database).number_of(purchase_id)
    found = {} if number is None else await lines(services, [number])
    if number not in found:
        raise NoSuchPurchase(purchase_id)
    return found[number]


async def every_line(
    services: Services, wanted: PurchaseFilter, order: Order = TIME, *, descending: bool = True
) -> AsyncIterator[list[Line]]:
    """All lines that are wanted now, some hundred at a time. Raises StoreError."""
    all_numbers = await numbers(services, wanted, order, descending=descending)
    for start in range(0, len(all_numbers), AT_ONCE):
        some = all_numbers[start : start + AT_ONCE]
        found = await lines(services, some)
        yield [found[number] for number in some if number in found]


async def _tokens(services: Services, purchase_ids: Sequence[str]) -> dict[str, BoughtToken]:
    def work(connection: sqlite3.Connection) -> dict[str, BoughtToken]:
        found: dict[str, BoughtToken] = {}
        for start in range(0, len(purchase_ids), AT_ONCE):
            some = list(purchase_ids[start : start + AT_ONCE])
            places = ", ".join("?" * len(some))
            sql = f"SELECT purchase_id, id, uses, state FROM tokens WHERE purchase_id IN ({places})"
            for row in connection.execute(sql, some):
                found[row["purchase_id"]] = BoughtToken(row["id"], row["uses"], TokenState(row["state"]))
        return found

    return await services.database.read(work)
