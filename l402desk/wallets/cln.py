"""A Core Lightning node over clnrest: ``xpay``, before 24.11 ``pay``, and ``listpays``, as far as its rune allows."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets import cln_powers
from l402desk.wallets.asking import Reply, Server
from l402desk.wallets.chains import read_chain
from l402desk.wallets.cln_rune import Rune
from l402desk.wallets.cln_words import (
    BAD_PARAMETERS,
    FAILURES,
    NO_METHOD,
    RUNE_SHORT,
    RUNE_UNKNOWN,
    Pays,
    Problem,
    Told,
    spendable,
)
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.examining import Examination
from l402desk.wallets.orders import Ordering, Orders, Refused
from l402desk.wallets.quiet import STILL_TRYING, Quiet
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

RETRY_S = 45
"""How long the node looks for further routes; parts that are on their way stay so beyond that."""
PAY_S = 60.0
ASK_S = 8.0
TRIES_S = RETRY_S + 30.0
MOST_DELAY = 1_008
"""Blocks that a payee may hold the money for: a week."""
_OTHER_RUNE = "Check the address, or make a new rune for this app."
_CHANNELS, _FUNDS = ("listpeerchannels", "spendable_msat"), ("listfunds", "our_amount_msat")
# Said before the node is asked: clnrest checks the rune first, and knows its methods.
_NOT_TAKEN = (401, 403, 404, 405)


class ClnWallet(Ordering):
    """One node. The rune says what this app may do there; the node alone checks it.

    "Failed" takes up to `TRIES_S` where the node's own answer was lost.
    """

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
        self._secret = connection.key or ""
        self._rune = Rune.read(self._secret)
        self._server = Server.of(connection, {"Rune": self._secret}, trust, tor)
        self._now = now
        self._quiet = Quiet(TRIES_S, clock, now)
        self._payer = (None if self._rune is None else self._rune.payer) or "xpay"
        pays = not connection.watch_only and (self._rune is None or self._rune.payer is not None)
        self._orders = Orders(self, pays=pays)
        self.capabilities = Capabilities(
            pays=pays,
            looks_up=self._may("listpays"),
            fee_limit=True,
            tells_balance=self._may(_CHANNELS[0]) or self._may(_FUNDS[0]),
        )

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        """Ask the node to pay (`orders.Backend`)."""
        self._quiet.begins(invoice.payment_hash)
        try:
            reply = await self._ask_to_pay(invoice, fee_limit)
            if self._payer == "xpay" and _was_not_understood(reply):
                refused = await self._settle_on_pay(reply, invoice.payment_hash)
                if refused is not None:
                    return refused
                reply = await self._ask_to_pay(invoice, fee_limit)
        except NotReached:
            self._quiet.ends(invoice.payment_hash)
            raise
        return self._judged(reply, invoice.payment_hash)

    async def _ask_to_pay(self, invoice: Invoice, fee_limit: Msat) -> Reply:
        named = "invstring" if self._payer == "xpay" else "bolt11"
        asked = {named: invoice.text, "maxfee": fee_limit.value, "retry_for": RETRY_S, "maxdelay": MOST_DELAY}
        return await self._ask(self._payer, asked, PAY_S)

    async def _settle_on_pay(self, reply: Reply, payment_hash: PaymentHash) -> Refused | None:
        """None: from now on it is ``pay``. The node knew no xpay, or not its parameters, and has begun nothing."""
        self._quiet.ends(payment_hash)
        problem = self._problem(reply)
        refused = Refused(problem.reason, certain=problem.code == NO_METHOD)
        if not self._may("pay") or not self._may("listpays"):
            return refused
        try:
            found = await self.find(payment_hash)
        except WalletError:
            return refused
        if found is not None and not isinstance(found, Failed):
            return refused
        self._payer = "pay"
        self._quiet.begins(payment_hash)
        return None

    def _judged(self, reply: Reply, payment_hash: PaymentHash) -> PaymentResult | Refused:
        if reply.status == 201:
            told = Told.read(reply.json_or_empty(), payment_hash)
            if told.is_readable:
                self._quiet.ends(payment_hash)
            return told.result()
        problem = self._problem(reply)
        if problem.code is not None or reply.status in _NOT_TAKEN:
            self._quiet.ends(payment_hash)
        if reply.status in _NOT_TAKEN:
            return Refused(self._not_taken(reply, self._payer), certain=True)
        if problem.code in FAILURES:
            return Refused(problem.reason)
        return Unknown(problem.reason if problem.message else f"{self._server.host} answered {reply.status}.")

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """One look at the node's payments (`orders.Backend`)."""
        found = Pays.read(await self._answer("listpays", {"payment_hash": payment_hash.hex}), payment_hash)
        if isinstance(found.result, Failed) and not self._quiet.reigns(payment_hash, found.last):
            return STILL_TRYING
        return found.result

    async def find_network(self) -> Network | None:
        """The node's chain; None where its rune may not ask (`orders.Backend`)."""
        if not self._may("getinfo"):
            return None
        return _network(await self._answer("getinfo", {}))

    async def balance(self) -> Msat | None:
        """What the channels can send; None where the rune may ask neither for them nor for the node's funds."""
        failed: WalletError | None = None
        for method, amount in (_CHANNELS, _FUNDS):
            if not self._may(method):
                continue
            try:
                total = spendable(await self._answer(method, {}), amount)
            except WalletError as error:
                failed = failed or error
                continue
            if total is not None:
                return total
            failed = failed or NoAnswer("The node does not tell its channels' balance.", "Try again later.")
        if failed is not None:
            raise failed
        return None

    async def examine(self) -> Examination:
        """Whether the node accepts the rune, and what stands in it. No payment method is asked."""
        info: Mapping[str, Any] = await self._answer("getinfo", {}) if self._may("getinfo") else {}
        balance = await self.balance()
        if not info and balance is None:
            await self._present()
        alias = info.get("alias")
        return Examination(
            may_pay=self._rune is None or self._rune.payer is not None,
            balance=balance,
            calls_itself=visible(alias, 60) if isinstance(alias, str) else "",
            warnings=cln_powers.warnings(self._rune, self._now()),
            powers=cln_powers.powers(self._rune),
            network=_network(info) if info else None,
        )

    async def _present(self) -> None:
        """Show a rune that opens nothing else. Raises WalletError where the node does not accept it."""
        reply = await self._ask("listpays", {"payment_hash": secrets.token_hex(32)}, ASK_S)
        if reply.status != 201 and self._problem(reply).code != RUNE_SHORT:
            raise NoAnswer(self._not_taken(reply, "listpays"), _OTHER_RUNE)

    def _may(self, method: str) -> bool:
        return self._rune is None or self._rune.may(method)

    async def _ask(self, method: str, parameters: Mapping[str, object], within_s: float) -> Reply:
        return await self._server.ask("POST", f"/v1/{method}", body=parameters, within_s=within_s)

    async def _answer(self, method: str, parameters: Mapping[str, object]) -> Mapping[str, Any]:
        """What a question that moves nothing is answered with. Raises NotReached, NoAnswer."""
        reply = await self._ask(method, parameters, ASK_S)
        if reply.status == 201:
            return reply.json()
        if reply.status in _NOT_TAKEN:
            raise NoAnswer(self._not_taken(reply, method), _OTHER_RUNE)
        said = self._problem(reply).message or f"status {reply.status}"
        raise NoAnswer(f"{self._server.host} answered: {said}.", "Check that this is your node, and that it is well.")

    def _problem(self, reply: Reply) -> Problem:
        return Problem.read(reply.json_or_empty(), self._secret)

    def _not_taken(self, reply: Reply, method: str) -> str:
        problem = self._problem(reply)
        said = f" It says: “{problem.message}”." if problem.message else ""
        match problem.code:
            case int(code) if code == RUNE_UNKNOWN:
                return f"The node does not accept this rune.{said}"
            case int(code) if code == RUNE_SHORT:
                return f"This rune may not ask for “{method}”, or not now.{said}"
            case int(code) if code == NO_METHOD:
                return f"The node knows no “{method}”: it is too old, or its plugin does not run."
        if reply.status in (401, 403):
            return f"The node does not accept this rune.{said}"
        return "There is no clnrest at this address."


def _was_not_understood(reply: Reply) -> bool:
    """Both are said before a command begins (JSON-RPC 2.0, 5.1); 24.11's xpay knows no ``maxdelay``."""
    problem = Problem.read(reply.json_or_empty())
    return reply.status != 201 and (
        problem.code == NO_METHOD or (problem.code == BAD_PARAMETERS and "maxdelay" in problem.message)
    )


def _network(info: Mapping[str, Any]) -> Network:
    """Raises NoAnswer for a chain that no invoice of ours is on."""
    named = info.get("network")
    network = read_chain(named)
    if network is None:
        told = f"on “{visible(named, 40)}”" if isinstance(named, str) else "on no network that it names"
        raise NoAnswer(f"This node is {told}, where no such invoice can be paid.", "Connect a node of bitcoin's.")
    return network
