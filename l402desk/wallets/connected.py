"""The wallets that are connected now, each under its own name."""

from __future__ import annotations

from collections.abc import Iterator

from l402desk.wallets.errors import NameTaken
from l402desk.wallets.wallet import Wallet


class ConnectedWallets:
    """Wallets by name, in the order they were connected. Lives on the loop."""

    def __init__(self) -> None:
        self._by_name: dict[str, Wallet] = {}
        self._stored: set[str] = set()

    def connect(self, wallet: Wallet, *, is_stored: bool = False) -> None:
        """A stored one is of the wallet book. Raises NameTaken when another wallet of that name is connected."""
        if self._by_name.get(wallet.name, wallet) is not wallet:
            raise NameTaken(wallet.name)
        self._by_name[wallet.name] = wallet
        if is_stored:
            self._stored.add(wallet.name)

    def disconnect(self, name: str) -> None:
        """Forget a wallet; a name that is not there is fine. Its payments stay in the ledger."""
        self._by_name.pop(name, None)
        self._stored.discard(name)

    def disconnect_stored(self) -> None:
        """Forget every wallet of the book, secrets and all: the vault is being locked."""
        for name in tuple(self._stored):
            self.disconnect(name)

    def find(self, name: str) -> Wallet | None:
        return self._by_name.get(name)

    def payers(self) -> tuple[Wallet, ...]:
        """Those that can spend."""
        return tuple(wallet for wallet in self if wallet.capabilities.pays)

    def __iter__(self) -> Iterator[Wallet]:
        return iter(tuple(self._by_name.values()))

    def __len__(self) -> int:
        return len(self._by_name)
