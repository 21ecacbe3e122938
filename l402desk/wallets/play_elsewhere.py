"""Play money of a sandbox in another process, over its wallet API: what ``play:`` connects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from l402desk.protocol.amount import MOST, ZERO, Msat
from l402desk.protocol.errors import InvoiceError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets.asking import Reply, Server
from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.examining import Examination
from l402desk.wallets.once import OnceEach
from l402desk.wallets.preimages import read_any_preimage
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

WITHIN_S = 10.0
NO_SANDBOX = NotReached(
    "No sandbox runs on this computer.", "Start one with “l402desk sandbox”, or a window with “l402desk --sandbox”."
)


class PlayElsewhere:
    """A wallet of play money. ``places`` tells the addresses to try; it reads files, so it is called in a thread.

    Each sandbox knows its own invoices alone, and pays no other: asking one after the other pays once.
    """

    network: Network | None = Network.REGTEST
    capabilities = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True, is_play=True)

    def __init__(self, name: str, places: Callable[[], Sequence[str]], trust: Trust) -> None:
        self.name = name
        self._places = places
        self._trust = trust
        self._once = OnceEach(self._ask)

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """As the port says. Play money has no fees."""
        try:
            read = read_invoice(invoice)
        except InvoiceError as error:
            return Failed(error.message)
        return await self._once.pay(read.payment_hash, lambda: self._order(read))

    async def _order(self, invoice: Invoice) -> PaymentResult:
        refusals: list[str] = []
        async for server in self._servers():
            try:
                reply = await server.ask("POST", "/wallet/pay", body={"invoice": invoice.text}, within_s=WITHIN_S)
            except NotReached:
                continue
            except NoAnswer as error:
                return Unknown(error.sentence)
            if _is_no_sandbox(reply):
                continue
            result = _result(reply, invoice.payment_hash)
            if not isinstance(result, Failed):
                return result
            refusals.append(result.reason)
        # The sandbox whose invoice it is says more than the others, who only say that it is none of theirs.
        own = [reason for reason in refusals if not reason.startswith("This invoice is not the sandbox's")]
        return Failed([*own, *refusals, NO_SANDBOX.sentence][0])

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As the port says. A sandbox that has ended has forgotten everything."""
        return await self._once.look_up(payment_hash)

    async def _ask(self, payment_hash: PaymentHash) -> PaymentResult | None:
        reached = False
        async for server in self._servers():
            try:
                reply = await server.ask("GET", f"/wallet/payments/{payment_hash.hex}", within_s=WITHIN_S)
            except NotReached:
                continue
            reached = True
            if reply.status != 404 and not _is_no_sandbox(reply):
                return _result(reply, payment_hash)
        if not reached:
            raise NO_SANDBOX
        return None

    async def balance(self) -> Msat | None:
        return (await self.examine()).balance

    async def examine(self) -> Examination:
        """The first sandbox that answers."""
        async for server in self._servers():
            try:
                reply = await server.ask("GET", "/wallet/balance", within_s=WITHIN_S)
            except NotReached:
                continue
            balance = reply.json_or_empty().get("balance_msat")
            if reply.status == 200 and type(balance) is int and 0 <= balance <= MOST:
                return Examination(
                    may_pay=True,
                    balance=Msat(balance),
                    calls_itself=f"the sandbox at {server.host}",
                    warnings=("Play money pays the invoices of this sandbox and nothing else.",),
                    powers=("look payments up", "tell the balance", "pay"),
                    network=Network.REGTEST,
                )
        raise NO_SANDBOX

    async def _servers(self) -> AsyncIterator[Server]:
        for url in await asyncio.to_thread(self._places):
            yield Server(url, {}, self._trust)


def _is_no_sandbox(reply: Reply) -> bool:
    """Is something else at this address, which has no such page?"""
    return reply.status in (401, 403, 404, 405, 501) and "error" not in reply.json_or_empty()


def _result(reply: Reply, payment_hash: PaymentHash) -> PaymentResult:
    told = reply.json_or_empty()
    message = told.get("message")
    words = visible(message, 200) if isinstance(message, str) else f"The sandbox answered {reply.status}."
    if reply.status == 200:
        preimage = read_any_preimage(told.get("preimage"))
        if preimage is not None and preimage.proves(payment_hash):
            return Paid(preimage, ZERO)
        return PaidWithoutProof("The sandbox says that it paid, and shows no preimage of this invoice.")
    if reply.status == 400 and told.get("error") == "payment-failed":
        return Failed(words)
    return Unknown(words)
