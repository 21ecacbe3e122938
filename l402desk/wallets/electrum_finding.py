"""How a payment stands, found out from what Electrum says of its invoice, its channels and its history."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from l402desk.protocol.payment import Failed, Paid, PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.electrum_rpc import ElectrumRpc
from l402desk.wallets.electrum_words import (
    FORGOTTEN,
    NOT_CLEARED,
    ON_ITS_WAY,
    PEER_AWAY,
    UNSAID,
    WITHOUT_PROOF,
    Channels,
    Given,
    Standing,
    Trouble,
    exported,
    settled,
)
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.quiet import STILL_TRYING, Quiet

QUEUED_S = 60.0
"""An order whose answer got lost may lie unread in a busy Electrum for so long."""
STUCK_S = 600.0
"""Electrum begins no attempt later than two minutes after the order. What stands as in flight for so long, with nothing
out, is likely what 4.3 forgets to clear where it cannot read why a payee refused. It is no proof: a channel shows
nothing of what a peer has not confirmed, and Electrum does not notice that a peer stands still."""


class Finder:
    """Asks one Electrum, and remembers when it was given an order. ``clock`` is never set back."""

    def __init__(self, rpc: ElectrumRpc, clock: Callable[[], float] = time.monotonic) -> None:
        self._rpc = rpc
        self._queued = Quiet(QUEUED_S, clock)
        self._stuck = Quiet(STUCK_S, clock)

    def begins(self, payment_hash: PaymentHash) -> None:
        """The order is about to be given."""
        self._queued.begins(payment_hash)
        self._stuck.begins(payment_hash)

    def ends(self, payment_hash: PaymentHash) -> None:
        """The order was answered, or never reached Electrum: it lies unread no more."""
        self._queued.ends(payment_hash)

    async def find(self, payment_hash: PaymentHash) -> PaymentResult | None:
        """As `Backend` says. The order of the questions matters: what settles in between must not be missed."""
        given = await self._given(payment_hash)
        channels = None if given is None else await self._channels_for(given, payment_hash)
        found = await self._settled(payment_hash, given)
        if found is not None or given is None:
            return found  # also of one in flight: Electrum may have lost track of it
        if given.standing is Standing.IN_FLIGHT:
            return ON_ITS_WAY if channels is None or channels.are_waiting else FORGOTTEN
        return UNSAID if channels is None else self._failed(payment_hash, given, channels)

    def _failed(self, payment_hash: PaymentHash, given: Given, channels: Channels) -> PaymentResult:
        """`Failed`, or why nobody can tell yet."""
        failed: Failed | None = given.has_failed(channels)
        if failed is None:
            return NOT_CLEARED if channels.are_waiting else UNSAID if channels.are_told else PEER_AWAY
        if given.standing is Standing.FAILED and not self._queued.reigns(payment_hash, None):
            return STILL_TRYING  # it may be an earlier attempt that failed
        return failed

    async def _given(self, payment_hash: PaymentHash) -> Given | None:
        """The invoice as Electrum wrote it down; None where it did not."""
        reply = await self._rpc.ask("get_invoice", {"invoice_id": payment_hash.hex})
        trouble = self._rpc.trouble(reply)
        if trouble is not None and trouble.is_no_such_invoice:
            return None
        return Given.read(self._rpc.result(reply), payment_hash)

    async def _channels_for(self, given: Given, payment_hash: PaymentHash) -> Channels | None:
        """None where they would tell nothing more."""
        if given.standing is Standing.IN_FLIGHT and not self._stuck.reigns(payment_hash, None):
            return None
        wanted = (Standing.EXPIRED, Standing.FAILED, Standing.IN_FLIGHT)
        return await self.channels() if given.standing in wanted else None

    async def channels(self) -> Channels:
        """Raises WalletError."""
        channels = Channels.read(await self._rpc.told("list_channels"))
        if channels is None:
            raise self._rpc.no_electrum("tells no channels")
        return channels

    async def _settled(self, payment_hash: PaymentHash, given: Given | None) -> PaymentResult | None:
        """The payment, if Electrum has settled it. Raises WalletError where that cannot be told."""
        was_paid = given is not None and given.standing is Standing.PAID
        try:
            found = settled(await self._rpc.told("lightning_history"), payment_hash)
        except NoAnswer as error:  # that of a wallet that paid thousands may be more than can be read
            return await self._settled_without_history(payment_hash, given, error)
        if was_paid and not isinstance(found, Paid):
            answer = await self._export(payment_hash)
            return exported(answer.get("result"), payment_hash) or WITHOUT_PROOF
        return found

    async def _settled_without_history(
        self, payment_hash: PaymentHash, given: Given | None, missing: NoAnswer
    ) -> PaymentResult | None:
        answer = await self._export(payment_hash)
        if given is not None and given.standing is Standing.PAID:
            proof = exported(answer.get("result"), payment_hash)
            if proof is None:
                raise missing
            return proof
        # A preimage alone proves no payment: Electrum knows those of its own invoices.
        has_none = Trouble.read(answer) is None and answer.get("result", "") is None
        if has_none or (given is not None and given.needs_no_history):
            return None
        raise missing

    async def _export(self, payment_hash: PaymentHash) -> Mapping[str, Any]:
        """The answer of those that have this command, since 4.6; of others an empty one."""
        return (await self._rpc.ask("export_lightning_preimage", {"payment_hash": payment_hash.hex})).json_or_empty()
