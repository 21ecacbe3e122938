"""What every driver in Python does: an order a line in, its times a line out. Standard library only: it runs in the
environments of the clients.

An order is ``{"url", "reuses"}``: buy there with a client that knows nothing yet, then ask again with what it bought.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

Ask = Callable[[], int]
"""Sends one request with the client, paying if it has to; the status of the last answer."""


def drive(new_client: Callable[[str], Ask]) -> None:
    """Answer orders until there are no more."""
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(_carried_out(new_client, order["url"], order["reuses"])), flush=True)


def _carried_out(new_client: Callable[[str], Ask], url: str, reuses: int) -> dict[str, object]:
    statuses, times = [], []
    try:
        ask = new_client(url)
        for _ in range(1 + reuses):
            began = time.perf_counter()
            statuses.append(ask())
            times.append((time.perf_counter() - began) * 1_000)
    except Exception as error:  # noqa: BLE001 - whatever a client does with a server belongs into the table
        return {"statuses": statuses, "times_ms": times, "error": f"{type(error).__name__}: {error}"[:200]}
    return {"statuses": statuses, "times_ms": times}


def node() -> dict[str, str]:
    """The paying node's parts, from the environment."""
    told: dict[str, str] = json.loads(os.environ["L402DESK_BENCH_NODE"])
    return told
