"""What every mock wallet server can be asked by a test, and what those have in common that hold play money."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Container, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from l402desk.protocol.proof import PaymentHash
from tests.harness.mint import Mint
from tests.harness.paid import Debit, Paid
from tests.harness.serving import Answer, Drop, Hang, Question, answer, serving

PATIENCE = 2
"""Look-ups that a changing lie holds out for."""


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


class Payment(Protocol):
    """``left`` tells whether money did."""

    left: bool


P = TypeVar("P", bound=Payment)


class Purse(ABC, Generic[P]):
    """Play money, what was paid with it, and the lie about that. The file of debits is read at the start.

    It can pay every invoice of the mint. Amounts in msat.
    """

    lies: ClassVar[Container[str]]

    def __init__(self, mint: Mint, ledger: Path, *, lie: str, balance: int) -> None:
        self.mint = mint
        self.paid = Paid(ledger)
        self.balance = balance
        self.payments: dict[PaymentHash, P] = {}
        self.lie = ""
        self.tell(lie)
        for debit in self.paid.all():
            self.balance -= debit.msat + debit.fee
            self.payments[debit.payment_hash] = self._remembered(debit)

    def tell(self, lie: str) -> None:
        """Lie in this way from now on; the empty name is the truth, about what was paid before too."""
        if lie and lie not in self.lies:
            raise ValueError(f"no lie is called {lie}")
        self.lie = lie
        if not lie:
            for payment in self.payments.values():
                self._come_true(payment)

    @property
    def debits(self) -> list[PaymentHash]:
        """The hash of every payment whose money left, as the file tells."""
        return [debit.payment_hash for debit in self.paid.all()]

    @abstractmethod
    def _remembered(self, debit: Debit) -> P:
        """What was paid before the start."""

    @abstractmethod
    def _come_true(self, payment: P) -> None:
        """Let it stand as it does: paid or failed."""

    def _spend(self, payment_hash: PaymentHash, msat: int, fee: int) -> None:
        self.balance -= msat + fee
        self.paid.add(Debit(payment_hash, msat, fee))


class Server(Purse[P]):
    """A purse over HTTP. ``counts`` counts the questions, ``elsewhere`` those that followed a redirect."""

    def __init__(self, mint: Mint, ledger: Path, *, lie: str, balance: int) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.url = ""
        self.counts: Counter[str] = Counter()
        self.orders: list[dict[str, Any]] = []

    @asynccontextmanager
    async def serving(self, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Self]:
        """Serve on loopback while the context lasts; ``url`` has no slash at its end."""
        async with serving(self._answer, port, tls) as self.url:
            yield self

    @abstractmethod
    async def _answer(self, asked: Question) -> Answer: ...

    def _led_elsewhere(self, asked: Question) -> Answer | None:
        """What the lie that redirects says to all, and what stands where it leads to."""
        if asked.path.startswith("/elsewhere"):
            self.counts["elsewhere"] += 1
            return answer(200, {})
        if self.lie == "redirect":
            elsewhere = f"{self.url.replace('127.0.0.1', 'localhost')}/elsewhere"
            return Answer(307, headers=(("Location", elsewhere),))
        return None

    def _break_off_before_paying(self) -> None:
        if self.lie == "drop-before":
            raise Drop
        if self.lie == "hang-before":
            raise Hang
