"""A node that speaks the part of LND's REST (0.21) that pays, spends play money, and lies when it is told to.

It can pay every invoice of a mint, each hash once. The file of debits is read at the start: what was paid stays paid
over a kill. The lies are in `lnd_lies`.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.fakes.baked import LEAST, bake
from tests.harness.disguises import disguised
from tests.harness.liar import PATIENCE, Server
from tests.harness.lnd_lies import DROPPING, IN_FLIGHT, LIES, REASONS, UNPAID
from tests.harness.mint import Mint
from tests.harness.paid import Debit
from tests.harness.serving import Answer, Drop, Hang, Question, answer, stream

PAGE = b"<!doctype html><title>One moment</title><p>The node is being restarted."
LOCKED = "wallet locked, unlock it to enable full RPC access"
STARTING = "the RPC server is in the process of starting up, but not yet ready to accept calls"
MISMATCH = "verification failed: signature mismatch after caveat verification"


@dataclass(slots=True)
class Payment:
    """``status`` is how it stands if asked; ``left`` tells whether money did."""

    msat: int
    fee: int
    status: str
    left: bool
    reason: str = "NONE"
    look_ups: int = 0


def problem(status: int, code: int, message: str) -> Answer:
    """An error as grpc-gateway v2 tells it outside a stream."""
    return answer(status, {"code": code, "message": message, "details": []})


def broken(status: int, code: int, message: str) -> Answer:
    """An error as grpc-gateway tells it within a stream."""
    return stream({"error": {"code": code, "message": message, "details": []}}, status=status)


NOT_INITIATED = broken(404, 5, "payment isn't initiated")
INSTEAD = {
    "already-paid": broken(409, 6, "invoice is already paid"),
    "in-transition": broken(409, 6, "payment is in transition"),
    "not-initiated-after": NOT_INITIATED,
    "expired-after": broken(500, 2, "invoice expired. Valid until 2026-01-01 00:00:00 +0000 UTC"),
    "error-at-the-top": problem(500, 2, "router shutting down"),
    "error-below": broken(200, 14, "transport is closing"),
    "error-as-text": answer(500, {"error": "context canceled", "message": "context canceled", "code": 1}),
    "html": Answer(200, PAGE, "text/html"),
    "500": Answer(500, b"Internal Server Error", "text/plain"),
    "empty": Answer(200),
    "junk-lines": Answer(200, b"null\n[1]\n7\n{\n\xff\n\n"),
    "deep": Answer(200, b'{"result":' * 100_000 + b"}" * 100_000),
    "huge": Answer(200, b'{"result":"' + b"0" * (64 * 1024 * 1024) + b'"}\n'),
}
"""What is said of a payment that was made, instead of how it stands."""
REFUSALS = {
    "invoice-expired": broken(500, 2, "invoice expired. Valid until 2026-01-01 00:00:00 +0000 UTC"),
    "permission-denied": problem(500, 2, "permission denied"),
    "permission-denied-7": problem(403, 7, "permission denied"),
    "restarting": answer(500, {"error": STARTING, "message": STARTING, "code": 2}),
    "no-method": problem(404, 5, "Not Found"),
}


class Lnd(Server[Payment]):
    """The node. ``counts`` counts the questions by path."""

    lies = LIES

    def __init__(
        self,
        mint: Mint,
        ledger: Path,
        *,
        lie: str = "",
        fee: int = 1_000,
        balance: int = 1_000_000_000,
        operations: tuple[str, ...] = LEAST,
        macaroon: str = "",
    ) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.fee = fee
        self.macaroon = macaroon or bake(*operations)
        self.info: dict[str, Any] = {
            "alias": "mock", "version": "0.21.2-beta", "synced_to_chain": True, "synced_to_graph": True,
            "num_active_channels": 2, "chains": [{"chain": "bitcoin", "network": "regtest"}],
        }  # fmt: skip

    def _remembered(self, debit: Debit) -> Payment:
        return Payment(debit.msat, debit.fee, "SUCCEEDED", left=True)

    def _come_true(self, payment: Payment) -> None:
        payment.status = "SUCCEEDED" if payment.left else "FAILED"

    # The conversation

    async def _answer(self, asked: Question) -> Answer:
        path = "/v2/router/track" if asked.path.startswith("/v2/router/track/") else asked.path
        self.counts[f"{asked.method} {path}"] += 1
        refusal = self._led_elsewhere(asked) or self._refusal(asked)
        if refusal is not None:
            return refusal
        match asked.method, path:
            case "GET", "/v1/getinfo":
                return answer(200, self.info)
            case "GET", "/v1/balance/channels":
                told = {"sat": str(self.balance // 1000), "msat": str(self.balance)}
                return answer(200, {"balance": told["sat"], "local_balance": told})
            case "POST", "/v2/router/send":
                return await self._send(asked.body)
            case "GET", "/v2/router/track":
                return await self._track(asked.path.rpartition("/")[2])
        return problem(404, 5, "Not Found")

    def _refusal(self, asked: Question) -> Answer | None:
        match self.lie:
            case "no-lnd":
                return Answer(404, PAGE, "text/html")
            case "wallet-locked":
                return problem(500, 2, LOCKED)
            case "restarting" if "/router/" in asked.path:
                return REFUSALS["restarting"]
        if self.lie == "wrong-macaroon" or asked.headers.get("grpc-metadata-macaroon") != self.macaroon:
            return problem(500, 2, MISMATCH)
        return None

    async def _send(self, body: bytes) -> Answer:
        try:
            asked = json.loads(body)
            invoice = read_invoice(str(asked["payment_request"]))
        except (ValueError, KeyError, TypeError, RecursionError, ProtocolError):
            return broken(400, 3, "invalid payment request")
        self.orders.append(asked)
        self._break_off_before_paying()
        if self.lie in REFUSALS:
            return REFUSALS[self.lie]
        if invoice.is_expired(int(time.time())):
            return REFUSALS["invoice-expired"]
        known = self.payments.get(invoice.payment_hash)
        if known is not None and known.status != "FAILED":
            return INSTEAD["already-paid" if known.status == "SUCCEEDED" else "in-transition"]
        payment = self._pay(invoice, int(asked.get("fee_limit_msat", "0")))
        return self._told_of(invoice.payment_hash, payment)

    def _pay(self, invoice: Invoice, fee_limit: int) -> Payment:
        assert invoice.amount is not None
        msat = invoice.amount.value
        payment = Payment(msat, self.fee, "SUCCEEDED", left=self.lie not in UNPAID)
        self.payments[invoice.payment_hash] = payment
        if msat + self.fee > self.balance:
            payment.reason = "INSUFFICIENT_BALANCE"
        elif self.mint.preimage(invoice.payment_hash) is None or fee_limit < self.fee:
            payment.reason = "NO_ROUTE"
        elif self.lie in REASONS:
            payment.reason = REASONS[self.lie]
        elif self.lie in IN_FLIGHT:
            payment.status = "IN_FLIGHT"
        if payment.reason != "NONE" or self.lie == "no-reason":
            payment.status, payment.left = "FAILED", False
        if payment.left:
            self._spend(invoice.payment_hash, msat, self.fee)
        return payment

    def _told_of(self, payment_hash: PaymentHash, payment: Payment) -> Answer:
        """How the answer to a payment that was just made looks."""
        if self.lie == "hang":
            raise Hang
        if self.lie in DROPPING:
            raise Drop
        if self.lie in INSTEAD:
            return INSTEAD[self.lie]
        told = self._described(payment_hash, payment, is_look_up=False)
        bent = _bent(self.lie, told)
        if bent is not None:
            return bent
        return stream({"result": told}, then="hang" if payment.status == "IN_FLIGHT" else "end")

    async def _track(self, name: str) -> Answer:
        try:
            payment_hash = PaymentHash(base64.urlsafe_b64decode(name))
        except (ValueError, ProtocolError):
            return problem(400, 3, "type mismatch, parameter: payment_hash")
        match self.lie:
            case "track-hang":
                raise Hang
            case "track-500":
                return problem(500, 2, "unable to query payments")
            case "track-404":
                return Answer(404, PAGE, "text/html")
            case "track-no-method":
                return problem(404, 5, "Not Found")
            case "track-vague":
                return stream({"result": {}})
        payment = self.payments.get(payment_hash)
        if payment is None or self.lie == "not-found":
            return NOT_INITIATED
        payment.look_ups += 1
        if self.lie in IN_FLIGHT and self.lie != "in-flight-forever" and payment.look_ups > PATIENCE:
            payment.status = "SUCCEEDED" if payment.left else "FAILED"
        elif self.lie == "in-transition":
            payment.status = "IN_FLIGHT"
        told = {"result": self._described(payment_hash, payment, is_look_up=True)}
        return stream(told, then="hang" if payment.status == "IN_FLIGHT" else "end")

    def _described(self, payment_hash: PaymentHash, payment: Payment, *, is_look_up: bool) -> dict[str, Any]:
        """The Payment of lnd: 64-bit numbers as text, everything there whether it was set or not."""
        told: dict[str, Any] = {
            "payment_hash": payment_hash.hex,
            "value_msat": str(payment.msat),
            "payment_preimage": self._preimage(payment_hash, payment, is_look_up=is_look_up),
            "status": payment.status,
            "fee_msat": str(payment.fee if payment.status == "SUCCEEDED" else 0),
            "fee_sat": str(payment.fee // 1000),
            "failure_reason": f"FAILURE_REASON_{payment.reason}",
            "htlcs": [],
        }
        if self.lie == "odd-fields":
            told |= {"status": ["SUCCEEDED"], "payment_preimage": 7, "fee_msat": {}, "payment_hash": 12}
        if self.lie == "no-preimage":
            del told["payment_preimage"]
        if self.lie == "other-payment" and not is_look_up:
            _, preimage, other = self.mint.new(payment.msat)
            told |= {"payment_hash": other.hex, "payment_preimage": preimage.hex}
        return told

    def _preimage(self, payment_hash: PaymentHash, payment: Payment, *, is_look_up: bool) -> str | None:
        preimage = self.mint.preimage(payment_hash)
        if payment.status != "SUCCEEDED" or preimage is None:
            return "0" * 64
        return disguised(self.lie, preimage, is_look_up=is_look_up, none="0" * 64)


def _bent(lie: str, told: dict[str, Any]) -> Answer | None:
    """The stream of a payment that was made, as a lie has it; None where it bends nothing there."""
    failed = told | {"status": "FAILED", "failure_reason": "FAILURE_REASON_NO_ROUTE", "payment_preimage": "0" * 64}
    error = {"code": 2, "message": "permission denied", "details": []}
    match lie:
        case "failed-of-another":
            return stream({"result": failed | {"payment_hash": secrets.token_hex(32)}})
        case "failed-of-nobody":
            return stream({"result": {name: failed[name] for name in failed if name != "payment_hash"}})
        case "result-and-error":
            return stream({"result": failed, "error": error})
        case "failed-under-500":
            return stream({"result": failed}, status=500)
        case "denied-midway":
            return stream({"result": failed | {"status": "IN_FLIGHT"}}, {"error": error})
        case "then-error":
            return stream({"result": told}, {"error": error})
        case "truncated":
            whole = stream({"result": told}).body
            return Answer(200, whole[: len(whole) // 2], then="drop")
    return None
