"""What a wallet connection was found to be when it was tried: what its credential may do, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network


@dataclass(frozen=True, slots=True)
class WalletBudget:
    """The limit that the wallet itself keeps for this connection. ``renews_at`` is unix seconds.

    ``renews`` is how often: "daily", "weekly", "monthly", "yearly", or empty for never.
    """

    used: Msat | None
    total: Msat | None
    renews: str = ""
    renews_at: int | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """``may_pay`` is what the credential allows, whatever the connection is used for.

    ``calls_itself`` is foreign text, empty where the wallet has no name. ``warnings`` are whole sentences; ``powers``
    are what the credential may do, each beginning with a verb in lower case, the least first ("pay", "tell its
    balance"). ``network`` is the chain of its coins, None where it does not tell.
    """

    may_pay: bool
    balance: Msat | None
    calls_itself: str = ""
    warnings: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    network: Network | None = None
    budget: WalletBudget | None = None


class Examinable(Protocol):
    """A wallet that can be tried without moving money."""

    async def examine(self) -> Examination:
        """Ask what can be asked for free. Raises WalletError when it does not answer, or does not know the key."""
        ...
