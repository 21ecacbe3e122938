"""A phoenixd over its HTTP API (0.8): it alone decides its fee, which is 0.4 % and 4 sats."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets.asking import Reply, Server
from l402desk.wallets.chains import read_chain
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.examining import Examination
from l402desk.wallets.orders import Ordering, Orders, Refused
from l402desk.wallets.phoenixd_words import ON_ITS_WAY, Outgoing, Told, knows_none, sats, text_of
from l402desk.wallets.quiet import STILL_TRYING, Quiet
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

PAY_S = 60.0
"""phoenixd answers when the payment is over, however long that takes; what takes longer than this is looked up."""
ASK_S = 8.0
QUIET_S = 90.0
"""How long an order without an answer may need until phoenixd has written it down: a look-up shows it from then on."""
NO_INVOICE = "request parameter"
"""How phoenixd begins to say that a form is not complete, or not readable."""
# Said before phoenixd does anything.
_NOT_TAKEN = {
    401: "phoenixd does not accept this password.",
    403: "phoenixd does not accept this password.",
    404: "There is no phoenixd at this address.",
    405: "There is no phoenixd at this address.",
}
_LIMITED = "phoenixd does not pay with this password: it is the one for limited access."
_LOOKING = ("look payments up", "tell the balance", "make invoices")
_PAYING = ("pay", "send coins away on-chain", "close channels")


class PhoenixdWallet(Ordering):
    """One phoenixd. Its one password that pays may do everything else too. It takes no fee limit."""

    def __init__(
        self,
        name: str,
        connection: Connection,
        trust: Trust,
        tor: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._connection = connection
        log_in = base64.b64encode(f":{connection.key or ''}".encode()).decode()  # there are no users
        self._server = Server.of(connection, {"Authorization": f"Basic {log_in}"}, trust, tor)
        self._quiet = Quiet(QUIET_S, clock, now)
        self._orders = Orders(self, pays=not connection.watch_only)
        self.capabilities = Capabilities(
            pays=not connection.watch_only, looks_up=True, fee_limit=False, tells_balance=True
        )

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        """Ask it to pay what the invoice says: ``amountSat`` would go before that (`orders.Backend`)."""
        self._quiet.begins(invoice.payment_hash)
        try:
            reply = await self._server.ask("POST", "/payinvoice", form={"invoice": invoice.text}, within_s=PAY_S)
        except NotReached:
            self._quiet.ends(invoice.payment_hash)
            raise
        if reply.status == 200:
            told = Told.read(reply.json_or_empty(), invoice.payment_hash, self._connection.key or "")
            return self._judged(told, invoice.payment_hash)
        if reply.status in _NOT_TAKEN:
            self._quiet.ends(invoice.payment_hash)
            return Refused(_LIMITED if reply.status == 401 else _NOT_TAKEN[reply.status], certain=True)
        if _was_not_understood(reply):
            self._quiet.ends(invoice.payment_hash)
            return Refused(f"phoenixd cannot read this invoice. It says: “{self._said(reply)}”.")
        return Unknown(f"phoenixd answered {reply.status}. {self._said(reply)}".strip())

    def _judged(self, told: Told, payment_hash: PaymentHash) -> PaymentResult | Refused:
        if told.is_ours and (told.claims_success or told.reason):
            self._quiet.ends(payment_hash)
        return Refused(f"phoenixd did not pay: {told.reason}.") if told.gave_up else told.result()

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """One look at what went out (`orders.Backend`)."""
        reply = await self._server.ask("GET", f"/payments/outgoingbyhash/{payment_hash.hex}", within_s=ASK_S)
        if knows_none(reply.status, reply.body):
            return None
        found = Outgoing.read(self._answered(reply), payment_hash)
        if found.result == ON_ITS_WAY:
            self._quiet.ends(payment_hash)  # it has the order, and pays one at a time: the next it says is of this one
        if isinstance(found.result, Failed) and not self._quiet.reigns(payment_hash, found.last):
            return STILL_TRYING
        return found.result

    async def find_network(self) -> Network | None:
        """The chain that it says it is on (`orders.Backend`)."""
        return _network(await self._ask("/getinfo"))

    async def balance(self) -> Msat | None:
        """What its channels can send, without the fee credit, which pays for channels alone."""
        balance = sats((await self._ask("/getbalance")).get("balanceSat"))
        if balance is None:
            raise NoAnswer("phoenixd does not tell its balance.", "Check that this is the address of your phoenixd.")
        return balance

    async def examine(self) -> Examination:
        """Whether it knows the password, and which of its two that is."""
        info = await self._ask("/getinfo")
        balance, may_pay = await self.balance(), await self._may_pay()
        version = info.get("version")
        return Examination(
            may_pay=may_pay,
            balance=balance,
            calls_itself=f"phoenixd {visible(version, 40)}" if isinstance(version, str) else "phoenixd",
            warnings=self._warnings(may_pay),
            powers=(*_LOOKING, *_PAYING) if may_pay else _LOOKING,
            network=_network(info),
        )

    def _warnings(self, may_pay: bool) -> tuple[str, ...]:
        if not may_pay:
            paying = "This is the password for limited access, which cannot pay. “http-password” can."
            return (paying,) if self.capabilities.pays else ()
        if not self.capabilities.pays:
            return ("This password could pay. For looking, “http-password-limited-access” is enough.",)
        return (
            "phoenixd decides the routing fee by itself: 0.4 % and 4 sats for each payment.",
            "This password can do everything with phoenixd, send away all its coins included. "
            "Keep no more there than you spend.",
        )

    async def _may_pay(self) -> bool:
        """Asked to pay nothing, which it cannot: is it the password that does not do, or the invoice?"""
        reply = await self._server.ask("POST", "/payinvoice", form={"invoice": ""}, within_s=ASK_S)
        if reply.status in (400, 401, 403):
            return reply.status == 400
        raise self._unexpected(reply)

    async def _ask(self, path: str) -> Mapping[str, Any]:
        return self._answered(await self._server.ask("GET", path, within_s=ASK_S))

    def _answered(self, reply: Reply) -> Mapping[str, Any]:
        if reply.status != 200:
            raise self._unexpected(reply)
        return reply.json()

    def _said(self, reply: Reply) -> str:
        return text_of(reply.body, self._connection.key or "")

    def _unexpected(self, reply: Reply) -> WalletError:
        if reply.status in (401, 403):
            return NoAnswer(_NOT_TAKEN[reply.status], "It stands in ~/.phoenix/phoenix.conf, as “http-password”.")
        said = self._said(reply)
        if reply.status == 404 and said.startswith("Unknown endpoint"):
            return NoAnswer("This phoenixd is too old to look payments up by their hash.", "Update it: 0.4 can.")
        return NoAnswer(
            f"{self._server.host} answered with status {reply.status}{f': “{said}”' if said else ''}.",
            "Check that this is the address of your phoenixd, and that it is well.",
        )


def _was_not_understood(reply: Reply) -> bool:
    """Is it the form that phoenixd complains about, which it reads before all else?"""
    return reply.status == 400 and text_of(reply.body).lower().startswith(NO_INVOICE)


def _network(info: Mapping[str, Any]) -> Network | None:
    """None for a phoenixd of before 0.3, which does not tell. Raises NoAnswer for a chain that is not known here."""
    chain = info.get("chain")
    if chain is None:
        return None
    network = read_chain(chain)
    if network is None:
        raise NoAnswer("phoenixd names a chain that is not known here.", "Check that this is your phoenixd.")
    return network
