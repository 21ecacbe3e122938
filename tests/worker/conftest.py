"""A QThread shows up as a dummy thread that cannot be joined; the guard for Qt objects watches it instead."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_stray_threads() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [t for t in set(threading.enumerate()) - before if not t.name.startswith("Dummy-")]
    for thread in left:
        thread.join(2)
    assert not [t.name for t in left if t.is_alive()]
