# ruff: noqa: N818 - these are named for what happened, and ``Refused`` says what they are
"""What the ledger refuses, to keep money from moving twice; the environment's errors are StoreError."""

from __future__ import annotations

from l402desk.ledger.budgets import Excess
from l402desk.ledger.purchases import Purchase, PurchaseState


class NoSuchPurchase(LookupError):
    """The ledger holds no purchase with this id."""


class Refused(Exception):
    """The ledger did not do it, and nothing changed. ``str()`` is for people; ``purchase`` is the one in the
    way.
    """

    def __init__(self, sentence: str, purchase: Purchase) -> None:
        super().__init__(sentence)
        self.purchase = purchase


class HashSpent(Refused):
    """This invoice was in use before: it is never given out a second time (law 3)."""

    def __init__(self, purchase: Purchase) -> None:
        super().__init__(
            f"This invoice was already used for {purchase.amount.words()} to {purchase.origin.authority}"
            f" ({purchase.state.words}). Send the request again for a fresh one.",
            purchase,
        )


class OpenPurchase(Refused):
    """An earlier purchase of the same thing is unresolved: paying now could pay twice (law 3)."""

    def __init__(self, purchase: Purchase) -> None:
        super().__init__(
            f"An earlier payment of {purchase.amount.words()} to {purchase.origin.authority} for the same thing is"
            f" still open ({purchase.state.words}). Wait for it, or pay again knowing that both may go through.",
            purchase,
        )


class BoughtMeanwhile(Refused):
    """The same thing was bought after this challenge had been asked for: its token is there, paying would be twice."""

    def __init__(self, purchase: Purchase) -> None:
        super().__init__(
            f"The same was bought for {purchase.amount.words()} from {purchase.origin.authority} after this invoice"
            " came, from another tab or command.",
            purchase,
        )


class AlreadyClaimed(Refused):
    """The payment hash belongs to one rail already, or needs none any more."""

    def __init__(self, purchase: Purchase) -> None:
        owner = f"was already given to {purchase.rail}" if purchase.rail else f"is {purchase.state.words}"
        super().__init__(f"This invoice {owner}; no other wallet may pay it.", purchase)


class OverBudget(Refused):
    """Paying this would break a cap that the user set (law 6). ``excess`` says which one, and by what."""

    def __init__(self, purchase: Purchase, excess: Excess) -> None:
        super().__init__(excess.sentence, purchase)
        self.excess = excess


class NotAutomatic(Refused):
    """The app may not pay this by itself: the user has not set all three caps, or has not armed this wallet."""

    def __init__(self, purchase: Purchase, why: str) -> None:
        super().__init__(why, purchase)


class StepRefused(Refused):
    """A purchase never takes this step: what is settled stays settled, what has failed is paid only with
    proof.
    """

    def __init__(self, purchase: Purchase, wanted: PurchaseState) -> None:
        super().__init__(f"This purchase is {purchase.state.words} and does not become {wanted.words}.", purchase)


class NotSettled(Refused):
    """Only what was paid and proven can be delivered."""

    def __init__(self, purchase: Purchase) -> None:
        super().__init__(f"This purchase is {purchase.state.words}; there is nothing to deliver yet.", purchase)
