"""A wallet for tests that pays the invoices it issued itself, and answers badly when it is told to."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities
from tests.fakes.invoices import mint_invoice

EVERYTHING = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True)


@dataclass(slots=True)
class _Payment:
    amount: Msat
    result: PaymentResult


class FakeWallet:
    """Knows the preimages of what it issued or was taught. ``answers`` are given, one a payment, before the truth.

    An answer of ``Unknown`` leaves the payment in flight until ``arrive``; ``Failed`` leaves the money where it was;
    any other answer has spent it. ``paid`` lists the hashes that cost money, each once.
    """

    def __init__(
        self,
        name: str = "Fake wallet",
        *,
        balance: Msat = Msat(1_000_000),  # noqa: B008 - frozen
        network: Network | None = Network.REGTEST,
        capabilities: Capabilities = EVERYTHING,
        fee: Msat = Msat(1_000),  # noqa: B008 - frozen
        answers: Sequence[PaymentResult] = (),
    ) -> None:
        self.name = name
        self.network = network
        self.capabilities = capabilities
        self.answers = list(answers)
        self.calls: list[str] = []
        self.paid: list[PaymentHash] = []
        self.is_reachable = True
        self._balance = balance
        self._fee = fee
        self._preimages: dict[PaymentHash, Preimage] = {}
        self._payments: dict[PaymentHash, _Payment] = {}

    def issue(self, amount: Msat | None = Msat(21_000), *, prefix: str = "lnbcrt") -> str:  # noqa: B008 - frozen
        """A new invoice that this wallet can pay."""
        preimage = Preimage(secrets.token_bytes(32))
        self.learn(preimage)
        return mint_invoice(None if amount is None else amount.value, prefix=prefix, preimage=preimage.raw)

    def learn(self, preimage: Preimage) -> None:
        """Make an invoice of somebody else's payable."""
        self._preimages[preimage.payment_hash()] = preimage

    def arrive(self, payment_hash: PaymentHash) -> None:
        """A payment in flight reaches its payee."""
        self._payments[payment_hash].result = Paid(self._preimages[payment_hash], self._fee)

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        self.calls.append("pay")
        try:
            read = read_invoice(invoice)
        except InvoiceError as error:
            return Failed(error.message)
        known = self._payments.get(read.payment_hash)
        if known is not None and not isinstance(known.result, Failed):
            return known.result
        refusal = self._why_not(read.payment_hash, read.amount, fee_limit)
        if refusal is not None or read.amount is None:
            return Failed(refusal or "This invoice names no amount")
        result = self._answer(read.payment_hash)
        self._payments[read.payment_hash] = _Payment(read.amount, result)
        if not isinstance(result, Failed):
            self._balance -= read.amount + self._fee
            self.paid.append(read.payment_hash)
        return result

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        self._reach("look_up")
        payment = self._payments.get(payment_hash)
        return None if payment is None else payment.result

    async def balance(self) -> Msat | None:
        self._reach("balance")
        return self._balance if self.capabilities.tells_balance else None

    def _reach(self, what: str) -> None:
        self.calls.append(what)
        if not self.is_reachable:
            raise WalletError(f"{self.name} does not answer.", "Check that it runs.")

    def _answer(self, payment_hash: PaymentHash) -> PaymentResult:
        if self.answers:
            return self.answers.pop(0)
        if not self.is_reachable:
            return Unknown("The wallet did not answer")
        return Paid(self._preimages[payment_hash], self._fee)

    def _why_not(self, payment_hash: PaymentHash, amount: Msat | None, fee_limit: Msat) -> str | None:
        if not self.capabilities.pays:
            return "This connection may not spend"
        if payment_hash not in self._preimages:
            return "No route to this payee"
        if fee_limit < self._fee:
            return "No route within the fee limit"
        if (amount or ZERO) + self._fee > self._balance:
            return "Not enough money"
        return None
