"""Brings the connected wallets in line with the book, which another process may have changed: the terminal, say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from l402desk.engine.connecting import changing, put_in_use

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.wallets.book import StoredWallet


class CatchingUp:
    """Knows which entry of the book each connected wallet was opened from: a name alone may by now be another purse."""

    def __init__(self) -> None:
        self._opened: dict[str, int] = {}

    async def run(self, services: Services) -> tuple[StoredWallet, ...]:
        """Connect what is new, let go of what is gone, disconnected or was replaced; the stored wallets of now.

        A wallet with an open payment stays: it alone can tell what became of that. Raises StoreError.
        """
        async with changing(services):
            return await self._catch_up(services)

    async def _catch_up(self, services: Services) -> tuple[StoredWallet, ...]:
        stored = await services.wallet_book.list()
        wanted = {wallet.name: wallet for wallet in stored if wallet.is_intact and wallet.is_connected}
        busy = {purchase.rail for purchase in await services.ledger.open_purchases()}
        for name, added_at in tuple(self._opened.items()):
            if name not in busy and (name not in wanted or wanted[name].added_at != added_at):
                services.wallets.disconnect(name)
                del self._opened[name]
        for name, wallet in wanted.items():
            if services.wallets.find(name) is None:
                await put_in_use(services, name)
            self._opened.setdefault(name, wallet.added_at)
        return stored
