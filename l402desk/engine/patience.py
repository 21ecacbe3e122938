"""When to ask a wallet again about a payment nobody knows the end of: soon at first, then every minute, for ever."""

from __future__ import annotations

from collections.abc import Iterable

from l402desk.ledger.purchases import Purchase

LOOK_UP_AFTER_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
LOOK_UP_EVERY_S = 60.0


def pause_after(look_ups: int) -> float:
    """Seconds between the look-up with this number and the next one."""
    return LOOK_UP_AFTER_S[look_ups] if look_ups < len(LOOK_UP_AFTER_S) else LOOK_UP_EVERY_S


def due_in(purchase: Purchase, now: float) -> float:
    """Seconds until this purchase is to be looked up again; 0 is now. A clock that was set back makes it due."""
    if purchase.looked_up_at is None:
        return 0.0
    waited = now - purchase.looked_up_at
    pause = pause_after(purchase.look_ups)
    return pause - waited if 0 <= waited < pause else 0.0


def next_look_up(purchases: Iterable[Purchase], now: float) -> float | None:
    """Seconds until the first of them is due, at least one; None where there is none to wait for."""
    return min((max(due_in(purchase, now), 1.0) for purchase in purchases), default=None)
