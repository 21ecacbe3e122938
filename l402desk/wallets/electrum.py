"""An Electrum wallet over its JSON-RPC (4.3 to 4.8; measured against 4.3.4)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Paid, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets.chains import read_chain
from l402desk.wallets.connection import Connection
from l402desk.wallets.electrum_finding import Finder
from l402desk.wallets.electrum_rpc import ElectrumRpc, was_not_taken
from l402desk.wallets.electrum_words import WITHOUT_PROOF, Channels, Told, Trouble, coins, settled
from l402desk.wallets.errors import NotReached, WalletError
from l402desk.wallets.examining import Examination
from l402desk.wallets.orders import Ordering, Orders, Refused
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

MOST_BLOCKS = 1_008
"""How long a payee may hold a payment back, in blocks: about a week, a quarter of what Electrum allows by itself."""
TAKES_LIMIT = (4, 6)
"""The first version whose ``lnpay`` takes a fee limit and one for blocks."""
_NUMBERS = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
_POWERS = (
    "look payments up",
    "tell the balance",
    "make invoices",
    "pay",
    "open and close channels",
    "send its on-chain coins",
    "do everything else that Electrum can",
)


class ElectrumWallet(Ordering):
    """The wallet that an Electrum has open. Whether it takes a fee limit is known once it told its version.

    Before 4.6 it alone decides the fee: 1 % at most, or 5 sats.
    """

    def __init__(
        self,
        name: str,
        connection: Connection,
        trust: Trust,
        tor: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._connection = connection
        self._rpc = ElectrumRpc(connection, trust, tor)
        self._takes_limit = False
        self._finder = Finder(self._rpc, clock)
        self._orders = Orders(self, pays=not connection.watch_only)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            pays=not self._connection.watch_only, looks_up=True, fee_limit=self._takes_limit, tells_balance=True
        )

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        """As `Backend` says. Closing the connection stops no payment, so that a late one is looked up."""
        payment_hash = invoice.payment_hash
        self._finder.begins(payment_hash)
        try:
            reply = await self._rpc.pay(self._order_of(invoice, fee_limit))
        except NotReached:
            self._finder.ends(payment_hash)
            raise
        answer = reply.json_or_empty()
        if was_not_taken(reply):
            self._finder.ends(payment_hash)
            return Refused(self._rpc.unexpected(reply).sentence, certain=True)
        trouble = self._rpc.trouble(reply)
        if trouble is not None:
            self._finder.ends(payment_hash)
            return self._refused(trouble)
        told = Told.read(answer.get("result"), payment_hash)
        if told.has_ended:
            self._finder.ends(payment_hash)
        if told.succeeded:
            return WITHOUT_PROOF if told.preimage is None else Paid(told.preimage, await self._fee(payment_hash))
        if told.has_ended:
            return Refused(await self._failure_words(invoice))
        return Unknown(self._rpc.no_electrum(f"answered with status {reply.status}").sentence)

    def _order_of(self, invoice: Invoice, fee_limit: Msat) -> dict[str, str | int]:
        """Electrum refuses limits above half of the amount or 1,000 sats, whichever is more; 0 might mean none."""
        if not self._takes_limit or invoice.amount is None:
            return {"invoice": invoice.text}
        most = max(invoice.amount.value // 2, 1_000_000) - 1
        limit = max(1, min(fee_limit.value, most))
        return {"invoice": invoice.text, "max_fee_msat": limit, "max_cltv": MOST_BLOCKS}

    def _refused(self, trouble: Trouble) -> Unknown | Refused:
        """Electrum writes an invoice down before it begins to pay it: after an error, the look-up tells if it did."""
        if trouble.is_under_way:
            return Unknown(trouble.shown)
        if trouble.is_no_such_limit:
            self._takes_limit = False
            return Refused("This Electrum takes no fee limit. Try again, and it decides the fee by itself.")
        if trouble.not_ready is not None:
            return Refused(" ".join(trouble.not_ready), certain=True)
        return Refused(trouble.shown)

    async def _fee(self, payment_hash: PaymentHash) -> Msat | None:
        try:
            found = settled(await self._rpc.told_soon("lightning_history"), payment_hash)
        except WalletError:
            return None
        return found.fee if isinstance(found, Paid) else None

    async def _failure_words(self, invoice: Invoice) -> str:
        """Electrum does not say why it failed."""
        try:
            held = coins((await self._rpc.told_fields("getbalance")).get("lightning", "0"))
        except WalletError:
            held = None
        if held is not None and invoice.amount is not None and held < invoice.amount:
            return f"Electrum's channels hold {held.words()}, which is not enough. Fill them, or pay from elsewhere."
        limit = " within the fee limit" if self._takes_limit else ""
        return (
            f"Electrum found no way to the payee that worked{limit}, or its channels hold too little for this. "
            "No money left; try again later, or pay from elsewhere."
        )

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As `Backend` says."""
        return await self._finder.find(payment_hash)

    async def find_network(self) -> Network | None:
        """As `Backend` says."""
        return _network(await self._info())

    async def _info(self) -> Mapping[str, object]:
        info = await self._rpc.told_fields("getinfo")
        self._takes_limit = (_numbers(info.get("version")) or (0, 0)) >= TAKES_LIMIT
        return info

    async def balance(self) -> Msat | None:
        """What its channels hold on this side, with what has to stay in them."""
        held = coins((await self._rpc.told_fields("getbalance")).get("lightning", "0"))
        if held is None:
            raise self._rpc.no_electrum("does not tell its balance")
        return held

    async def examine(self) -> Examination:
        """Which version this is, on which chain, and what to beware of. A password of Electrum's opens everything."""
        info = await self._info()
        channels, balance = await self._finder.channels(), await self.balance()
        version = info.get("version")
        called = f"Electrum {visible(version, 20)}" if isinstance(version, str) else "Electrum"
        warnings = [
            "The password of Electrum's RPC can do everything with the wallet, spend its on-chain coins as well. Make "
            "a wallet of its own for this app, and keep no more in it than you spend."
            if self.capabilities.pays
            else "This password could pay, and do everything else with the wallet."
        ]
        if await self._is_open_to_all():
            warnings.append(
                "This Electrum takes commands from everybody who reaches it, without a password. Set “rpcpassword”."
            )
        if not self._takes_limit and self.capabilities.pays:
            warnings.append(f"{called} takes no fee limit: it decides by itself, 1 % at most or 5 sats. 4.6 takes one.")
        return Examination(
            may_pay=True,
            balance=balance,
            calls_itself=called,
            warnings=(*warnings, *_about_readiness(info, channels)),
            powers=_POWERS,
            network=_network(info),
        )

    async def _is_open_to_all(self) -> bool:
        reply = await self._rpc.ask("version", with_password=False)
        return reply.status == 200 and isinstance(reply.json_or_empty().get("result"), str)


def _network(info: Mapping[str, object]) -> Network | None:
    return read_chain(info.get("network"))


def _numbers(version: object) -> tuple[int, int] | None:
    found = _NUMBERS.match(version) if isinstance(version, str) else None
    return (int(found[1]), int(found[2])) if found else None


def _about_readiness(info: Mapping[str, object], channels: Channels) -> list[str]:
    found = []
    if info.get("connected") is False:
        found.append("Electrum is connected to no server, and cannot pay before it is.")
    if channels.open == 0:
        found.append("The wallet has no open channel, and cannot pay without one.")
    return found
