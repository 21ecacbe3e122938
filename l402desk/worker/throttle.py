"""Progress on its way home, thinned: at most twenty values a second, and always the last one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

INTERVAL_S = 0.05  # 20/s: smooth to the eye; one queued signal a chunk would only make the GUI thread busy


class Throttle:
    """Lets the first value through at once, then the newest one per interval. Lives on the loop."""

    def __init__(self, send: Callable[[object], object], interval_s: float = INTERVAL_S) -> None:
        import asyncio  # noqa: PLC0415 - only on the loop: the window's first frame need not wait for it

        self._send = send
        self._interval_s = interval_s
        self._loop = asyncio.get_running_loop()
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._newest: tuple[object] | None = None
        self._closed = False

    def report(self, value: object) -> None:
        """Send ``value``, now or within an interval unless a newer one comes first; nothing after a flush."""
        if self._closed:
            return
        self._newest = (value,)
        if self._timer is None:
            wait = max(0.0, self._due - self._loop.time())
            if wait:
                self._timer = self._loop.call_later(wait, self._send_newest)
            else:
                self._send_newest()

    def flush(self) -> None:
        """Send what still waits, and accept no more: a job that has ended makes no progress."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._send_newest()

    def _send_newest(self) -> None:
        self._timer = None
        if self._newest is not None:
            (value,), self._newest = self._newest, None
            self._due = self._loop.time() + self._interval_s
            self._send(value)
