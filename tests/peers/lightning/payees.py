"""Nodes as payees of the stall that wallets buy from: one who takes what comes, and one who holds it back."""

from __future__ import annotations

import asyncio

from tests.peers.lightning.node import Held, Node


class Taking:
    """A payee who has the money at once."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        return await asyncio.to_thread(self._node.invoice, msat, expiry_s)


class Holding:
    """A payee who holds every payment back."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._held: list[Held] = []

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        self._held.append(await asyncio.to_thread(self._node.hold_invoice, msat, expiry_s=expiry_s))
        return self._held[-1].invoice

    async def is_any_held(self) -> bool:
        return any([await asyncio.to_thread(getattr, held, "state") == "ACCEPTED" for held in self._held])

    async def settle_all(self) -> None:
        for held in self._held:
            await asyncio.to_thread(held.settle)

    async def cancel_all(self) -> None:
        for held in self._held:
            await asyncio.to_thread(held.cancel)
