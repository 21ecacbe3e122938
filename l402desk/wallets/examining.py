"""What a wallet connection was found to be when it was tried: what its credential may do, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from l402desk.protocol.amount import Msat


@dataclass(frozen=True, slots=True)
class Examination:
    """``may_pay`` is what the credential allows, whatever the connection is used for.

    ``calls_itself`` is foreign text, empty where the wallet has no name. ``warnings`` are whole sentences.
    """

    may_pay: bool
    balance: Msat | None
    calls_itself: str = ""
    warnings: tuple[str, ...] = ()


class Examinable(Protocol):
    """A wallet that can be tried without moving money."""

    async def examine(self) -> Examination:
        """Ask what can be asked for free. Raises WalletError when it does not answer, or does not know the key."""
        ...
