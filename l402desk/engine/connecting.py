"""Adds, tries, connects and removes stored wallets, with all that hangs on a name: trust, hosts, open payments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.book import checked_name
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NameRefused, NameTaken, WalletError

if TYPE_CHECKING:
    from l402desk.ledger.purchases import Purchase
    from l402desk.services import Services
    from l402desk.wallets.book import StoredWallet
    from l402desk.wallets.examining import Examination


class StillOpen(WalletError):  # noqa: N818 - named for what is
    """A wallet that alone can tell what became of a payment is not given up unnoticed."""

    def __init__(self, name: str, open_: tuple[Purchase, ...]) -> None:
        first, more = open_[0], len(open_) - 1
        others = f" and {more} more" if more else ""
        super().__init__(
            f"A payment of {first.amount.words()} to {first.origin.authority}{others} is open with “{name}”, and only "
            "this wallet can tell what became of it.",
            "Wait until it is settled, or prove it by hand.",
        )
        self.purchases = open_


class HostRefused(WalletError):  # noqa: N818 - named for what is
    """An address that names no host that could be paid."""

    def __init__(self) -> None:
        super().__init__("This is no address of a host.", "Write it as in https://api.example.com.")


@dataclass(frozen=True, slots=True)
class Added:
    """A wallet that was stored, and how it answered; ``trouble`` where it did not."""

    wallet: StoredWallet
    examination: Examination | None
    trouble: WalletError | None


@dataclass(frozen=True, slots=True)
class Removed:
    """What was forgotten, secret and all, so that it can be brought back as long as somebody holds this."""

    wallet: StoredWallet
    text: str = field(repr=False)
    was_armed: bool


_changing: WeakKeyDictionary[Services, asyncio.Lock] = WeakKeyDictionary()


def changing(services: Services) -> asyncio.Lock:
    """Held by whoever changes which stored wallets there are and which of them are connected: one after the other."""
    return _changing.setdefault(services, asyncio.Lock())


async def put_in_use(services: Services, name: str) -> None:
    """Connect a stored wallet. Raises NoSuchWallet, NameTaken, SealBroken, and VaultLocked when it was just locked."""
    book = services.wallet_book
    wallet = await book.open(name)
    if services.wallet_book is book:  # a vault that is locked by now keeps no credential in use
        services.wallets.connect(wallet, is_stored=True)


async def try_out(services: Services, text: str) -> Examination:
    """Try a connection that is not stored; no money moves. Raises BadConnection and WalletError."""
    return await services.catalogue.open("a wallet", read_connection(text)).examine()


async def add(
    services: Services, name: str, text: str, *, watch_only: bool = False, found: Examination | None = None
) -> Added:
    """Try a connection, seal it under a new name and connect it. One whose key cannot pay is stored as watch-only.

    ``found`` is what a trial of just now found, which is not repeated. A wallet that does not answer now is stored all
    the same. Raises BadConnection, NameRefused, NameTaken, StoreError.
    """
    name = checked_name(name)
    connection = read_connection(text)
    known = {stored.name.lower() for stored in await services.wallet_book.list()}
    if services.wallets.find(name) is not None or name.lower() in known:
        raise NameTaken(name)
    trouble: WalletError | None = None
    if found is None:
        try:
            found = await services.catalogue.open(name, connection).examine()
        except WalletError as error:
            trouble = error
    only_looks = found is not None and not found.may_pay
    async with changing(services):
        if services.wallets.find(name) is not None:
            raise NameTaken(name)
        await services.ledger.arm(name, False)  # an earlier wallet of this name may have been trusted
        stored = await services.wallet_book.add(name, text, watch_only=watch_only or only_looks)
        await put_in_use(services, name)
    return Added(stored, found, trouble)


async def examine(services: Services, name: str) -> Examination:
    """Try a stored wallet; no money moves. Raises NoSuchWallet, WalletError and StoreError."""
    return await (await services.wallet_book.open(name)).examine()


async def remove(services: Services, name: str, *, despite_open: bool = False) -> Removed | None:
    """Forget a stored wallet and its secret; its payments stay in the ledger. None for a damaged one.

    Raises NoSuchWallet, StillOpen unless ``despite_open``, and StoreError.
    """
    stored = await services.wallet_book.find(name)
    async with changing(services), _out_of_use(services, name):
        if not despite_open:
            await _refuse_open(services, name)
        text = await services.wallet_book.reveal(name) if stored.is_intact else ""
        was_armed = name in await services.ledger.armed()
        await services.ledger.arm(name, False)
        await services.wallet_book.remove(name)
    return Removed(stored, text, was_armed) if text else None


async def bring_back(services: Services, removed: Removed) -> StoredWallet:
    """Undo a removal: name, secret, trust and hosts. Raises NameTaken where the name was given away, and StoreError."""
    was = removed.wallet
    async with changing(services):
        if services.wallets.find(was.name) is not None:
            raise NameTaken(was.name)
        await services.wallet_book.add(was.name, removed.text, watch_only=was.watch_only, added_at=was.added_at)
        if was.is_default:
            await services.wallet_book.set_default(was.name)
        for origin in was.hosts:
            await services.wallet_book.prefer(origin, was.name)
        await services.ledger.arm(was.name, removed.was_armed)
        if was.is_connected:
            await put_in_use(services, was.name)
        return await services.wallet_book.set_connected(was.name, was.is_connected)


async def connect(services: Services, name: str) -> StoredWallet:
    """Ask a stored wallet again. Raises NoSuchWallet, NameTaken, SealBroken for a damaged one, and StoreError."""
    async with changing(services):
        if services.wallets.find(name) is None:
            await put_in_use(services, name)
        return await services.wallet_book.set_connected(name, True)


async def disconnect(services: Services, name: str) -> StoredWallet:
    """Keep a stored wallet and ask it nothing, not in the next run either.

    Raises NoSuchWallet, StillOpen while a payment of it is open, and StoreError.
    """
    await services.wallet_book.find(name)
    async with changing(services), _out_of_use(services, name):
        await _refuse_open(services, name)
        return await services.wallet_book.set_connected(name, False)


async def prefer(services: Services, address: str, name: str | None) -> Origin:
    """Let a wallet pay at a host where none is named; None: the general default again.

    ``address`` is that of the host, as people write it. Raises HostRefused, NoSuchWallet, NameRefused for one that only
    looks, and StoreError.
    """
    origin = origin_of(address)
    await services.wallet_book.prefer(str(origin), name)
    return origin


def origin_of(address: str) -> Origin:
    """The host of an address or URL; https unless it says otherwise, or is this computer. Raises HostRefused."""
    text = address.strip()
    try:
        if "://" in text:
            return Origin.of(text)
        origin = Origin.of(f"https://{text}")
        return Origin.of(f"http://{text}") if origin.is_loopback or origin.host.endswith(".onion") else origin
    except OriginError as error:
        raise HostRefused from error


async def rename(services: Services, name: str, new: str) -> StoredWallet:
    """Give a stored wallet another name; one that may pay by itself still may. Its past payments keep the old one.

    Raises NoSuchWallet, NameRefused, NameTaken, StillOpen and StoreError.
    """
    await services.wallet_book.find(name)
    new = checked_name(new)
    if services.wallets.find(new) is not None and new != name:
        raise NameTaken(new)
    async with changing(services):
        async with _out_of_use(services, name):
            await _refuse_open(services, name)  # they are looked up with the wallet of this name
            was_armed = name in await services.ledger.armed()
            await services.ledger.arm(name, False)
            stored = await services.wallet_book.rename(name, new)
            await services.ledger.arm(stored.name, was_armed)
        if stored.is_connected:
            await put_in_use(services, stored.name)
    return stored


async def arm(services: Services, name: str, is_armed: bool) -> StoredWallet:
    """Let a stored wallet pay by itself inside all three budgets, or never again.

    Raises NoSuchWallet, NameRefused for one that only looks, and StoreError.
    """
    stored = await services.wallet_book.find(name)
    if is_armed and (stored.watch_only or not stored.is_intact):
        raise NameRefused(f"“{name}” cannot pay, by itself or otherwise.", "Choose a wallet that pays.")
    await services.ledger.arm(name, is_armed)
    return stored


@asynccontextmanager
async def _out_of_use(services: Services, name: str) -> AsyncIterator[None]:
    """No payment begins with a stored wallet while this lasts, nor afterwards; where it fails, all is as before."""
    wallet = services.wallets.find(name)
    services.wallets.disconnect(name)
    try:
        yield
    except BaseException:
        if wallet is not None and services.is_unlocked:
            services.wallets.connect(wallet, is_stored=True)
        raise


async def _refuse_open(services: Services, name: str) -> None:
    """Raises StillOpen."""
    open_ = tuple(purchase for purchase in await services.ledger.open_purchases() if purchase.rail == name)
    if open_:
        raise StillOpen(name, open_)
