"""A wallet over Nostr Wallet Connect (NIP-47): Alby Hub and every other wallet that speaks it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.examining import Examination, WalletBudget
from l402desk.wallets.nwc_listing import PAGE, payment_in
from l402desk.wallets.nwc_offer import BALANCE, BUDGET, INFO, LIST, LOOK_UP, PAY, Info, read_balance, read_budget
from l402desk.wallets.nwc_rights import Rights
from l402desk.wallets.nwc_talk import Talk
from l402desk.wallets.nwc_words import (
    NOT_IMPLEMENTED,
    RESTRICTED,
    Said,
    begun_at,
    ordered,
    standing,
)
from l402desk.wallets.orders import Ordering, Orders, Refused
from l402desk.wallets.quiet import STILL_TRYING, Quiet, confirmed
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

PAY_S = 36.0
"""With what is asked before and after it, less than the minute that the journey waits for a wallet."""
ASK_S = 8.0
CONFIRM_AFTER_S = (0.5, 1.5)
"""A look-up that says "failed" is asked again after these pauses: some wallets write that down too soon."""
DOUBLED_S = 2.0
"""Over several relays a request may reach the service twice. One that minds the second copy alone says no to that, and
for so long its first may not be seen in a look-up yet."""
TRIES_S = 90.0
"""How long a wallet that did not say that it gave up may still be trying, whatever its list of payments says.

Alby Hub writes a payment down as failed when its node's answer breaks off, and the node may pay it all the same.
"""
_CLOSED = (NOT_IMPLEMENTED, RESTRICTED)


class NwcWallet(Ordering):
    """One connection to a wallet service. The wallet alone decides its routing fees: NIP-47 has no limit for them.

    What the connection may do is known once the service has told it; until then it is taken for one that may.
    """

    def __init__(
        self,
        name: str,
        connection: Connection,
        trust: Trust,
        tor: str | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._connection = connection
        self._talk = Talk(connection, trust, tor, now)
        self._sleep = sleep
        self._quiet = Quiet(TRIES_S, clock, now)
        self._orders = Orders(self, pays=not connection.watch_only)
        self._closed: set[str] = set()  # methods that the service said it does not do for this connection

    @property
    def capabilities(self) -> Capabilities:
        """As far as the service has told what this connection may do."""
        return Capabilities(
            pays=not self._connection.watch_only and self._rights.allow(PAY),
            looks_up=self._rights.looks_up,
            fee_limit=False,
            tells_balance=self._rights.allow(BALANCE),
        )

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        """As the port says. The fee limit cannot be passed on; the budget of the connection counts fees."""
        async with self._talk.kept():
            return await super().pay(invoice, fee_limit=fee_limit)

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As the port says. Takes some seconds longer where the wallet says "failed"."""
        async with self._talk.kept():
            return await super().look_up(payment_hash)

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        """As `Backend` says. The request is published once, ever: a lost answer is looked up."""
        if not self._rights.allow(PAY):
            return Refused("The wallet does not let this connection pay.", certain=True)
        self._quiet.begins(invoice.payment_hash)
        try:
            asked = {"invoice": invoice.text}
            said = await self._talk.ask(PAY, asked, within_s=PAY_S, paying=invoice.payment_hash)
        except NotReached:
            self._quiet.ends(invoice.payment_hash)
            raise
        if said.ended:
            self._quiet.ends(invoice.payment_hash)
        told = ordered(said, invoice.payment_hash)
        if isinstance(told, Refused) and len(self._connection.relays) > 1:
            await self._sleep(DOUBLED_S)
        return told

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As `Backend` says, but for "failed", which is asked for until it is believed."""
        return await confirmed(lambda: self._find_once(payment_hash), CONFIRM_AFTER_S, self._sleep)

    async def _find_once(self, payment_hash: PaymentHash) -> PaymentResult | None:
        found = await self._looked_up(payment_hash)
        if found is None:
            return None
        told = standing(found, payment_hash)
        if isinstance(told, Failed) and not self._quiet.reigns(payment_hash, begun_at(found)):
            return STILL_TRYING
        return told

    async def _looked_up(self, payment_hash: PaymentHash) -> dict[str, Any] | None:
        """The transaction; None where the wallet does not know it. Raises WalletError."""
        if LOOK_UP in self._closed:
            return await self._listed(payment_hash)
        said = await self._ask(LOOK_UP, payment_hash=payment_hash.hex)
        if said.code in _CLOSED:
            return await self._listed(payment_hash)
        if said.is_of_no_payment:
            return None
        return dict(_result(said))

    async def _listed(self, payment_hash: PaymentHash) -> dict[str, Any] | None:
        """The transaction out of the latest ones, for services that look none up."""

        async def page(offset: int) -> object:
            said = await self._ask(LIST, type="outgoing", unpaid=True, limit=PAGE, offset=offset)
            if said.code in _CLOSED:
                self._closed -= {LOOK_UP, LIST}  # asked again each time: its owner may let it, now that it matters
                raise NoAnswer("This connection cannot look payments up.", "Let it look payments up, at the wallet.")
            return _result(said).get("transactions")

        return await payment_in(page, payment_hash)

    async def find_network(self) -> Network | None:
        """As `Backend` says."""
        if not self._rights.allow(INFO):
            return None
        return (self._talk.info or await self._info()).network

    async def balance(self) -> Msat | None:
        """What the wallet lets this connection spend or see; None where it does not tell."""
        if not self._rights.allow(BALANCE):
            return None
        said = await self._ask(BALANCE)
        if said.code in _CLOSED:
            return None
        balance = read_balance(_result(said))
        if balance is None:
            raise NoAnswer("The wallet does not tell its balance.", "See at the wallet what this connection may do.")
        return balance

    async def examine(self) -> Examination:
        """Which wallet this is, on which chain, what the connection may do there, and within which budget."""
        async with self._talk.kept():
            self._closed.clear()
            await self._talk.learn()
            info = await self._info()
            balance = await self.balance()
            budget = await self._budget()
        rights = self._rights
        return Examination(
            may_pay=rights.allow(PAY),
            balance=balance,
            calls_itself=info.alias,
            warnings=rights.warnings(pays=self.capabilities.pays, budget=budget, speech=self._talk.speech),
            powers=rights.powers,
            network=info.network,
            budget=budget,
        )

    async def _info(self) -> Info:
        """What ``get_info`` tells; nothing where it is not for this connection. Raises WalletError."""
        said = await self._ask(INFO)
        if said.code in _CLOSED:
            return Info()
        self._talk.info = Info.read(_result(said))
        return self._talk.info

    async def _budget(self) -> WalletBudget | None:
        if BUDGET not in (self._rights.listed or ()):
            return None  # those that do not know the question often do not answer at all
        said = await self._ask(BUDGET)
        return None if said.code else read_budget(said.result)

    async def _ask(self, method: str, **params: object) -> Said:
        said = await self._talk.ask(method, params, within_s=ASK_S)
        if said.code in _CLOSED:
            self._closed.add(method)
        return said

    @property
    def _rights(self) -> Rights:
        """As far as the service has told."""
        info, offer = self._talk.info, self._talk.offer
        listed = info.methods if info is not None and info.methods is not None else None
        if listed is None and offer is not None:
            listed = offer.methods or None
        return Rights(listed, frozenset(self._closed))


def _result(said: Said) -> dict[str, Any]:
    """The result of an answer without an error. Raises NoAnswer."""
    if said.code or said.result is None:
        sentence = said.refusal if said.code else "The wallet's answer holds nothing."
        raise NoAnswer(sentence, "See at the wallet what this connection may do, or connect it again.")
    return dict(said.result)
