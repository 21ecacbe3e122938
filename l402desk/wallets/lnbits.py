"""An LNbits wallet over its REST API (measured against 1.6.2)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets.asking import Reply, Server
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.examining import Examination
from l402desk.wallets.lnbits_words import NOT_KNOWN, UNSAID, Told, without_proof
from l402desk.wallets.once import OnceEach
from l402desk.wallets.quiet import confirmed
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

PAY_S = 40.0
"""LNbits answers "pending" after five seconds; what takes longer than this is looked up."""
ASK_S = 8.0
CONFIRM_AFTER_S = (0.5, 1.5)
"""A look-up that says "failed" is asked again after these pauses: LNbits takes some payments for failed too soon."""
# Said before the question reaches whatever pays: not for this key, not at this address.
_NOT_TAKEN = {
    401: "LNbits does not accept this key.",
    403: "This key may look, not pay.",
    404: "LNbits does not know this key, or is not at this address.",
    405: "There is no LNbits at this address.",
}

_INVOICE = ("look payments up", "tell the balance", "make invoices")
_ADMIN = (*_INVOICE, "pay", "change this wallet")


class LnbitsWallet:
    """One wallet of an LNbits server. It alone decides its routing fees, and names no network."""

    network: Network | None = None

    def __init__(
        self,
        name: str,
        connection: Connection,
        trust: Trust,
        tor: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self._connection = connection
        headers = {} if connection.key is None else {"X-Api-Key": connection.key}
        self._server = Server.of(connection, headers, trust, tor)
        self._sleep = sleep
        self._once = OnceEach(self._ask_thrice)
        self.capabilities = Capabilities(
            pays=not connection.watch_only,
            looks_up=True,
            fee_limit=False,
            tells_balance=connection.key is not None,
        )

    def __repr__(self) -> str:
        return f"LnbitsWallet({self.name!r}, {str(self._connection)!r})"

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """As the port says. LNbits takes no fee limit: it holds back 1 %, and 2 sats at least."""
        if not self.capabilities.pays:
            return Failed("This connection looks payments up and does not pay.")
        try:
            read = read_invoice(invoice)
        except InvoiceError as error:
            return Failed(error.message)
        if read.amount is None:
            return Failed("LNbits pays no invoice that names no amount.")
        return await self._once.pay(read.payment_hash, lambda: self._order(read))

    async def _order(self, invoice: Invoice) -> PaymentResult:
        body = {"out": True, "bolt11": invoice.text}
        try:
            reply = await self._server.ask("POST", "/api/v1/payments", body=body, within_s=PAY_S)
        except NotReached as error:
            return Failed(f"{error.sentence} Nothing was sent to it.")
        except NoAnswer as error:
            return await self._found(invoice.payment_hash) or Unknown(error.sentence)
        told = Told.read(reply.json_or_empty(), invoice.payment_hash, self._connection.key or "")
        proof = told.proof()
        if proof is not None:
            return proof
        return await self._judged(reply, told, invoice.payment_hash)

    async def _judged(self, reply: Reply, told: Told, payment_hash: PaymentHash) -> PaymentResult:
        """An answer without proof is final in no way: 201 may be pending, "failed" may be paid. The look-up wins."""
        if reply.status in _NOT_TAKEN:
            found = await self._found(payment_hash)
            return Failed(_NOT_TAKEN[reply.status]) if found is None or found == UNSAID else found
        try:
            found = await self._ask_thrice(payment_hash)
        except WalletError as error:
            return without_proof() if told.claims_success else Unknown(error.sentence)
        if told.claims_success:
            return found if isinstance(found, Paid) else without_proof()
        if found is None and told.refuses:
            return Failed(told.detail)
        if isinstance(found, Failed) and told.detail:
            return Failed(told.detail)  # only here LNbits says why
        return found or Unknown(told.detail or f"LNbits answered {reply.status} and knows no such payment.")

    async def _found(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """What a look-up finds, if anything."""
        try:
            return await self._ask_thrice(payment_hash)
        except WalletError:
            return None

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As the port says. Takes some seconds longer where LNbits says "failed"."""
        found = await self._once.look_up(payment_hash)
        if isinstance(found, Failed) or found == UNSAID:
            return self._once.failure(payment_hash) or found  # which says why
        return found

    async def _ask_thrice(self, payment_hash: PaymentHash) -> PaymentResult | None:
        return await confirmed(lambda: self._look_up_once(payment_hash), CONFIRM_AFTER_S, self._sleep)

    async def _look_up_once(self, payment_hash: PaymentHash) -> PaymentResult | None:
        reply = await self._server.ask("GET", f"/api/v1/payments/{payment_hash.hex}", within_s=ASK_S)
        if reply.status == 404 and reply.json_or_empty().get("detail") == NOT_KNOWN:
            return None
        if reply.status != 200:
            raise self._unexpected(reply)
        return Told.read(reply.json(), payment_hash).as_look_up()

    async def balance(self) -> Msat | None:
        """What LNbits holds in this wallet; None without a key."""
        if self._connection.key is None:
            return None
        return _balance((await self._wallet()).get("balance"))

    async def examine(self) -> Examination:
        """Which key this is, what it opens, and whether strangers can fetch preimages here."""
        warnings = ["LNbits decides the routing fee by itself: up to 1 %, and at least 2 sats are held back for it."]
        if await self._tells_strangers():
            warnings.append(
                "This LNbits tells the preimage of a paid invoice to anybody who knows its payment hash, without a "
                "key. A payment hash stands in every challenge: keep the address of your LNbits to yourself."
            )
        if self._connection.key is None:
            return Examination(may_pay=False, balance=None, warnings=tuple(warnings[1:]), powers=("look payments up",))
        told = await self._wallet()
        may_pay = isinstance(told.get("id"), str)  # LNbits tells the wallet's id to its admin key alone
        if may_pay:
            warnings.append(
                "This is the admin key: it can do all with this LNbits wallet. Keep no more in it than you spend."
                if self.capabilities.pays
                else "This is the admin key, which could pay. For looking, the invoice key is enough."
            )
        name = told.get("name")
        return Examination(
            may_pay=may_pay,
            balance=_balance(told.get("balance")),
            calls_itself=visible(name, 60) if isinstance(name, str) else "",
            warnings=tuple(warnings if may_pay else warnings[1:]),
            powers=_ADMIN if may_pay else _INVOICE,
        )

    async def _wallet(self) -> dict[str, object]:
        reply = await self._server.ask("GET", "/api/v1/wallet", within_s=ASK_S)
        if reply.status != 200:
            raise self._unexpected(reply)
        return dict(reply.json())

    async def _tells_strangers(self) -> bool:
        """Asked without the key for a payment that nobody made: is it the key that is missed first, or the payment?"""
        path = f"/api/v1/payments/{secrets.token_hex(32)}"
        reply = await self._server.ask("GET", path, within_s=ASK_S, with_headers=False)
        return reply.status == 404 and reply.json_or_empty().get("detail") == NOT_KNOWN

    def _unexpected(self, reply: Reply) -> WalletError:
        if reply.status in _NOT_TAKEN:
            return NoAnswer(_NOT_TAKEN[reply.status], "Copy the connection again from the API page of your LNbits.")
        return NoAnswer(
            f"{self._server.host} answered with status {reply.status}.",
            "Check that this is the address of your LNbits, and that it is well.",
        )


def _balance(value: object) -> Msat:
    """Raises NoAnswer. LNbits counts in msat, and lets a wallet be in debt: nothing can be spent from that."""
    if type(value) is not int or value > MOST:
        raise NoAnswer("LNbits does not tell this wallet's balance.", "Check that this is the address of your LNbits.")
    return Msat(max(value, 0))
