"""When "failed" can be believed of a node that tries again by itself: not before it must have stopped trying.

Between two attempts all that a node knows of a payment may be failed ones. Whoever is not told that the order ended has
to wait until it surely did; who never saw the order, as after a restart, waits as long from the first look on.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from l402desk.protocol.payment import Failed, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash

OLD_S = 900
"""An attempt that ended so long ago ended, whatever the clocks of node and computer differ by."""
STILL_TRYING = Unknown("What was tried so far failed, and the wallet may still be trying.")


class Quiet:
    """Remembers until when a wallet may still be trying. ``tries_s`` is how long it does at most, with all delays.

    ``clock`` counts seconds from anywhere and is never set back; ``now`` tells unix seconds.
    """

    def __init__(
        self,
        tries_s: float,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._tries_s = tries_s
        self._clock = clock
        self._now = now
        self._until: dict[PaymentHash, float] = {}

    def begins(self, payment_hash: PaymentHash) -> None:
        """The wallet is about to be asked to pay."""
        self._until[payment_hash] = self._clock() + self._tries_s

    def ends(self, payment_hash: PaymentHash) -> None:
        """The wallet answered: it tries no more."""
        self._until[payment_hash] = self._clock()

    def reigns(self, payment_hash: PaymentHash, last: float | None) -> bool:
        """Is "failed" the last word? ``last`` is when the latest attempt was seen to be over, in unix seconds."""
        until = self._until.get(payment_hash)
        if until is None:
            if last is not None and last < self._now() - OLD_S:
                return True
            until = self._until[payment_hash] = self._clock() + self._tries_s
        return self._clock() >= until


async def confirmed(
    look_up: Callable[[], Awaitable[PaymentResult | None]],
    pauses_s: Sequence[float],
    sleep: Callable[[float], Awaitable[None]],
) -> PaymentResult | None:
    """What a look-up finds. "Failed" is asked for again after each pause: some wallets write that down too soon."""
    found = await look_up()
    for pause_s in pauses_s:
        if not isinstance(found, Failed):
            break
        await sleep(pause_s)
        found = await look_up()
    return found
