# ruff: noqa: N818 - these are named for what happened, and ``WalletError`` says what they are
"""What can go wrong with a wallet apart from a payment; what becomes of a payment is a ``PaymentResult``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from l402desk.wallets.pinning import SeenCertificate


class WalletError(Exception):
    """A wallet cannot be asked. ``sentence`` says what happened and why, ``remedy`` what to do; no secrets."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


class NameTaken(WalletError):
    """Two wallets cannot share a name: it is written into the ledger as the rail of a payment."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a wallet called {name}.", "Give this one another name.")


class BadConnection(WalletError):
    """A text is no wallet connection that this app understands. The sentence never repeats what was typed."""


class NameRefused(WalletError):
    """A wallet cannot be called so."""


class NoSuchWallet(WalletError):
    """No stored wallet has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no stored wallet “{name}”.", "See “l402desk wallets list” for those there are.")


class NotReached(WalletError):
    """The wallet's server was not reached: it is certain that it was asked nothing."""


class NoAnswer(WalletError):
    """The wallet's server was asked and gave no answer that can be read: what it did is not known."""


class Distrust(StrEnum):
    """Why a server was not believed to be who it says."""

    PIN_MISMATCH = "pin-mismatch"
    EXPIRED = "expired"
    UNKNOWN_AUTHORITY = "unknown-authority"
    WRONG_HOST = "wrong-host"
    OTHER = "other"


class NotTrusted(NotReached):
    """The wallet's server could not prove who it is, so nothing was sent. ``seen`` is the certificate it shows."""

    def __init__(self, sentence: str, remedy: str, reason: Distrust, seen: SeenCertificate | None) -> None:
        super().__init__(sentence, remedy)
        self.reason = reason
        self.seen = seen
