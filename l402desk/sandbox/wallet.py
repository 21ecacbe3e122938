"""The play-money wallet: pays the sandbox's own invoices and nothing else, and can be told to misbehave."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.sandbox.minting import REGTEST, Clock, Mint, Minted
from l402desk.sandbox.quirks import QUIRKS, WALLET_PREFIX

START = Msat.of_sats(100_000)
PENDING_LOOK_UPS = 3
PENDING_S = 2.0
_FOREIGN = "This invoice is not the sandbox's: this wallet only pays the sandbox's own invoices"


@dataclass(slots=True)
class _Payment:
    """A payment that was begun. ``result`` is None while it is in flight."""

    invoice: Minted
    result: PaymentResult | None
    begun_at: float
    patience: bool = True
    look_ups: int = field(default=0)


class PlayWallet:
    """100,000 sats of play money, for as long as the sandbox runs. It charges no routing fees.

    One payment hash is debited once, whatever happens; asking again gives the first answer again.
    """

    name = "Play wallet"
    network = Network.REGTEST

    def __init__(self, mint: Mint, clock: Clock, quirk: str | None = None) -> None:
        self._mint = mint
        self._clock = clock
        self._balance = START
        self._payments: dict[PaymentHash, _Payment] = {}
        self._quirk: str | None = None
        self.quirk = quirk

    @property
    def quirk(self) -> str | None:
        """How it misbehaves from now on: a wallet quirk's name without ``wallet-``; None if it behaves."""
        return self._quirk

    @quirk.setter
    def quirk(self, name: str | None) -> None:
        if name is not None and WALLET_PREFIX + name not in QUIRKS:
            raise ValueError(f"The play wallet has no quirk “{name}”")
        self._quirk = name

    async def balance(self) -> Msat:
        """What is left; money in flight has left."""
        return self._balance

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """Pay one of the sandbox's own invoices. No await before the debit: two calls cannot both pay."""
        minted = self._mint.find_invoice(invoice)
        if minted is None or minted.order.network != REGTEST:
            return Failed(_FOREIGN)
        known = self._payments.get(minted.payment_hash)
        if known is not None and not isinstance(known.result, Failed):
            return self._progress(known)
        refusal = self._why_not(minted)
        if refusal is not None:
            return Failed(refusal)
        payment = self._begin(minted)
        self._payments[minted.payment_hash] = payment
        return payment.result or Unknown("The payment is on its way")

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """What became of a payment; None where this wallet never began one with this hash."""
        payment = self._payments.get(payment_hash)
        if payment is None:
            return None
        payment.look_ups += 1
        return self._progress(payment)

    def _why_not(self, minted: Minted) -> str | None:
        amount = minted.order.amount
        if amount is None:
            return "This invoice names no amount, and this wallet does not guess one"
        if minted.order.forged:
            return "The signature of this invoice does not hold"
        if self._clock() >= minted.expires_at:
            return "This invoice has expired. Ask for a new one"
        if amount > self._balance:
            return f"The play wallet has {self._balance.words()} left and this costs {amount.words()}"
        return None

    def _begin(self, minted: Minted) -> _Payment:
        now = self._clock()
        if self._quirk == "fails":
            return _Payment(minted, Failed("No route to the payee was found."), now)
        self._balance -= minted.order.amount or ZERO
        if self._quirk in {"pending-then-paid", "pending-forever"}:
            return _Payment(minted, None, now, patience=self._quirk == "pending-then-paid")
        self._mint.settle(minted.payment_hash)
        return _Payment(minted, self._result(minted), now)

    def _result(self, minted: Minted) -> PaymentResult:
        if self._quirk == "paid-without-preimage":
            return PaidWithoutProof("The play wallet paid and keeps the preimage to itself")
        if self._quirk == "wrong-preimage":
            return Paid(Preimage(secrets.token_bytes(32)), ZERO)
        return Paid(minted.preimage, ZERO)

    def _progress(self, payment: _Payment) -> PaymentResult:
        """The result. A payment in flight arrives after three look-ups or two seconds, or never."""
        waited = self._clock() - payment.begun_at
        if (
            payment.result is None
            and payment.patience
            and (payment.look_ups >= PENDING_LOOK_UPS or waited >= PENDING_S)
        ):
            self._mint.settle(payment.invoice.payment_hash)
            payment.result = Paid(payment.invoice.preimage, ZERO)
        return payment.result or Unknown("The payment is on its way")
