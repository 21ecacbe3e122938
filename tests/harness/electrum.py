"""An Electrum that speaks the part of its RPC that pays (4.3.4 or 4.8), spends play money, and lies when told to.

It can pay every invoice of a mint, each hash once. The file of debits is read at the start. The lies are in
`electrum_lies`; the answers are those of the real one, see facts/wallets.md §1.11 and tests/peers/test_electrum.py.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.harness.disguises import disguised
from tests.harness.electrum_answers import EVERYWHERE, FORGOTTEN, INSTEAD, ODD, REFUSALS, error, result
from tests.harness.electrum_lies import DROPPING, LIES, UNPAID
from tests.harness.liar import PATIENCE, Server
from tests.harness.mint import Mint
from tests.harness.paid import Debit
from tests.harness.serving import Answer, Drop, Hang, Question

UNPAID_STANDING, EXPIRED, SETTLED, IN_FLIGHT, FAILED = 0, 1, 3, 4, 5
OLD, NEW = "4.3.4", "4.8.1"
RESERVE_SATS = 1_000
FIRST = {
    "in-flight-then-settled": IN_FLIGHT,
    "in-flight-then-failed": IN_FLIGHT,
    "in-flight-forever": IN_FLIGHT,
    "internal-error": IN_FLIGHT,
    "lost-track": IN_FLIGHT,
    "parts-on-their-way": FAILED,
    "did-not-clear": FAILED,
    "restarted": UNPAID_STANDING,
    "expired-on-its-way": EXPIRED,
    "peer-away": EXPIRED,
    "less-than-a-sat": EXPIRED,
    "failed-of-another": FAILED,
    "look-up-junk": FAILED,
    "forgotten": IN_FLIGHT,
    "no-route": FAILED,
    "insufficient": FAILED,
    "expired-unpaid": EXPIRED,
}
"""How an invoice stands at first, for those whom it is told; the others have it settled."""
OUT = frozenset(
    {"parts-on-their-way", "did-not-clear", "restarted", "expired-on-its-way", "less-than-a-sat", "internal-error",
     "in-flight-then-settled", "in-flight-forever", "in-flight-then-failed"}
)  # fmt: skip
"""Something can be seen on the channels until the payment is over."""
CHANGING = (OUT | {"peer-away"}) - {"in-flight-forever"}


class Trouble(Exception):  # noqa: N818 - what is told
    """An error of the RPC."""


@dataclass(slots=True)
class Payment:
    """``standing`` is how it stands if asked; ``left`` tells whether money did, or will."""

    msat: int
    fee: int
    standing: int
    left: bool
    look_ups: int = 0

    @property
    def is_over(self) -> bool:
        return self.standing == (SETTLED if self.left else FAILED)


class Electrum(Server[Payment]):
    """The wallet. ``counts`` counts the commands."""

    lies = LIES

    def __init__(
        self,
        mint: Mint,
        ledger: Path,
        *,
        lie: str = "",
        fee: int = 1_000,
        balance: int = 1_000_000_000,
        version: str = OLD,
        password: str = "",
    ) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.fee = fee
        self.version = version
        self.user, self.password = "user", password or secrets.token_urlsafe(16)
        self.asks_for_password = True
        self.info: dict[str, Any] = {"network": "regtest", "connected": True, "version": version}
        self._commands: dict[str, Callable[..., object]] = {
            "version": lambda: self.version,
            "getinfo": self._getinfo,
            "getbalance": self._getbalance,
            "list_channels": self._list_channels,
            "get_invoice": self._get_invoice,
            "lightning_history": self._history,
        }
        if version == NEW:
            self._commands["export_lightning_preimage"] = self._export

    @property
    def connection(self) -> str:
        """As this app connects to it."""
        scheme, _, at = self.url.partition("://")
        return f"electrum+{scheme}://{self.user}:{self.password}@{at}"

    def _remembered(self, debit: Debit) -> Payment:
        return Payment(debit.msat, debit.fee, SETTLED, left=True)

    def _come_true(self, payment: Payment) -> None:
        payment.standing = SETTLED if payment.left else FAILED

    # The conversation

    async def _answer(self, asked: Question) -> Answer:
        refusal = self._led_elsewhere(asked) or EVERYWHERE.get(self.lie)
        refusal = refusal or self._login_refusal(asked.headers.get("authorization"))
        if refusal is not None:
            return refusal
        try:
            told = json.loads(asked.body)
            command, params = str(told["method"]), dict(told["params"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return Answer(500, b"Invalid Request", "text/plain")
        self.counts[command] += 1
        if command == "lnpay":
            return self._lnpay(params)
        if command not in self._commands:
            return Answer(500, b"Invalid Request", "text/plain")
        return self._looked_up(command, params)

    def _login_refusal(self, authorization: str | None) -> Answer | None:
        if not self.asks_for_password:
            return None
        if authorization is None:
            return EVERYWHERE["no-password"]
        wanted = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return None if authorization == f"Basic {wanted}" else EVERYWHERE["wrong-password"]

    def _looked_up(self, command: str, params: dict[str, Any]) -> Answer:
        if command not in ("version", "getinfo"):
            said = self._instead_of_look_up(command)
            if said is not None:
                return said
        try:
            return result(self._commands[command](**params))
        except Trouble as trouble:
            return error(str(trouble))

    def _instead_of_look_up(self, command: str) -> Answer | None:
        if self.lie == "look-up-hang":
            raise Hang
        return ODD.get((self.lie, command)) or ODD.get((self.lie, "")) or None

    # Paying

    def _lnpay(self, params: dict[str, Any]) -> Answer:
        if self.lie in ("not-loaded", "no-lightning"):
            return ODD[self.lie, "lnpay" if self.lie == "no-lightning" else ""]
        self.orders.append(params)
        limit = {"max_fee_msat", "max_cltv"} if self.version == NEW else set()
        unknown = sorted(set(params) - {"invoice", "timeout", "wallet"} - limit)
        if unknown:
            return error(f"Commands.lnpay() got an unexpected keyword argument '{unknown[0]}'")
        if self.lie in REFUSALS:
            return REFUSALS[self.lie]
        try:
            invoice = read_invoice(str(params["invoice"]))
        except ProtocolError:
            return error("Bad bech32 checksum")
        if invoice.amount is None:
            return error("Missing amount")
        if invoice.is_expired(int(time.time())):
            return REFUSALS["expired"]
        self._break_off_before_paying()
        return self._pay(invoice, invoice.amount.value, params.get("max_fee_msat"))

    def _pay(self, invoice: Invoice, msat: int, limit: int | None) -> Answer:
        payment_hash = invoice.payment_hash
        known = self.payments.get(payment_hash)
        if known is not None and known.standing != FAILED:
            return INSTEAD["already-paid" if known.standing == SETTLED else "did-not-clear"]
        cannot = self.mint.preimage(payment_hash) is None or msat + self.fee > self.balance
        if cannot or (limit is not None and limit < self.fee) or self.lie in UNPAID:
            self.payments[payment_hash] = Payment(msat, 0, FIRST.get(self.lie, FAILED), left=False)
            if self.lie in DROPPING:
                raise Drop
            if self.lie == "in-flight-then-failed":
                raise Hang
            if self.lie == "forgotten":
                return FORGOTTEN
            return self._lnpay_result(payment_hash, success=False)
        payment = Payment(msat, self.fee, FIRST.get(self.lie, SETTLED), left=True)
        self.payments[payment_hash] = payment
        self._spend(payment_hash, msat, self.fee)
        return self._told_of(payment_hash)

    def _told_of(self, payment_hash: PaymentHash) -> Answer:
        """How the answer to a payment that was just made looks."""
        if self.lie in DROPPING or self.lie == "drop-after":
            raise Drop
        if self.lie in ("hang", "in-flight-then-settled", "in-flight-forever"):
            raise Hang
        if self.lie in INSTEAD:
            return INSTEAD[self.lie]
        whole = self._lnpay_result(payment_hash, success=self.lie != "parts-on-their-way")
        return Answer(200, whole.body[: len(whole.body) // 2], then="cut") if self.lie == "truncated" else whole

    def _lnpay_result(self, payment_hash: PaymentHash, *, success: bool) -> Answer:
        told: dict[str, Any] = {
            "payment_hash": payment_hash.hex,
            "success": success,
            "preimage": self._preimage(payment_hash, is_look_up=False) if success else None,
            "log": [["2", "2x2x0", "Success"]] if success else [],
        }
        if self.lie == "odd-fields":
            told |= {"payment_hash": 7, "success": "yes", "preimage": [1]}
        if self.lie == "other-payment":
            _, preimage, other = self.mint.new(1_000)
            told |= {"payment_hash": other.hex, "preimage": preimage.hex}
        return result(told)

    def _preimage(self, payment_hash: PaymentHash, *, is_look_up: bool) -> str | None:
        preimage = self.mint.preimage(payment_hash)
        lie = "late-preimage" if self.lie == "history-lost" else self.lie
        return disguised(lie, preimage, is_look_up=is_look_up)

    # Looking

    def _getinfo(self) -> dict[str, Any]:
        if self.lie == "offline":
            raise Trouble("'NoneType' object has no attribute 'get_parameters'")
        return self.info

    def _getbalance(self) -> dict[str, str]:
        held = 0 if self.lie == "insufficient" else self.balance
        told = {"confirmed": "0.5"}
        if held:  # Electrum leaves zeros out
            told["lightning"] = f"{held // 10**11}.{held % 10**11:011}".rstrip("0")
        return told

    def _list_channels(self) -> list[dict[str, Any]]:
        changing = [payment for payment in self.payments.values() if not payment.is_over]
        channel = {
            "type": "CHANNEL",
            "state": "OPEN",
            "peer_state": "DISCONNECTED" if changing and self.lie == "peer-away" else "GOOD",
            "local_balance": self.balance // 1000,
            "local_reserve": RESERVE_SATS,
            "local_unsettled_sent": sum(one.msat // 1000 for one in changing) if self.lie in OUT else 0,
        }
        done = {"type": "CHANNEL", "state": "REDEEMED", "peer_state": "DISCONNECTED", "local_unsettled_sent": 9}
        return [channel, done, {"type": "BACKUP", "state": "CLOSED"}]

    def _get_invoice(self, invoice_id: str) -> dict[str, Any]:
        payment_hash = PaymentHash.from_hex(invoice_id)
        payment = self.payments.get(payment_hash)
        if payment is None or self.lie in ("not-found", "invoice-gone", "incoming"):
            raise Trouble("Request not found")
        payment.look_ups += 1
        if self.lie in CHANGING and payment.look_ups > PATIENCE:
            payment.standing = SETTLED if payment.left else FAILED
        another = self.lie == "failed-of-another"
        return {
            "is_lightning": True,
            "status": payment.standing,
            "invoice_id": secrets.token_hex(32) if another else payment_hash.hex,
            "amount_msat": payment.msat,
        }

    def _history(self) -> list[dict[str, Any]]:
        opening = {"type": "channel_opening", "amount_msat": self.balance, "direction": 1, "fee_msat": None}
        if self.lie in ("not-found", "failed-of-another", "history-lost"):
            return [opening]
        standing = IN_FLIGHT if self.lie == "lost-track" else SETTLED
        settled = [(h, p) for h, p in self.payments.items() if p.left and p.standing == standing]
        return [opening, *(self._item(payment_hash, payment) for payment_hash, payment in settled)]

    def _item(self, payment_hash: PaymentHash, payment: Payment) -> dict[str, Any]:
        came_in = self.lie == "incoming"
        return {
            "type": "payment",
            "direction": int(came_in),
            "amount_msat": payment.msat if came_in else -payment.msat - payment.fee,
            "fee_msat": None if came_in else payment.fee,
            "payment_hash": payment_hash.hex,
            "preimage": self._preimage(payment_hash, is_look_up=True),
        }

    def _export(self, payment_hash: str) -> str | None:
        known = self.payments.get(PaymentHash.from_hex(payment_hash))
        is_paid = known is not None and known.left
        return self._preimage(PaymentHash.from_hex(payment_hash), is_look_up=True) if is_paid else None
