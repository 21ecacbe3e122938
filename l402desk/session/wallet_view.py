"""One wallet as a window shows it: what is stored of it, what it was last heard to say, and how it is doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from l402desk.ledger.budgets import Caps
    from l402desk.protocol.amount import Msat
    from l402desk.protocol.network import Network
    from l402desk.wallets.book import StoredWallet
    from l402desk.wallets.examining import Examination
    from l402desk.wallets.wallet import Capabilities


class State(StrEnum):
    """How a wallet is doing. A connected one was not asked yet."""

    CONNECTED = "connected"
    ANSWERS = "answers"
    SILENT = "silent"
    DISCONNECTED = "disconnected"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a wallet does not answer, and what to do."""

    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class WalletView:
    """``stored`` and ``kind`` are of the book: None and empty for the sandbox's own play money.

    ``able`` is None for one that is not connected. ``asked_by`` is the number of the survey that waits for its answer,
    0 where none does. What it said last stays until it says something else.
    """

    name: str
    kind: str = ""
    state: State = State.CONNECTED
    stored: StoredWallet | None = None
    able: Capabilities | None = None
    network: Network | None = None
    balance: Msat | None = None
    examination: Examination | None = None
    trouble: Trouble | None = None
    is_armed: bool = False
    asked_by: int = 0

    @property
    def pays(self) -> bool:
        return self.able is not None and self.able.pays

    @property
    def is_play(self) -> bool:
        return self.able is not None and self.able.is_play

    @property
    def is_default(self) -> bool:
        return self.stored is not None and self.stored.is_default

    @property
    def hosts(self) -> tuple[str, ...]:
        """The origins it pays at where none is named."""
        return self.stored.hosts if self.stored is not None else ()


@dataclass(frozen=True, slots=True)
class Listing:
    """All wallets at the beginning of a survey, those that are asked marked. ``is_open``: the vault is."""

    number: int
    wallets: tuple[WalletView, ...]
    is_open: bool = False
    caps: Caps | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one wallet said to a survey. ``examination`` is None where only the balance was asked for."""

    number: int
    name: str
    balance: Msat | None = None
    network: Network | None = None
    examination: Examination | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class News:
    """A survey so far: what stands in a later one stood in the earlier ones, so that any of them may be left out."""

    listing: Listing
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All wallets that are known, connected or not, in the order they were added; of survey ``number``."""

    wallets: tuple[WalletView, ...] = ()
    is_open: bool = False
    caps: Caps | None = None
    number: int = 0

    def find(self, name: str) -> WalletView | None:
        return next((wallet for wallet in self.wallets if wallet.name == name), None)

    def told(self, news: News) -> Shelf:
        """With what a survey found so far; what a later one asks for again is left to that."""
        shelf = self if news.listing.number <= self.number else self._listed(news.listing)
        for heard in news.heard:
            shelf = replace(shelf, wallets=tuple(_answered(wallet, heard) for wallet in shelf.wallets))
        return shelf

    def _listed(self, listing: Listing) -> Shelf:
        """The wallets of now, each with what it said before."""
        wallets = (_remembered(wallet, self.find(wallet.name)) for wallet in listing.wallets)
        return Shelf(tuple(wallets), listing.is_open, listing.caps, listing.number)

    def unasked(self) -> Shelf:
        """No survey goes on."""
        return replace(self, wallets=tuple(replace(wallet, asked_by=0) for wallet in self.wallets))


def _remembered(now: WalletView, before: WalletView | None) -> WalletView:
    if before is None or _entry(now) != _entry(before) or now.state is not State.CONNECTED:
        return now
    return replace(
        now,
        state=before.state if before.state in (State.ANSWERS, State.SILENT) else now.state,
        network=now.network or before.network,
        balance=before.balance,
        examination=before.examination,
        trouble=before.trouble,
        asked_by=now.asked_by or before.asked_by,
    )


def _entry(wallet: WalletView) -> object:
    """Another purse under the same name was added at another time, or may do something else."""
    stored = wallet.stored
    return wallet.able, None if stored is None else (stored.added_at, stored.place)


def _answered(wallet: WalletView, heard: Heard) -> WalletView:
    if wallet.name != heard.name or wallet.asked_by != heard.number:
        return wallet
    if heard.trouble is not None:
        return replace(wallet, state=State.SILENT, trouble=heard.trouble, balance=None, asked_by=0)
    return replace(
        wallet,
        state=State.ANSWERS,
        trouble=None,
        balance=heard.balance,
        network=heard.network or wallet.network,
        examination=heard.examination or wallet.examination,
        asked_by=0,
    )


def ranked(wallets: Sequence[WalletView], origin: str, network: Network | None) -> tuple[WalletView, ...]:
    """Those that can pay, the one to offer first in front: the host's default, the general one, then the others.

    One that is known to be on another chain than the invoice comes last; where the invoice is for no real money, one
    that is known to be on its chain comes before a default that may be on any.
    """

    def rank(wallet: WalletView) -> tuple[bool, bool, bool, bool]:
        strange = None not in (network, wallet.network) and wallet.network is not network
        known = network is not None and str(network) != "mainnet" and wallet.network is network
        return strange, origin not in wallet.hosts, not known, not wallet.is_default

    return tuple(sorted((wallet for wallet in wallets if wallet.pays), key=rank))
