"""Seconds that pass when a test says so."""

from __future__ import annotations


class StillClock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
