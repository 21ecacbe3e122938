"""Waiting until something holds true, asked again whenever anything has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Changes:
    """One for a session: relays come and go, answers arrive, and whoever waits looks whether it is enough."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def note(self) -> None:
        """Something has changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, holds: Callable[[], bool], within_s: float | None) -> bool:
        """Wait until it holds; False when the time is up before. None: for as long as it takes."""
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    await self._next.wait()
        except TimeoutError:
            return False
        return True
