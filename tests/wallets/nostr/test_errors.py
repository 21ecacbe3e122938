"""What foreign texts turn out to be is no error of a wallet: nobody reads it, the adapter says what it means."""

from __future__ import annotations

from l402desk.wallets.errors import WalletError
from l402desk.wallets.nostr.errors import BadEvent, Undecipherable


def test_they_are_no_wallet_errors_and_so_are_never_shown_by_mistake() -> None:
    assert not issubclass(BadEvent, WalletError)
    assert not issubclass(Undecipherable, WalletError)
