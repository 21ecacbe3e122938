"""What was paid for and never given: its token is sent again, for free, before anything more is paid (law 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from l402desk.engine.keeping import keep_token
from l402desk.ledger.history import History, PurchaseFilter
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.protocol.errors import ProtocolError
from l402desk.store.errors import StoreError
from l402desk.vault.errors import Forgotten

if TYPE_CHECKING:
    from l402desk.ledger.purchases import Purchase
    from l402desk.protocol.origin import Origin
    from l402desk.services import Services

_SETTLED = frozenset({PurchaseState.SETTLED})
_LOOKED_AT = 200
"""Purchases of the host with this path in theirs; the newest of them decides."""


async def newest_paid(services: Services, method: str, origin: Origin, path: str) -> Purchase | None:
    """The newest purchase of this request that was paid, whatever was given for it. Raises StoreError."""
    history = History(services.database)
    wanted = PurchaseFilter(text=path, states=_SETTLED, host=origin.authority)
    numbers = await history.numbers(wanted, limit=_LOOKED_AT)
    found = await history.at(numbers)
    here = (found[number] for number in numbers if number in found)
    return next((p for p in here if (p.method, p.origin, p.path) == (method.upper(), origin, path)), None)


async def is_owed(services: Services, purchase: Purchase, *, also_refused: bool) -> bool:
    """Was nothing given for it? One whose token the server refused counts ``also_refused``.

    Not one whose token the user has deleted. Raises StoreError.
    """
    if purchase.delivery is Delivery.DELIVERED or (purchase.delivery is Delivery.REFUSED and not also_refused):
        return False
    return await token_of(services, purchase) is not None


async def token_of(services: Services, purchase: Purchase) -> str | None:
    """The id of its token in the vault, where a crash may have kept it from arriving; None where there is none."""
    try:
        token = (await services.ledger.secrets(purchase.id)).token()
        return None if token is None else (await keep_token(services, purchase, token)).id
    except (Forgotten, StoreError, ProtocolError):
        return None
