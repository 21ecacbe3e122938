"""The stopwatch names what it measured, and nothing it did not."""

from __future__ import annotations

from itertools import count

import pytest

from l402desk.client.answer import Timings
from l402desk.client.timing import DNS_SECONDS, Stopwatch

pytestmark = pytest.mark.anyio


class Connection:
    """A dialled connection that looked its host up in 0.25 s."""

    def get_extra_info(self, info: str) -> float | None:
        return 0.25 if info == DNS_SECONDS else None


def seconds() -> Stopwatch:
    ticks = count()
    return Stopwatch(lambda: float(next(ticks)))


async def test_a_new_connection_is_timed_in_its_parts() -> None:
    watch = seconds()
    await watch.trace("connection.connect_tcp.started", {})
    await watch.trace("connection.connect_tcp.complete", {"return_value": Connection()})
    await watch.trace("connection.start_tls.started", {})
    await watch.trace("connection.start_tls.complete", {})
    await watch.trace("http11.send_request_headers.started", {})
    await watch.trace("http11.receive_response_headers.complete", {})
    watch.body_began()
    watch.body_ended()
    assert watch.timings() == Timings(250, 750, 1000, 1000, 1000, 9000)


async def test_a_kept_connection_and_an_unreached_part_have_no_time() -> None:
    watch = seconds()
    await watch.trace("http11.send_request_headers.started", {})
    assert watch.timings() == Timings(None, None, None, None, None, 2000)


async def test_the_next_hop_forgets_the_parts_but_not_the_total() -> None:
    watch = seconds()
    await watch.trace("connection.connect_tcp.started", {})
    await watch.trace("connection.connect_tcp.complete", {"return_value": Connection()})
    watch.next_hop()
    timings = watch.timings()
    assert timings.dns_ms is None
    assert timings.connect_ms is None
    assert timings.total_ms == 3000
