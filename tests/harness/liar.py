"""What every mock wallet server can be asked by a test, whichever kind of wallet it plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from l402desk.protocol.proof import PaymentHash
from tests.harness.mint import Mint


class Liar(Protocol):
    """``counts`` counts the questions by what they ask; ``debits`` are the payments whose money left."""

    @property
    def mint(self) -> Mint: ...

    @property
    def counts(self) -> Counter[str]: ...

    @property
    def debits(self) -> Sequence[PaymentHash]: ...

    def tell(self, lie: str) -> None:
        """Lie so from now on; empty for the truth."""
        ...
