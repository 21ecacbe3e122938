"""An LND node over its REST API (lnd 0.15 to 0.21): ``/v2/router/send``, the only way to pay that every version has."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.instants import instant_words
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets.asking import Reply, Server
from l402desk.wallets.chains import read_chain
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.examining import Examination
from l402desk.wallets.lnd_rights import BALANCE, INFO, SEND, TRACK, Rights, read_rights
from l402desk.wallets.lnd_words import ON_ITS_WAY, UNSAID, Trouble, is_a_line, is_final, lines_of, standing
from l402desk.wallets.orders import Ordering, Orders, Refused
from l402desk.wallets.quiet import STILL_TRYING, Quiet
from l402desk.wallets.tls import Trust
from l402desk.wallets.wallet import Capabilities

TRY_S = 36
"""How long LND begins new attempts. One that is under way by then goes on, and is looked up."""
PAY_S = 42.0
"""With a look-up before and after it, less than the minute that the journey waits for a wallet."""
ASK_S = 8.0
UNREAD_S = 60.0
"""An order whose answer was lost may lie unread in a busy node, or before it, for so long: until then "failed" may be
said of an earlier attempt, made by somebody else."""
LONG_AGO = 0.0
MOST_BLOCKS = 1_008
"""How long a payee may hold a payment back, in blocks: about a week, half of what LND allows by itself."""
NOBODYS = PaymentHash(bytes(32))
_NOT_TAKEN = {401, 403, 404, 405}
"""Said by what stands before LND, or by another server than LND: nothing reached whatever pays."""


class _Denied(NoAnswer):
    """LND knows this macaroon, and it opens something else."""


class LndWallet(Ordering):
    """One LND node, as far as its macaroon reaches. A fee limit of 0 lets it take none but free routes."""

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
        key = connection.key or ""
        self._server = Server.of(connection, {"Grpc-Metadata-macaroon": key}, trust, tor)
        self._rights = read_rights(key)
        pays = not connection.watch_only and self._rights.allow(SEND)
        self._unread = Quiet(UNREAD_S, clock)
        self._orders = Orders(self, pays=pays)
        self.capabilities = Capabilities(
            pays=pays,
            looks_up=self._rights.allow(TRACK),
            fee_limit=True,
            tells_balance=self._rights.allow(BALANCE),
        )

    async def order(self, invoice: Invoice, fee_limit: Msat) -> PaymentResult | Refused:
        """As `Backend` says. Closing the connection stops no payment, so that a late one is looked up."""
        body = {
            "payment_request": invoice.text,
            "fee_limit_msat": str(fee_limit.value),  # absent, it would be 0 as well: no fee at all
            "timeout_seconds": TRY_S,
            "no_inflight_updates": True,
            "cltv_limit": MOST_BLOCKS,
        }
        self._unread.begins(invoice.payment_hash)
        try:
            reply = await self._server.ask("POST", "/v2/router/send", body=body, within_s=PAY_S, enough=is_final)
        except NotReached:
            self._unread.ends(invoice.payment_hash)
            raise
        self._unread.ends(invoice.payment_hash)
        found = standing(reply, invoice.payment_hash, fee_limit)
        if found is not None:
            return found
        trouble = self._trouble(reply)
        if trouble is None:
            if reply.status in _NOT_TAKEN:
                return Refused(self._no_lnd(reply).sentence, certain=True)
            return Unknown(f"{self._server.host} answered with status {reply.status} and says nothing of the payment.")
        if trouble.is_about_macaroon or trouble.not_ready or trouble.is_no_such_method:
            return Refused(self._unexpected(reply).sentence, certain=True)
        if trouble.is_not_begun:
            return Refused(trouble.shown)
        return Unknown(trouble.shown)  # already paid or on its way (code 6) among them: the look-up tells which

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As `Backend` says. LND streams; its first line is how the payment stands now."""
        name = base64.urlsafe_b64encode(payment_hash.raw).decode()  # in the other alphabet, "/" would end the path
        reply = await self._server.ask("GET", f"/v2/router/track/{name}", within_s=ASK_S, enough=is_a_line)
        found = standing(reply, payment_hash)
        if found == ON_ITS_WAY:
            self._unread.ends(payment_hash)  # it was read: what LND says next is said of it
        if isinstance(found, Failed) and not self._unread.reigns(payment_hash, LONG_AGO):
            return STILL_TRYING
        if found is not None:
            return found
        trouble = self._trouble(reply)
        if trouble is not None and trouble.is_no_such_payment:
            return None
        if trouble is None and reply.status == 200 and reply.json_or_empty():
            return UNSAID
        raise self._unexpected(reply)

    async def find_network(self) -> Network | None:
        """As `Backend` says."""
        if not self._rights.allow(INFO):
            return None
        return _network(await self._told("/v1/getinfo"))

    async def balance(self) -> Msat | None:
        """What its channels hold on this side; None where the macaroon does not open that."""
        if not self.capabilities.tells_balance:
            return None
        return _balance(await self._told("/v1/balance/channels"))

    async def examine(self) -> Examination:
        """Which node this is, on which chain, and what the macaroon opens there."""
        rights = self._rights
        info = await self._told("/v1/getinfo") if rights.allow(INFO) else {}
        balance = await self.balance()
        if not (rights.allow(INFO) or rights.allow(BALANCE)):
            await self._knock()
        alias = info.get("alias")
        return Examination(
            may_pay=rights.allow(SEND),
            balance=balance,
            calls_itself=visible(alias, 60) if isinstance(alias, str) else "",
            warnings=(*_about_rights(rights, self.capabilities.pays), *self._about_trust(), *_about_node(info)),
            powers=rights.powers,
            network=_network(info),
        )

    async def _knock(self) -> None:
        """Ask for what nobody paid, to learn whether the node knows the macaroon at all. Raises WalletError."""
        with contextlib.suppress(_Denied):
            await self.find(NOBODYS)

    async def _told(self, path: str) -> Mapping[str, Any]:
        reply = await self._server.ask("GET", path, within_s=ASK_S)
        if reply.status != 200:
            raise self._unexpected(reply)
        return reply.json()

    def _unexpected(self, reply: Reply) -> NoAnswer:
        trouble = self._trouble(reply)
        if trouble is None or trouble.is_no_such_method:
            return self._no_lnd(reply)
        if trouble.not_ready is not None:
            return NoAnswer(*trouble.not_ready)
        if trouble.is_about_macaroon:
            if trouble.says.startswith("permission denied"):
                return _Denied("LND does not let this macaroon do that.", "Bake one that may, and connect with it.")
            return NoAnswer(
                f"LND does not accept this macaroon. {trouble.shown}",
                "Bake a new one at this very node, and connect the wallet again with it.",
            )
        return NoAnswer(trouble.shown, "See the node's log, then try again.")

    def _no_lnd(self, reply: Reply) -> NoAnswer:
        return NoAnswer(
            f"{self._server.host} answered with status {reply.status}, and not as LND does.",
            "Check that this is where LND's REST listens (“restlisten”), and that the node is well.",
        )

    def _trouble(self, reply: Reply) -> Trouble | None:
        """The error that an answer tells of, as a whole or in its last line."""
        lines = lines_of(reply)
        return Trouble.read(lines[-1], self._connection.key or "") if lines else None

    def _about_trust(self) -> list[str]:
        if self._connection.pin is not None or not self._connection.url.startswith("https:"):
            return []
        return ["No certificate of the node is pinned: every authority that this computer trusts can vouch for it."]


def _about_rights(rights: Rights, pays: bool) -> list[str]:
    found = []
    if rights.granted is None:
        found.append("This macaroon does not say what it may do. Take it for one that can do everything.")
    elif rights.are_everything:
        found.append(
            "This macaroon can do everything with the node, spend its on-chain coins as well. Bake one that can pay "
            "and look payments up, and nothing else."
        )
    elif rights.allow(SEND) and rights.further:
        found.append(f"This macaroon can do more than this app needs: {', '.join(rights.further)}.")
    if rights.allow(SEND) and not pays:
        found.append("This macaroon could pay. For looking, one that looks payments up is enough.")
    if not rights.allow(TRACK):
        stuck = " If one gets stuck, nobody can tell what became of it." if rights.allow(SEND) else ""
        found.append(f"This macaroon cannot look payments up.{stuck}")
    if rights.expires_at is not None:
        found.append(f"This macaroon is good until {instant_words(rights.expires_at)}.")
    if rights.only_from:
        found.append(f"This macaroon is good from the address {visible(rights.only_from, 60)} alone.")
    return found


def _about_node(info: Mapping[str, Any]) -> list[str]:
    found = []
    if info.get("synced_to_chain") is False:
        found.append("The node is still catching up with the chain, and cannot pay before it has.")
    elif info.get("synced_to_graph") is False:
        found.append("The node is still learning the network's routes: payments may find none yet.")
    if info.get("num_active_channels") == 0:
        found.append("The node has no active channel, and cannot pay without one.")
    return found


def _network(info: Mapping[str, Any]) -> Network | None:
    """The chain that ``getinfo`` names."""
    chains = info.get("chains")
    chain = chains[0] if isinstance(chains, list) and chains else None
    return read_chain(chain.get("network")) if isinstance(chain, dict) else None


def _balance(told: Mapping[str, Any]) -> Msat:
    """Raises NoAnswer. ``local_balance`` counts in msat, the older ``balance`` in satoshi; both are text."""
    local = told.get("local_balance")
    value, unit = (local.get("msat"), 1) if isinstance(local, dict) else (told.get("balance"), 1_000)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 and int(value) * unit <= MOST:
        return Msat(int(value) * unit)
    raise NoAnswer("LND does not tell its balance.", "Check that this is where LND's REST listens.")
