"""When the parts of a hop began and ended, heard from httpcore's trace and told as milliseconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.client.answer import Timings

DNS_SECONDS = "l402desk.dns_seconds"  # what a dialled connection answers about its look-up


class Stopwatch:
    """One send. `next_hop` forgets the parts of the hop before; the total runs on."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._begun = clock()
        self._marks: dict[str, float] = {}
        self._dns_s: float | None = None

    def next_hop(self) -> None:
        self._marks = {}
        self._dns_s = None

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The ``trace`` extension of httpcore: names such as "connection.connect_tcp.started"."""
        self._marks[event] = self._clock()
        if event == "connection.connect_tcp.complete":
            # The look-up is timed where it is made, and its result is what was dialled.
            self._dns_s = info["return_value"].get_extra_info(DNS_SECONDS)

    def body_began(self) -> None:
        self._marks["body.started"] = self._clock()

    def body_ended(self) -> None:
        self._marks["body.complete"] = self._clock()

    def timings(self) -> Timings:
        connect = self._span("connection.connect_tcp")
        return Timings(
            dns_ms=None if self._dns_s is None else self._dns_s * 1000,
            connect_ms=None if connect is None else connect - (self._dns_s or 0.0) * 1000,
            tls_ms=self._span("connection.start_tls"),
            first_byte_ms=self._between(
                "http11.send_request_headers.started", "http11.receive_response_headers.complete"
            ),
            body_ms=self._span("body"),
            total_ms=(self._clock() - self._begun) * 1000,
        )

    def _span(self, name: str) -> float | None:
        return self._between(f"{name}.started", f"{name}.complete")

    def _between(self, start: str, end: str) -> float | None:
        if start not in self._marks or end not in self._marks:
            return None
        return (self._marks[end] - self._marks[start]) * 1000
