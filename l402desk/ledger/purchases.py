"""A purchase from intent to delivery: its values, and every step it may take, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.challenge import Challenge
from l402desk.protocol.commands import Delivery
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.origin import Origin, path_of
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.token import Token

__all__ = [
    "DELIVERIES",
    "OPEN",
    "PHONE",
    "STEPS",
    "Delivery",
    "Intent",
    "Purchase",
    "PurchaseSecrets",
    "PurchaseState",
]

MISSED_ENOUGH, MISSED_FOR_S, GRACE_S = 3, 60, 120
PHONE = "phone"
"""The rail of what was paid by hand: a QR, a link, a wallet that the app never spoke to."""


class PurchaseState(StrEnum):
    """How far a payment got, as far as anyone can prove."""

    OFFERED = "offered"
    """Written down before a QR is drawn: no wallet has the invoice, a phone may have scanned it."""
    INTENT = "intent"
    """A wallet was chosen and the budget reserved; its first byte has not been sent."""
    SUBMITTED = "submitted"
    """From the moment before the wallet hears of it: the money may be on its way."""
    SETTLED = "settled"
    FAILED = "failed"
    UNKNOWN = "unknown"
    PAID_WITHOUT_PROOF = "paid-without-proof"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    PurchaseState.OFFERED: "not paid yet",
    PurchaseState.INTENT: "about to be paid",
    PurchaseState.SUBMITTED: "on its way",
    PurchaseState.SETTLED: "paid",
    PurchaseState.FAILED: "not paid, no money left",
    PurchaseState.UNKNOWN: "nobody knows yet whether it was paid",
    PurchaseState.PAID_WITHOUT_PROOF: "paid, but without a proof",
}

OPEN = frozenset(
    {PurchaseState.INTENT, PurchaseState.SUBMITTED, PurchaseState.UNKNOWN, PurchaseState.PAID_WITHOUT_PROOF}
)
"""Money may leave, or may have left unproven: nothing else is paid for the same thing meanwhile (law 3)."""

_ENDS = frozenset(
    {PurchaseState.SETTLED, PurchaseState.FAILED, PurchaseState.UNKNOWN, PurchaseState.PAID_WITHOUT_PROOF}
)
# "Failed" is what a wallet believes: a payment that settles after all is still a payment, if it is proven.
# Nothing leaves "settled"; only a proof leads out of "paid without proof", and only a payment out of "failed".
STEPS: Mapping[PurchaseState, frozenset[PurchaseState]] = MappingProxyType(
    {
        PurchaseState.OFFERED: frozenset({PurchaseState.INTENT, *_ENDS}),
        PurchaseState.INTENT: frozenset({PurchaseState.SUBMITTED, *_ENDS}),
        PurchaseState.SUBMITTED: _ENDS,
        PurchaseState.UNKNOWN: _ENDS,
        PurchaseState.PAID_WITHOUT_PROOF: frozenset({PurchaseState.SETTLED, PurchaseState.PAID_WITHOUT_PROOF}),
        PurchaseState.FAILED: frozenset({PurchaseState.SETTLED, PurchaseState.PAID_WITHOUT_PROOF}),
        PurchaseState.SETTLED: frozenset(),
    }
)
# What was delivered stays delivered; a token that was refused can be tried again for free (law 7).
DELIVERIES: Mapping[Delivery, frozenset[Delivery]] = MappingProxyType(
    {
        Delivery.UNDELIVERED: frozenset(Delivery),
        Delivery.REFUSED: frozenset(Delivery),
        Delivery.DELIVERED: frozenset({Delivery.DELIVERED}),
    }
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be paid, exactly as it was shown. Raises ValueError when its parts do not belong
    together.

    Amount and hash come from the signed invoice alone (law 1); ``typed`` is the amount for an invoice that
    names none. ``wallet`` is the one that is meant to pay, or ``PHONE``. ``request`` is opaque here: whatever
    lets the caller send the same request again after a crash, and so is ``exchange``, the answer that asked for the
    money; they are sealed, as are URL and credential.
    """

    method: str
    url: str = field(repr=False)
    challenge: Challenge = field(repr=False)
    invoice: Invoice = field(repr=False)
    fee_limit: Msat
    wallet: str = ""
    typed: Msat | None = None
    title: str = ""
    request: bytes = field(default=b"", repr=False)
    exchange: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        if self.invoice.text not in self.challenge.invoice.lower():
            raise ValueError("this invoice is not the one of the challenge")
        if self.typed is not None and self.invoice.amount not in (None, self.typed):
            raise ValueError("the amount of an invoice that names one is not typed")
        if not (self.invoice.amount or self.typed):
            raise ValueError("there is no amount to pay")

    @property
    def amount(self) -> Msat:
        amount = self.invoice.amount or self.typed
        assert amount is not None
        return amount

    @property
    def payment_hash(self) -> PaymentHash:
        return self.invoice.payment_hash

    @property
    def origin(self) -> Origin:
        return Origin.of(self.url)

    @property
    def path(self) -> str:
        return path_of(self.url)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of the ledger, without secrets. Times are unix seconds; ``fee`` is None where nobody told it.

    ``wallet`` was meant to pay, ``rail`` is the one that was given the hash (None: none yet). ``delivery`` is
    None until the purchase is settled. ``reason`` is what the wallet said last. ``owner`` is the process that began to
    pay. ``missed`` look-ups in a row, the first at ``missed_since``, found no such payment.
    """

    id: str
    method: str
    origin: Origin
    path: str
    title: str
    scheme: str
    payment_hash: PaymentHash
    invoice: str = field(repr=False)
    amount: Msat
    fee_limit: Msat
    fee: Msat | None
    wallet: str
    rail: str | None
    state: PurchaseState
    delivery: Delivery | None
    last_status: int | None
    reason: str
    created_at: int
    claimed_at: int | None
    settled_at: int | None
    updated_at: int
    expires_at: int
    owner: str = ""
    automatic: bool = False
    reserved_at: int | None = None
    look_ups: int = 0
    looked_up_at: int | None = None
    missed: int = 0
    missed_since: int | None = None
    rate: Rate | None = None
    has_exchange: bool = False

    @property
    def counted(self) -> Msat:
        """What this purchase counts against the budgets: the worst case until the truth is known (law 6)."""
        if self.state is PurchaseState.SETTLED:
            unknown_fee = ZERO if self.rail == PHONE else self.fee_limit
            return self.amount + (unknown_fee if self.fee is None else self.fee)
        return self.amount + self.fee_limit if self.is_open else ZERO

    @property
    def known_words(self) -> str:
        """What is known of it, for people: how it stands, and how often the wallet was asked in vain."""
        asked = f"; the wallet was asked {self.look_ups} time{'' if self.look_ups == 1 else 's'}"
        return f"{self.state.words}{asked if self.look_ups else ''}"

    def is_lost(self, now: int) -> bool:
        """May "not found" end it? Only when looked for long enough, and too late for anybody to begin paying it.

        Three look-ups in a row over at least a minute, and the invoice expired two minutes ago
        (facts of the wallets: payment safety, rule 5).
        """
        if self.missed_since is None or self.state not in (PurchaseState.SUBMITTED, PurchaseState.UNKNOWN):
            return False
        looked_long_enough = self.missed >= MISSED_ENOUGH and now - self.missed_since >= MISSED_FOR_S
        return looked_long_enough and self.has_run_out(now)

    def has_run_out(self, now: int) -> bool:
        """Is its invoice too old for any wallet to begin a payment of it? One in flight may still arrive."""
        return now >= self.expires_at + GRACE_S

    def may_be_given_up(self, now: int) -> bool:
        """May the user end the waiting? Not while a wallet could still begin to pay."""
        return self.state in (PurchaseState.SUBMITTED, PurchaseState.UNKNOWN) and self.has_run_out(now)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def can_become(self, state: PurchaseState) -> bool:
        return state in STEPS[self.state]


@dataclass(frozen=True, slots=True)
class PurchaseSecrets:
    """The sealed part of a purchase. Nothing of it shows in a repr."""

    url: str = field(repr=False)
    scheme: str
    credential: str = field(repr=False)
    request: bytes = field(repr=False)
    preimage: Preimage | None = field(repr=False)

    def token(self) -> Token | None:
        """What was bought, once it is proven. Raises TokenError for a credential that no header can carry."""
        return None if self.preimage is None else Token(self.scheme, self.credential, self.preimage)
