"""Builds what the Lightning peers need, before any test asks for it."""

from __future__ import annotations

from tests.peers.lightning import paywall, topology


def prepare() -> None:
    """Raises NotHere."""
    topology.tools()
    paywall.tools()
