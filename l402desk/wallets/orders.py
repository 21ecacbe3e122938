"""The law of payment once for every kind of wallet: ordered once, "failed" only when proven, else looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NotReached, WalletError
from l402desk.wallets.once import OnceEach

WRONG_PREIMAGE = "The wallet says that it paid, and its preimage is not the one of this invoice."


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer says that the payment was not even begun. A look-up has to agree before that is `Failed`.

    ``certain`` is for answers of somebody who cannot pay at all, like one who does not accept our key: those need no
    look-up to agree, only none that contradicts.
    """

    reason: str
    certain: bool = False


class Backend(Protocol):
    """What a kind of wallet does of it. Each method asks once and raises NotReached and NoAnswer."""

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        """Ask the wallet to pay. ``Failed`` is for an answer that proves that no money left and none will."""
        ...

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """How an outgoing payment stands; None where the wallet does not know it."""
        ...

    async def find_network(self) -> Network | None:
        """The chain of the wallet's coins; None where it does not tell, or not with this credential."""
        ...


class Orders:
    """What one wallet was given. ``pays`` False makes it look only. `network` is learned before the first payment."""

    def __init__(self, backend: Backend, *, pays: bool) -> None:
        self._backend = backend
        self._pays = pays
        self._once = OnceEach(self._find)
        self._asked_network = False
        self.network: Network | None = None

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """As the port says (`wallet.Wallet.pay`)."""
        if not self._pays:
            return Failed("This connection looks payments up and does not pay.")
        try:
            read = read_invoice(invoice)
        except InvoiceError as error:
            return Failed(error.message)
        if read.amount is None:
            return Failed("No invoice that names no amount is given to a wallet.")
        return await self._once.pay(read.payment_hash, lambda: self._order(read, fee_limit))

    async def _order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult:
        wrong = await self._wrong_network(invoice)
        if wrong is not None:
            return wrong
        told: PaymentResult | Refused
        try:
            told = await self._backend.order(invoice, fee_limit)
        except NotReached as error:
            return Failed(f"{error.sentence} Nothing was sent to it.")
        except WalletError as error:
            told = Unknown(error.sentence)
        return await self._judged(told, invoice.payment_hash)

    async def _wrong_network(self, invoice: Invoice) -> Failed | None:
        """Why nothing is ordered at all: no wallet pays on another chain than its own."""
        try:
            await self.learn_network()
        except WalletError as error:
            return Failed(f"{error.sentence} It was not asked to pay.")
        if self.network is None or self.network is invoice.network:
            return None
        return Failed(f"The invoice is for {invoice.network}, and this wallet is on {self.network}.")

    async def learn_network(self) -> Network | None:
        """The wallet's network, asked for once. Raises WalletError."""
        if not self._asked_network:
            self.network = await self._backend.find_network()
            self._asked_network = True
        return self.network

    async def _judged(self, told: PaymentResult | Refused, payment_hash: PaymentHash) -> PaymentResult:
        """An answer without proof is final in no way: a look-up wins (law 4)."""
        if isinstance(told, Paid) and not told.preimage.proves(payment_hash):
            told = PaidWithoutProof(WRONG_PREIMAGE)
        if isinstance(told, (Paid, Failed)):
            return told
        try:
            found = await self._find(payment_hash)
        except WalletError as error:
            return _unsure(told, error)
        if isinstance(told, PaidWithoutProof):
            return found if isinstance(found, Paid) else told
        if isinstance(told, Refused):
            return Failed(told.reason) if found is None or isinstance(found, Failed) else found
        return found or told

    async def _find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        found = await self._backend.find(payment_hash)
        if isinstance(found, Paid) and not found.preimage.proves(payment_hash):
            return PaidWithoutProof(WRONG_PREIMAGE)
        return found

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As the port says (`wallet.Wallet.look_up`)."""
        found = await self._once.look_up(payment_hash)
        if isinstance(found, Failed):
            return self._once.failure(payment_hash) or found  # which says why
        return found


class Ordering:
    """What an adapter does whose payments go through `Orders`; it sets all three. Its secrets stay out of the repr."""

    name: str
    _connection: Connection
    _orders: Orders

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {str(self._connection)!r})"

    @property
    def network(self) -> Network | None:
        """The chain, once it was asked for."""
        return self._orders.network

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """As the port says (`wallet.Wallet.pay`)."""
        return await self._orders.pay(invoice, fee_limit=fee_limit)

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As the port says (`wallet.Wallet.look_up`)."""
        return await self._orders.look_up(payment_hash)


def _unsure(told: PaidWithoutProof | Unknown | Refused, error: WalletError) -> PaymentResult:
    """What an answer is worth where nobody could look the payment up."""
    if not isinstance(told, Refused):
        return told
    return Failed(told.reason) if told.certain else Unknown(f"{told.reason} {error.sentence}")
