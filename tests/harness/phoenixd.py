"""A server that speaks the part of phoenixd's API (0.8) that pays, spends play money, and lies when it is told to.

It can pay every invoice of a mint, each hash once. The file of debits is read at the start: what was paid stays paid
over a kill. The lies are in `phoenixd_lies`.
"""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.harness.disguises import disguised
from tests.harness.liar import PATIENCE, Server
from tests.harness.mint import Mint
from tests.harness.paid import Debit
from tests.harness.phoenixd_lies import DROPPING, LIES, PENDING, REASONS, UNPAID
from tests.harness.serving import Answer, Drop, Hang, Question, answer

PAGE = b"<!doctype html><title>One moment</title><p>The server is being restarted."


def text(status: int, words: str) -> Answer:
    """Errors are plain text there."""
    return Answer(status, words.encode(), "text/plain; charset=UTF-8")


UNAUTHORIZED = text(401, "Invalid authentication (use basic auth with the http password set in phoenix.conf)")
UNKNOWN = text(404, "Not found")
NO_ENDPOINT = text(404, "Unknown endpoint (check api doc)")
NO_INVOICE = text(400, "Request parameter invoice is missing")
BAD_INVOICE = text(400, "Request parameter invoice couldn't be parsed/converted to bolt11invoice")
INSTEAD = {
    "html": Answer(200, PAGE, "text/html"),
    "empty": answer(200, {}),
    "400-and-unknown": text(400, "Bad Request"),
    "400-after": text(400, "Bad Request"),
    "500": text(500, "java.lang.IllegalStateException"),
    "502": Answer(502, PAGE, "text/html"),
    "deep": Answer(200, b'{"reason":' * 100_000 + b"}" * 100_000),
    "huge": Answer(200, b'{"paymentPreimage":"' + b"0" * (64 * 1024 * 1024) + b'"}'),
}
"""What is said of an order, instead of what became of it."""


@dataclass(slots=True)
class Payment:
    """``status`` is how it stands if asked: paid, pending or failed. ``left`` tells whether money did."""

    msat: int
    fee: int
    status: str
    left: bool
    bolt11: str = ""
    look_ups: int = 0
    at: float = field(default_factory=time.time)


def fee_of(msat: int) -> int:
    """4 sats and 0.4 %, in msat."""
    return 4_000 + msat * 4 // 1_000


class Phoenixd(Server[Payment]):
    """The server. ``counts`` counts the questions by path."""

    lies = LIES

    def __init__(self, mint: Mint, ledger: Path, *, lie: str = "", balance: int = 1_000_000_000) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.password, self.limited = secrets.token_hex(16), secrets.token_hex(16)
        self.info: dict[str, Any] = {
            "nodeId": "02" * 33,
            "channels": [],
            "chain": "regtest",
            "version": "0.8.0",
        }

    def _remembered(self, debit: Debit) -> Payment:
        return Payment(debit.msat, debit.fee, "paid", left=True)

    def _come_true(self, payment: Payment) -> None:
        payment.status = "paid" if payment.left else "failed"

    # The conversation

    async def _answer(self, asked: Question) -> Answer:
        path = "/payments/outgoingbyhash" if asked.path.startswith("/payments/outgoingbyhash/") else asked.path
        self.counts[f"{asked.method} {path}"] += 1
        led = self._led_elsewhere(asked)
        if led is not None:
            return led
        if self.lie == "no-phoenixd":
            return Answer(404, PAGE, "text/html")
        may = self._rights(asked.headers.get("authorization", ""))
        if not may or (path == "/payinvoice" and may == "limited"):
            return UNAUTHORIZED
        match asked.method, path:
            case "GET", "/getinfo":
                return answer(200, self.info)
            case "GET", "/getbalance":
                return answer(200, {"balanceSat": self.balance // 1_000, "feeCreditSat": 7_000})
            case "POST", "/payinvoice":
                return self._payinvoice(asked)
            case "GET", "/payments/outgoingbyhash":
                return self._outgoing(asked.path.rpartition("/")[2])
        return NO_ENDPOINT

    def _rights(self, header: str) -> str:
        """HTTP Basic; phoenixd looks at no user."""
        kind, _, value = header.partition(" ")
        if kind != "Basic" or self.lie == "wrong-password":
            return ""
        password = base64.b64decode(value).decode().partition(":")[2]
        if self.lie == "limited-password" or password == self.limited:
            return "limited"
        return "full" if password == self.password else ""

    # Paying

    def _payinvoice(self, asked: Question) -> Answer:
        if asked.headers.get("content-type") != "application/x-www-form-urlencoded":
            return text(415, "Unsupported Media Type")
        form = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if "invoice" not in form:
            return NO_INVOICE
        try:
            invoice = read_invoice(form["invoice"])
        except ProtocolError:
            return BAD_INVOICE
        self.orders.append(form)
        self._break_off_before_paying()
        if self.lie == "bad-invoice":
            return BAD_INVOICE
        msat = int(form["amountSat"]) * 1_000 if "amountSat" in form else invoice.amount.value if invoice.amount else 0
        return self._pay(invoice.payment_hash, msat, form["invoice"])

    def _pay(self, payment_hash: PaymentHash, msat: int, bolt11: str) -> Answer:
        known = self.payments.get(payment_hash)
        if known is not None and known.status != "failed":
            return _failed(payment_hash, REASONS["already-paid" if known.status == "paid" else "in-progress"])
        if self.mint.preimage(payment_hash) is None:
            self.payments[payment_hash] = Payment(msat, 0, "failed", left=False, bolt11=bolt11)
            return _failed(payment_hash, REASONS["offline"])
        if msat + fee_of(msat) > self.balance or self.lie in ("insufficient", "no-channels"):
            return _failed(payment_hash, REASONS["no-channels" if self.lie == "no-channels" else "insufficient"])
        payment = Payment(msat, fee_of(msat), _first_word(self.lie), left=self.lie not in UNPAID, bolt11=bolt11)
        self.payments[payment_hash] = payment
        if payment.left:
            self._spend(payment_hash, payment.msat, payment.fee)
        return self._told_of(payment_hash, payment)

    def _told_of(self, payment_hash: PaymentHash, payment: Payment) -> Answer:
        """How the answer to a payment that was just made looks."""
        if self.lie == "hang":
            raise Hang
        if self.lie in DROPPING:
            raise Drop
        if self.lie in INSTEAD:
            return INSTEAD[self.lie]
        if self.lie in REASONS:
            other = PaymentHash(secrets.token_bytes(32)) if self.lie == "failure-of-another" else payment_hash
            return _failed(other, REASONS[self.lie])
        preimage = disguised(self.lie, self.mint.preimage(payment_hash), is_look_up=False)
        told: dict[str, Any] = {
            "recipientAmountSat": payment.msat // 1_000,
            "routingFeeSat": payment.fee // 1_000,
            "paymentId": "4a34a9c4-32e9-4d3f-9d5c-7b3c1f6f2a11",
            "paymentHash": payment_hash.hex,
            "paymentPreimage": preimage,
        }
        if self.lie == "odd-fields":
            told |= {"routingFeeSat": "much", "paymentHash": 7, "paymentPreimage": ["x"], "reason": {}}
        if self.lie == "other-payment":
            _, other_preimage, other_hash = self.mint.new(payment.msat)
            told |= {"paymentHash": other_hash.hex, "paymentPreimage": other_preimage.hex}
        whole = answer(201 if self.lie == "201" else 200, told)
        if self.lie == "truncated":
            return Answer(200, whole.body[: len(whole.body) // 2], then="cut")
        return whole

    # Looking up

    def _outgoing(self, hexadecimal: str) -> Answer:
        try:
            payment_hash = PaymentHash.from_hex(hexadecimal)
        except ProtocolError:
            return text(400, "Request parameter paymentHash couldn't be parsed/converted to hex32")
        match self.lie:
            case "look-up-hang":
                raise Hang
            case "look-up-500":
                return text(500, "database is locked")
            case "look-up-too-old":
                return NO_ENDPOINT
            case "look-up-vague":
                return answer(200, {"type": "outgoing_payment"})
            case "not-found" | "failure-of-another" | "400-and-unknown":
                return UNKNOWN
        payment = self.payments.get(payment_hash)
        if payment is None:
            return UNKNOWN
        payment.look_ups += 1
        if payment.look_ups > PATIENCE and self.lie != "pending-forever":
            payment.status = "paid" if payment.left else "failed"
        return answer(200, self._described(payment_hash, payment))

    def _described(self, payment_hash: PaymentHash, payment: Payment) -> dict[str, Any]:
        told: dict[str, Any] = {
            "type": "outgoing_payment",
            "subType": "lightning",
            "paymentId": "4a34a9c4-32e9-4d3f-9d5c-7b3c1f6f2a11",
            "paymentHash": payment_hash.hex,
            "isPaid": payment.status == "paid",
            "sent": (payment.msat + payment.fee) // 1_000,
            "fees": payment.fee,
            "invoice": payment.bolt11,
            "createdAt": int(payment.at * 1_000),
        }
        if payment.status != "pending":
            told["completedAt"] = int(payment.at * 1_000)
        if payment.status == "paid":
            told["preimage"] = disguised(self.lie, self.mint.preimage(payment_hash), is_look_up=True)
        if self.lie == "odd-fields":
            told |= {"isPaid": "yes", "preimage": {}, "completedAt": "now", "fees": None}
        if self.lie == "look-up-other":
            told |= {"paymentHash": "ab" * 32, "isPaid": False, "completedAt": 1}
        return told


def _failed(payment_hash: PaymentHash, reason: str) -> Answer:
    """With status 200, as what was paid."""
    return answer(200, {"type": "payment_failed", "paymentHash": payment_hash.hex, "reason": reason})


def _first_word(lie: str) -> str:
    """What a look-up says of a payment just made."""
    if lie in PENDING:
        return "pending"
    return "failed" if lie in UNPAID or lie == "earlier-failure" else "paid"
