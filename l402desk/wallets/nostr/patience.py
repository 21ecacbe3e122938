"""How much of what nobody asked for is borne from one relay before it is sent away."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST = 1_024.0
AGAIN_A_SECOND = 8.0
BYTES_A_POINT = 4_096


class Patience:
    """Useless messages cost it, long ones more, and it comes back with time: an honest relay sends few of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left = MOST
        self._at = clock()

    def bears(self, length: int) -> bool:
        """One more useless message of so many characters: is there patience left for it?"""
        now = self._clock()
        self._left = min(MOST, self._left + (now - self._at) * AGAIN_A_SECOND) - 1 - length / BYTES_A_POINT
        self._at = now
        return self._left > 0
