"""Reads what Electrum's RPC says about payments (4.3 to 4.8): every field may be a lie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.wallets.amounts import read_msat
from l402desk.wallets.preimages import read_proof
from l402desk.wallets.quoting import foreign

WITHOUT_PROOF = PaidWithoutProof("Electrum says that it paid, and shows no preimage of this invoice.")
ON_ITS_WAY = Unknown("Electrum says that the payment is on its way.")
FORGOTTEN = Unknown(
    "Electrum says that the payment is on its way, and its channels show nothing of it. Restart Electrum: what it says "
    "then, when the invoice has expired, counts."
)
NOT_CLEARED = Unknown("Electrum did not pay this yet, and something that it sent has neither arrived nor come back.")
PEER_AWAY = Unknown("Electrum did not pay this yet, and one of its channels has no connection: it may know more then.")
UNSAID = Unknown("Electrum does not say how the payment stands.")
FAILED = Failed("Electrum tried to pay, failed, and no money left.")
RAN_OUT = Failed("The invoice expired, and Electrum has not paid it.")

SMALLEST_SPLIT = Msat(20_000_000)
"""Electrum sends less than this in one piece (its parts have 10,000 sats at least)."""
_ROUNDED = Msat(1_000)
"""What Electrum tells of channels is rounded down to sats."""
_COINS = re.compile(r"([0-9]{1,8})(?:\.([0-9]{1,11}))?")
_NO_INVOICE = re.compile(r"(?:request|invoice) not found")
# Said before Electrum looks at the invoice.
_NOT_READY = {
    "wallet not loaded": (
        "Electrum has no wallet open.",
        "Open it in Electrum, or with “electrum load_wallet”, then try again.",
    ),
    "lightning not enabled": (
        "This Electrum wallet has no Lightning.",
        "Make one in Electrum that has it, open a channel, and connect that.",
    ),
    "password required": ("The wallet is locked in Electrum.", "Unlock it there, then try again."),
    "incorrect password": ("The wallet is locked in Electrum.", "Unlock it there, then try again."),
}
_UNDER_WAY = re.compile(r"has been paid already|was already initiated|previous attempt .*did not clear")
_NO_LIMIT = re.compile(r"unexpected keyword argument '(?:max_fee_msat|max_cltv)'")


class Standing(IntEnum):
    """How an invoice stands that Electrum was given to pay (electrum/invoices.py)."""

    UNPAID = 0
    EXPIRED = 1
    PAID = 3
    IN_FLIGHT = 4
    FAILED = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error of the RPC. ``message`` is foreign text, not yet for the eye, and in the language of that Electrum."""

    message: str

    @classmethod
    def read(cls, answer: Mapping[str, Any], *secrets: str) -> Trouble | None:
        """The error that an answer tells of, None where it tells none. Never raises.

        ``secrets`` that it repeats are left out.
        """
        error = answer.get("error")
        if error is None:
            return None
        if not isinstance(error, dict):
            return cls(foreign(error, *secrets))
        data = error.get("data")
        inner = data.get("exception") if isinstance(data, dict) else None  # since 4.5, for what no user should see
        message = inner if isinstance(inner, str) else error.get("message")
        return cls(foreign(message, *secrets))

    @property
    def _says(self) -> str:
        return self.message.strip().lower()

    @property
    def shown(self) -> str:
        """For the eye, as a sentence."""
        said = visible(self.message.strip(), 200)
        return f"Electrum answered: {said}{'' if said.endswith('.') else '.'}" if said else "Electrum had an error."

    @property
    def not_ready(self) -> tuple[str, str] | None:
        """What happened and what to do, where no wallet can answer."""
        return next((words for said, words in _NOT_READY.items() if said in self._says), None)

    @property
    def is_no_such_invoice(self) -> bool:
        return _NO_INVOICE.search(self._says) is not None

    @property
    def is_under_way(self) -> bool:
        """Does it say that the invoice was paid before, or may be being paid?"""
        return _UNDER_WAY.search(self._says) is not None

    @property
    def is_no_such_limit(self) -> bool:
        """Does this Electrum know no fee limit? Nothing is begun then."""
        return _NO_LIMIT.search(self._says) is not None


@dataclass(frozen=True, slots=True)
class Told:
    """What ``lnpay`` came to. ``has_ended`` is an answer that can be read: Electrum tries no more."""

    succeeded: bool
    has_ended: bool
    preimage: Preimage | None = field(repr=False)

    @classmethod
    def read(cls, result: object, payment_hash: PaymentHash) -> Told:
        """Never raises, whatever the result is."""
        if not isinstance(result, dict):
            return cls(succeeded=False, has_ended=False, preimage=None)
        success, named = result.get("success"), result.get("payment_hash")
        is_another = isinstance(named, str) and named.lower() != payment_hash.hex
        return cls(
            succeeded=success is True and not is_another,
            has_ended=isinstance(success, bool) and not is_another,
            preimage=read_proof(result.get("preimage"), payment_hash),
        )


@dataclass(frozen=True, slots=True)
class Given:
    """An invoice that Electrum was given to pay; ``standing`` is None for a word that this app does not know."""

    standing: Standing | None
    amount: Msat | None

    @classmethod
    def read(cls, result: object, payment_hash: PaymentHash) -> Given:
        """Never raises, whatever the result is."""
        told = result if isinstance(result, dict) else {}
        status, named, amount = told.get("status"), told.get("invoice_id"), told.get("amount_msat")
        is_another = isinstance(named, str) and named.lower() != payment_hash.hex
        known = type(status) is int and not is_another
        return cls(next((one for one in Standing if known and one == status), None), read_msat(amount))

    @property
    def needs_no_history(self) -> bool:
        """Is it known without: in flight, or failed in the one piece that it was sent in?"""
        small = self.amount is not None and self.amount < SMALLEST_SPLIT
        return self.standing is Standing.IN_FLIGHT or (self.standing is Standing.FAILED and small)

    def has_failed(self, channels: Channels) -> Failed | None:
        """The proof that no money left and none will, if there is one: Electrum stopped trying, and nothing is out.

        Electrum says FAILED as soon as it stops trying, with parts perhaps still on their way, and forgets it at its
        next start: of an invoice that is EXPIRED by then, no new attempt begins.
        """
        if channels.are_waiting or self.amount is None:
            return None
        if self.standing is Standing.FAILED and (self.amount < SMALLEST_SPLIT or channels.are_told):
            return FAILED
        if self.standing is Standing.EXPIRED and self.amount >= _ROUNDED and channels.are_told:
            return RAN_OUT
        return None


@dataclass(frozen=True, slots=True)
class Channels:
    """``are_waiting``: something that was sent is neither there nor back. ``are_told``: no peer holds back news of it.

    ``open`` counts those that could be paid from.
    """

    are_waiting: bool
    are_told: bool
    open: int

    @classmethod
    def read(cls, result: object) -> Channels | None:
        """None for what is no list of channels."""
        if not isinstance(result, list) or not all(isinstance(one, dict) for one in result):
            return None
        mine = [one for one in result if one.get("type") != "BACKUP" and one.get("state") not in _WITHOUT_MONEY]
        unsettled = [one.get("local_unsettled_sent") for one in mine]
        if not all(type(sats) is int for sats in unsettled):
            return None
        good = [one for one in mine if one.get("peer_state") == "GOOD"]
        return cls(
            are_waiting=any(unsettled),
            are_told=len(good) == len(mine),
            open=sum(1 for one in mine if one.get("state") == "OPEN"),
        )


_WITHOUT_MONEY = ("PREOPENING", "OPENING", "FUNDED", "REDEEMED")


def settled(history: object, payment_hash: PaymentHash) -> PaymentResult | None:
    """What ``lightning_history`` says of a payment that went out; None where it has none.

    What came in has its hash there as well: that is another's payment of an invoice of this wallet.
    """
    items: Sequence[object] = history if isinstance(history, list) else []
    for item in items:
        if isinstance(item, dict) and _is_outgoing(item, payment_hash):
            preimage = read_proof(item.get("preimage"), payment_hash)
            return WITHOUT_PROOF if preimage is None else Paid(preimage, read_msat(item.get("fee_msat")))
    return None


def _is_outgoing(item: Mapping[str, Any], payment_hash: PaymentHash) -> bool:
    named, amount = item.get("payment_hash"), item.get("amount_msat")
    return isinstance(named, str) and named.lower() == payment_hash.hex and type(amount) is int and amount < 0


def exported(result: object, payment_hash: PaymentHash) -> Paid | None:
    """What ``export_lightning_preimage`` proves of a payment that is known to have gone out."""
    preimage = read_proof(result, payment_hash)
    return None if preimage is None else Paid(preimage)


def coins(value: object) -> Msat | None:
    """An amount as Electrum writes it, in bitcoins with up to eleven decimals."""
    found = _COINS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    msat = int(found[1] + (found[2] or "").ljust(11, "0"))
    return Msat(msat) if msat <= MOST else None
