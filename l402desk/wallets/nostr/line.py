"""One relay of a session, kept connected: dialled again after pauses that grow, until the session ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from l402desk.wallets.errors import NotReached
from l402desk.wallets.nostr.changes import Changes
from l402desk.wallets.nostr.conversation import Conversation
from l402desk.wallets.nostr.relay import LOOK, Relay

PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
LONGEST_HURRY_S = 0.25
"""Nobody dials faster than this, however much somebody waits for the relay."""
PROVEN_S = 10.0
"""A connection that lived so long was a good one: after it, the pauses begin anew."""


class Line:
    """``conversation`` is the one that is open now, if any; ``failure`` why the last dialling failed, if it did."""

    def __init__(
        self,
        dial: Callable[[], Awaitable[Relay]],
        converse: Callable[[Relay], Conversation],
        changes: Changes,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self.conversation: Conversation | None = None
        self.failure: NotReached | None = None
        self._dial = dial
        self._converse = converse
        self._changes = changes
        self._pauses_s = pauses_s
        self._failed = 0
        self._hurry = asyncio.Event()

    @property
    def was_tried(self) -> bool:
        return self.open is not None or self.failure is not None

    @property
    def open(self) -> Conversation | None:
        """The conversation, if something can still be said in it."""
        return self.conversation if self.conversation is not None and self.conversation.is_open else None

    def hurry(self) -> None:
        """Somebody waits for this relay: dial now."""
        self._hurry.set()

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            await self._connect_once()
            self._changes.note()
            await self._pause()

    async def _connect_once(self) -> None:
        try:
            relay = await self._dial()
        except NotReached as error:
            self.failure = error
            self._failed += 1
            return
        self.failure, began = None, time.monotonic()
        try:
            self.conversation = self._converse(relay)
            self._changes.note()
            has_manners = await self.conversation.hold()
        finally:
            self.failure = NotReached(f"The relay {relay.place} hung up.", LOOK)
            self.conversation = None
            await relay.close()
        if not has_manners:
            self._failed = len(self._pauses_s)
        else:
            self._failed = 1 if time.monotonic() - began >= PROVEN_S else self._failed + 1

    async def _pause(self) -> None:
        pause_s = self._pauses_s[min(self._failed, len(self._pauses_s)) - 1]
        least_s = min(pause_s, LONGEST_HURRY_S)
        await asyncio.sleep(least_s)
        try:
            async with asyncio.timeout(pause_s - least_s):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()
