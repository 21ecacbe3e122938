"""The connected wallets as a window shows them: names and balances, refreshed after each payment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.protocol.amount import Msat
from l402desk.session.io import Io
from l402desk.wallets.errors import WalletError

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.wallets.wallet import Wallet

PATIENCE_S = 15.0
"""How long a wallet may take to tell its balance."""


@dataclass(frozen=True, slots=True)
class WalletCard:
    """One connected wallet. ``balance`` is None where the wallet does not tell it."""

    name: str
    balance: Msat | None


class WalletsSession(QObject):
    """Knows which wallets can pay. `changed` follows each new list."""

    changed = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.cards: tuple[WalletCard, ...] = ()

    @Slot()
    def refresh(self) -> None:
        """Ask every wallet for its balance."""
        call = self._io.submit(_cards)
        call.succeeded.connect(self._show)

    @Slot(object)
    def _show(self, cards: object) -> None:
        assert isinstance(cards, tuple)
        if cards != self.cards:
            self.cards = cards
            self.changed.emit()


async def _cards(services: Services) -> tuple[WalletCard, ...]:
    """Ask all at once: a wallet that is slow or silent keeps no other waiting longer than itself."""
    import asyncio  # noqa: PLC0415 - on the loop only: the window's first frame need not wait for it

    wallets = services.wallets.payers()
    balances = await asyncio.gather(*(_balance(wallet) for wallet in wallets))
    return tuple(WalletCard(wallet.name, balance) for wallet, balance in zip(wallets, balances, strict=True))


async def _balance(wallet: Wallet) -> Msat | None:
    """None where it does not tell, does not answer in time, or cannot be asked: it may still pay."""
    import asyncio  # noqa: PLC0415 - on the loop only

    if not wallet.capabilities.tells_balance:
        return None
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await wallet.balance()
    except (WalletError, TimeoutError):
        return None
