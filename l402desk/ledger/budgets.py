"""Budgets: what may be spent, what has been counted, and the sentences that say what a payment leaves of them.

Law 6: what counts is amount and fee limit from the moment a wallet is chosen, and what it really cost once that is
known. A day is the last twenty-four hours, so no time zone and no summer time has a say in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from l402desk.protocol.amount import ZERO, Msat

DAY_S = 24 * 3600


class Budget(StrEnum):
    """What a cap is on."""

    PAYMENT = "payment"
    HOST_DAY = "host-day"
    DAY = "day"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Budget.PAYMENT: "per payment",
    Budget.HOST_DAY: "for this host in 24 hours",
    Budget.DAY: "over all in 24 hours",
}


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be spent; None sets no cap. Without all three nothing is ever paid by itself."""

    payment: Msat | None = None
    host_day: Msat | None = None
    day: Msat | None = None

    @property
    def is_complete(self) -> bool:
        return None not in (self.payment, self.host_day, self.day)

    def of(self, budget: Budget) -> Msat | None:
        match budget:
            case Budget.PAYMENT:
                return self.payment
            case Budget.HOST_DAY:
                return self.host_day
            case Budget.DAY:
                return self.day


@dataclass(frozen=True, slots=True)
class Excess:
    """A cap that a payment would break. ``spent`` is what counted before it, ``costs`` amount and fee limit."""

    budget: Budget
    cap: Msat
    spent: Msat
    amount: Msat
    fee_limit: Msat

    @property
    def sentence(self) -> str:
        routing = f" and up to {self.fee_limit.words()} for routing" if self.fee_limit else ""
        before = f", and {self.spent.words()} of it are spent or on their way" if self.spent else ""
        return f"You set {self.cap.words()} {self.budget.words}{before}; this costs {self.amount.words()}{routing}."


@dataclass(frozen=True, slots=True)
class Allowance:
    """The caps, and what has been counted against them in the last twenty-four hours, for one host and over all."""

    caps: Caps = Caps()
    spent_host: Msat = ZERO
    spent_day: Msat = ZERO

    def spent(self, budget: Budget) -> Msat:
        return {Budget.PAYMENT: ZERO, Budget.HOST_DAY: self.spent_host, Budget.DAY: self.spent_day}[budget]

    def over(self, amount: Msat, fee_limit: Msat) -> Excess | None:
        """The first cap that paying this would break."""
        for budget in Budget:
            cap = self.caps.of(budget)
            spent = self.spent(budget)
            if cap is not None and spent.value + amount.value + fee_limit.value > cap.value:
                return Excess(budget, cap, spent, amount, fee_limit)
        return None

    def sentence(self, amount: Msat, fee_limit: Msat) -> str:
        """What is left of each budget after this payment, or which one it breaks; empty without budgets."""
        excess = self.over(amount, fee_limit)
        if excess is not None:
            return excess.sentence
        left = [
            f"{Msat(cap.value - self.spent(budget).value - amount.value - fee_limit.value).words()} {budget.words}"
            for budget in (Budget.HOST_DAY, Budget.DAY)
            if (cap := self.caps.of(budget)) is not None
        ]
        if left:
            return f"Leaves {' and '.join(left)}."
        return "Within your budget per payment." if self.caps.payment is not None else ""
