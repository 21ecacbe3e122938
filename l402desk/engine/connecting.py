"""Adds, tries, renames and removes stored wallets, with all that hangs on a name: connection, arming, open payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Added:
    """A wallet that was stored, and how it answered; ``trouble`` where it did not."""

    wallet: StoredWallet
    examination: Examination | None
    trouble: WalletError | None


async def add(services: Services, name: str, text: str) -> Added:
    """Try a connection, seal it under a new name and connect it. One whose key cannot pay is stored as watch-only.

    A wallet that does not answer now is stored all the same. Raises BadConnection, NameRefused, NameTaken, StoreError.
    """
    name = checked_name(name)
    connection = read_connection(text)
    known = {stored.name.lower() for stored in await services.wallet_book.list()}
    if services.wallets.find(name) is not None or name.lower() in known:
        raise NameTaken(name)
    found: Examination | None = None
    trouble: WalletError | None = None
    try:
        found = await services.catalogue.open(name, connection).examine()
    except WalletError as error:
        trouble = error
    await services.ledger.arm(name, False)  # an earlier wallet of this name may have been trusted
    only_looks = found is not None and not found.may_pay
    stored = await services.wallet_book.add(name, text, watch_only=only_looks)
    services.wallets.connect(await services.wallet_book.open(name), is_stored=True)
    return Added(stored, found, trouble)


async def examine(services: Services, name: str) -> Examination:
    """Try a stored wallet; no money moves. Raises NoSuchWallet, WalletError and StoreError."""
    return await (await services.wallet_book.open(name)).examine()


async def remove(services: Services, name: str, *, despite_open: bool = False) -> None:
    """Forget a stored wallet and its secret; its payments stay in the ledger.

    Raises NoSuchWallet, StillOpen unless ``despite_open``, and StoreError.
    """
    await services.wallet_book.find(name)
    open_ = await _open_with(services, name)
    if open_ and not despite_open:
        raise StillOpen(name, open_)
    await services.ledger.arm(name, False)
    await services.wallet_book.remove(name)
    services.wallets.disconnect(name)


async def rename(services: Services, name: str, new: str) -> StoredWallet:
    """Give a stored wallet another name; one that may pay by itself still may. Its past payments keep the old one.

    Raises NoSuchWallet, NameRefused, NameTaken, StillOpen and StoreError.
    """
    open_ = await _open_with(services, name)
    if open_:  # they are looked up with the wallet of this name
        raise StillOpen(name, open_)
    new = checked_name(new)
    if services.wallets.find(new) is not None and new != name:
        raise NameTaken(new)
    was_armed = name in await services.ledger.armed()
    await services.ledger.arm(name, False)
    stored = await services.wallet_book.rename(name, new)
    await services.ledger.arm(stored.name, was_armed)
    services.wallets.disconnect(name)
    services.wallets.connect(await services.wallet_book.open(stored.name), is_stored=True)
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


async def _open_with(services: Services, name: str) -> tuple[Purchase, ...]:
    return tuple(purchase for purchase in await services.ledger.open_purchases() if purchase.rail == name)
