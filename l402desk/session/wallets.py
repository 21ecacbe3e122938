"""The wallets as a window shows them: which can pay, what each holds, how each is doing; asked anew after payments."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.protocol.amount import Msat
from l402desk.session.io import Io
from l402desk.session.wallet_view import News, Shelf, State, WalletView, ranked
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.engine.catching_up import CatchingUp
    from l402desk.engine.view import JourneyView
    from l402desk.protocol.network import Network
    from l402desk.services import Services
    from l402desk.session.io import Report

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WalletCard:
    """One wallet to pay with. ``balance`` is None where it does not tell it; ``trouble`` says why it is silent."""

    name: str
    balance: Msat | None
    trouble: str = ""


class WalletsSession(QObject):
    """Knows the wallets. `changed` follows each new list of those that can pay, `shelf_changed` all other news.

    `went_wrong` carries a sentence when they could not even be listed.
    """

    changed = Signal()
    shelf_changed = Signal()
    went_wrong = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._surveys = _Surveys()
        self._number = 0
        self.shelf = Shelf()
        self.cards: tuple[WalletCard, ...] = ()

    @property
    def is_asking(self) -> bool:
        """Is an answer of a wallet still to come?"""
        return any(wallet.asked_by for wallet in self.shelf.wallets)

    @Slot()
    def refresh(self) -> None:
        """Ask every wallet for its balance."""
        self._survey(_none)

    @Slot()
    def look(self) -> None:
        """Ask every wallet for all that it tells: what its credential may do, its budget, what to beware of."""
        self._survey(_all)

    def test(self, name: str) -> None:
        """Ask this wallet for all that it tells, and the others for their balance."""
        self._survey(functools.partial(str.__eq__, name))

    def cards_for(self, origin: str, network: Network | None) -> tuple[WalletCard, ...]:
        """The wallets that can pay an invoice of this host, the one to offer first in front."""
        return tuple(_card(wallet) for wallet in ranked(self.shelf.wallets, origin, network)) or self.cards

    def cards_to_pay(self, view: JourneyView) -> tuple[WalletCard, ...]:
        """The wallets for what this journey has to pay."""
        from l402desk.protocol.origin import Origin  # noqa: PLC0415 - not before the first frame

        best = view.chosen or (view.inspections[0] if view.inspections else None)
        network = best.invoice.network if best is not None and best.invoice is not None else None
        return self.cards_for(str(Origin.of(view.answer.url)) if view.answer is not None else "", network)

    def _survey(self, thorough: Callable[[str], bool]) -> None:
        self._number += 1
        job = functools.partial(self._surveys.run, number=self._number, thorough=thorough)
        call = self._io.submit_reporting(job)
        call.progress.connect(self._take)
        call.succeeded.connect(self._take)
        call.failed.connect(self._fail)

    @Slot(object)
    def _take(self, news: object) -> None:
        assert isinstance(news, News)
        self._show(self.shelf.told(news))

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._show(self.shelf.unasked())
        if isinstance(error, StoreError):
            self.went_wrong.emit(f"{error.sentence} {error.remedy}")
        else:
            log.error("the wallets could not be listed: %s", type(error).__name__)
            self.went_wrong.emit(
                "The app could not list its wallets. Start it again; if that does not help, report it."
            )

    def _show(self, shelf: Shelf) -> None:
        if shelf == self.shelf:
            return
        self.shelf = shelf
        cards = tuple(_card(wallet) for wallet in ranked(shelf.wallets, "", None))
        is_other, self.cards = cards != self.cards, cards
        self.shelf_changed.emit()
        if is_other:
            self.changed.emit()


class _Surveys:
    """Lives on the loop; keeps what the surveys of one window have to remember of each other."""

    def __init__(self) -> None:
        self._catching_up: CatchingUp | None = None

    async def run(self, services: Services, report: Report, *, number: int, thorough: Callable[[str], bool]) -> News:
        from l402desk.engine.catching_up import CatchingUp  # noqa: PLC0415 - on the loop only
        from l402desk.session.wallet_survey import survey  # noqa: PLC0415 - not before the first frame

        if self._catching_up is None:
            self._catching_up = CatchingUp()
        return await survey(services, report, number=number, catching_up=self._catching_up, thorough=thorough)


def _card(wallet: WalletView) -> WalletCard:
    silent = wallet.trouble.sentence if wallet.trouble is not None and wallet.state is State.SILENT else ""
    return WalletCard(wallet.name, wallet.balance, silent)


def _none(_name: str) -> bool:
    return False


def _all(_name: str) -> bool:
    return True
