"""Asks the wallets how they are, each with its own patience: none that is slow or silent keeps another waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from l402desk.protocol.text import visible
from l402desk.session.wallet_view import Heard, Listing, News, State, Trouble, WalletView
from l402desk.store.errors import VaultClosed
from l402desk.wallets.errors import WalletError

if TYPE_CHECKING:
    from l402desk.engine.catching_up import CatchingUp
    from l402desk.services import Services
    from l402desk.session.io import Report
    from l402desk.wallets.book import StoredWallet
    from l402desk.wallets.examining import Examination
    from l402desk.wallets.wallet import Wallet

BALANCE_S = 15.0
"""How long a wallet may take to tell its balance."""
EXAMINE_S = 25.0
"""How long it may take to tell what its credential may do."""


async def survey(
    services: Services, report: Report, *, number: int, catching_up: CatchingUp, thorough: Callable[[str], bool]
) -> News:
    """Report the `News` at once and again whenever a wallet has answered.

    ``thorough`` tells of a name whether that wallet is examined; the others are asked for their balance alone. Raises
    StoreError.
    """
    listing = await _listing(services, number, catching_up)
    connected = {wallet.name: wallet for wallet in services.wallets}
    asked = {
        view.name: connected[view.name]
        for view in listing.wallets
        if view.able is not None and (view.able.tells_balance or thorough(view.name))
    }
    marked = (replace(view, asked_by=number) if view.name in asked else view for view in listing.wallets)
    telling = _Telling(report, News(replace(listing, wallets=tuple(marked))))
    async with asyncio.TaskGroup() as group:
        for name, wallet in asked.items():
            group.create_task(telling.ask(wallet, thorough=thorough(name)))
    return telling.news


class _Telling:
    """Adds each answer to the news."""

    def __init__(self, report: Report, news: News) -> None:
        self._report = report
        self.news = news
        report(news)

    async def ask(self, wallet: Wallet, *, thorough: bool) -> None:
        heard = await _ask(wallet, self.news.listing.number, thorough=thorough)
        self.news = replace(self.news, heard=(*self.news.heard, heard))
        self._report(self.news)


async def _listing(services: Services, number: int, catching_up: CatchingUp) -> Listing:
    try:
        stored = await catching_up.run(services)
        armed, caps = await services.ledger.armed(), await services.ledger.caps()
    except VaultClosed:  # also where it is locked meanwhile
        return Listing(number, tuple(_view(wallet) for wallet in services.wallets))
    of_book = {wallet.name for wallet in stored}
    others = (_view(wallet) for wallet in services.wallets if wallet.name not in of_book)
    views = (*others, *(_stored_view(wallet, services.wallets.find(wallet.name)) for wallet in stored))
    return Listing(
        number,
        tuple(replace(view, is_armed=view.name in armed) for view in views),
        is_open=True,
        caps=caps,
    )


def _view(wallet: Wallet) -> WalletView:
    kind = "play" if wallet.capabilities.is_play else ""
    return WalletView(wallet.name, kind, able=wallet.capabilities, network=wallet.network)


def _stored_view(stored: StoredWallet, wallet: Wallet | None) -> WalletView:
    if wallet is None:
        state = State.DISCONNECTED if stored.is_intact else State.DAMAGED
        return WalletView(stored.name, stored.kind, state, stored)
    return replace(_view(wallet), kind=stored.kind, stored=stored)


async def _ask(wallet: Wallet, number: int, *, thorough: bool) -> Heard:
    heard = Heard(number, wallet.name)
    patience = EXAMINE_S if thorough else BALANCE_S
    try:
        async with asyncio.timeout(patience):
            return await _answer(wallet, heard, thorough=thorough)
    except TimeoutError:
        late = Trouble(f"It did not answer within {patience:g} seconds.", "It may still pay; look again later.")
        return replace(heard, trouble=late)
    except WalletError as error:
        return replace(heard, trouble=trouble_of(error))


async def _answer(wallet: Wallet, heard: Heard, *, thorough: bool) -> Heard:
    examine: Callable[[], Awaitable[Examination]] | None = getattr(wallet, "examine", None)
    if examine is None or not thorough:
        balance = await wallet.balance() if wallet.capabilities.tells_balance else None
        return replace(heard, balance=balance, network=wallet.network)
    found = await examine()
    return replace(heard, balance=found.balance, network=found.network or wallet.network, examination=found)


def trouble_of(error: WalletError) -> Trouble:
    """In words that can be shown: some of them are of the wallet's server."""
    return Trouble(visible(error.sentence, 600), visible(error.remedy, 400))
