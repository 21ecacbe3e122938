"""The connected wallets as a window shows them: names and balances, refreshed after each payment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.protocol.amount import Msat
from l402desk.session.io import Io

if TYPE_CHECKING:
    from l402desk.services import Services


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
    return tuple(
        [WalletCard(wallet.name, await wallet.balance()) for wallet in services.wallets if wallet.capabilities.pays]
    )
