"""A node that speaks the part of Core Lightning's clnrest (26.06) that pays, spends play money, and lies when told to.

It can pay every invoice of a mint, and refuses none that it tries to pay already, as xpay does not: asked twice it
pays twice. The file of debits is read at the start. The lies are in `cln_lies`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.harness.cln_lies import DROPPING, LIES, PENDING, UNPAID, WITHOUT_XPAY
from tests.harness.disguises import disguised
from tests.harness.liar import PATIENCE, Server
from tests.harness.mint import Mint
from tests.harness.paid import Debit
from tests.harness.serving import Answer, Drop, Hang, Question, answer

PAGE = b"<!doctype html><title>One moment</title><p>The node is being restarted."
LEAST = (
    ("method=xpay", "method=pay", "method=listpays", "method=getinfo", "method=listpeerchannels"),
    ("method/xpay", "pinvinvstring_amount<1000001"),
    ("method/pay", "pinvbolt11_amount<1000001"),
    ("rate=600",),
)
PARAMETERS = {
    "xpay": {"invstring", "amount_msat", "maxfee", "layers", "retry_for", "partial_msat", "maxdelay", "payer_note"},
    "pay": {"bolt11", "amount_msat", "maxfee", "maxfeepercent", "exemptfee", "retry_for", "maxdelay", "description"},
}


def make_rune(*restrictions: tuple[str, ...], unique: int = 3) -> str:
    """What ``createrune`` gives: restrictions that all hold, each of alternatives. The seal is a made-up one."""
    text = "&".join((f"={unique}", *("|".join(alternatives) for alternatives in restrictions)))
    return base64.urlsafe_b64encode(hashlib.sha256(f"seal {text}".encode()).digest() + text.encode()).decode()


@dataclass(slots=True)
class Payment:
    """``status`` is how it stands if asked; ``left`` tells whether money did; ``failed`` counts earlier attempts."""

    msat: int
    fee: int
    status: str
    left: bool
    failed: int = 0
    look_ups: int = 0
    at: float = field(default_factory=time.time)


def problem(status: int, code: int | None, message: str) -> Answer:
    """The JSON-RPC error as clnrest hands it on."""
    return answer(status, {"code": code, "data": None, "message": message})


TIMED_OUT = "Timed out after after 3 attempts. We got temporary_channel_failure for 103x1x0/1."
UNKNOWN_INVOICE = "Destination said it doesn't know invoice: incorrect_or_unknown_payment_details"
INSTEAD = {
    "pending-then-paid": problem(500, 209, TIMED_OUT),
    "pending-forever": problem(500, 209, TIMED_OUT),
    "pending-then-failed": problem(500, 209, TIMED_OUT),
    "gave-up-and-unlisted": problem(500, 209, TIMED_OUT),
    "proxy-while-trying": Answer(502, PAGE, "text/html"),
    "some-attempts-failed": problem(500, 209, TIMED_OUT),
    "attempts-failed": problem(500, 209, TIMED_OUT),
    "refused-by-one-part": problem(500, 203, UNKNOWN_INVOICE),
    "refused-by-payee": problem(500, 203, UNKNOWN_INVOICE),
    "no-route-for-the-rest": problem(500, 205, "Then routing for remaining 7000msat failed"),
    "no-route": problem(500, 205, "Failed: We could not find a usable set of paths."),
    "too-expensive": problem(500, 206, "Failed: Could not find route without excessive cost"),
    "out-of-time": problem(500, 210, "Ran out of routes to try"),
    "already-paid": problem(500, 219, "Already paid this invoice successfully"),
    "already-paid-218": problem(500, 218, "Already paid this invoice successfully"),
    "begun-and-unknown": problem(404, -32601, "Unknown command 'xpay'"),
    "html": Answer(200, PAGE, "text/html"),
    "html-201": Answer(201, PAGE, "text/html"),
    "empty-201": answer(201, {}),
    "500": Answer(500, b"Internal Server Error", "text/plain"),
    "502": Answer(502, PAGE, "text/html"),
    "no-code": problem(500, None, "connection closed before the answer was whole"),
    "unknown-code": problem(500, -1, "Unexpected injectpaymentonion error"),
    "deep": Answer(201, b'{"pays":' * 100_000 + b"}" * 100_000),
    "huge": Answer(201, b'{"payment_preimage":"' + b"0" * (64 * 1024 * 1024) + b'"}'),
}
"""What is said of an order, instead of what became of it."""
REFUSALS = {
    "bad-invoice": problem(500, -32602, "Invalid bolt11 invoice: unknown feature bit 42"),
    "expired": problem(500, 207, "Invoice expired 12 seconds ago"),
    "forbidden": problem(401, 1502, "Not permitted: pinvinvstring_amount is greater or equal to 1000"),
}


class Cln(Server[Payment]):
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
        rune: str = "",
        without: tuple[str, ...] = (),
    ) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.fee = fee
        self.rune = rune or make_rune(*LEAST)
        self.without = without
        self.unknown_parameters: tuple[str, ...] = ()
        self.info: dict[str, Any] = {"alias": "mock", "version": "v26.06.6", "network": "regtest", "id": "02" * 33}

    def _remembered(self, debit: Debit) -> Payment:
        return Payment(debit.msat, debit.fee, "complete", left=True)

    def _come_true(self, payment: Payment) -> None:
        payment.status = "complete" if payment.left else "failed"

    # The conversation

    async def _answer(self, asked: Question) -> Answer:
        self.counts[f"{asked.method} {asked.path}"] += 1
        led = self._led_elsewhere(asked)
        if led is not None:
            return led
        if self.lie == "no-rest" or asked.method != "POST" or not asked.path.startswith("/v1/"):
            return Answer(404, PAGE, "text/html")
        try:
            parameters = json.loads(asked.body)
        except (ValueError, RecursionError):
            return problem(500, None, "Could not read request body")
        said = await self._do(asked.path.removeprefix("/v1/"), parameters, asked.headers.get("rune"))
        return _as_before(said) if self.lie == "old-texts" else said

    async def _do(self, method: str, parameters: dict[str, Any], rune: str | None) -> Answer:
        refusal = self._rune_refusal(method, parameters, rune)
        if refusal is not None:
            return refusal
        is_gone = method in self.without or (self.lie in WITHOUT_XPAY and method == "xpay")
        if is_gone or (self.lie == "no-payer" and method == "pay"):
            return problem(404, -32601, f"Unknown command '{method}'")
        match method:
            case "getinfo":
                return answer(201, self.info)
            case "listpeerchannels":
                mine = {"state": "CHANNELD_NORMAL", "spendable_msat": self.balance}
                closing = {"state": "ONCHAIN", "spendable_msat": 7_000}
                return answer(201, {"channels": [mine, closing]})
            case "listfunds":
                mine = {"state": "CHANNELD_NORMAL", "our_amount_msat": self.balance}
                return answer(201, {"outputs": [], "channels": [mine, {"state": "ONCHAIN", "our_amount_msat": 7_000}]})
            case "xpay" | "pay":
                return await self._order(method, parameters)
            case "listpays":
                return self._listpays(str(parameters.get("payment_hash", "")))
        return problem(404, -32601, f"Unknown command '{method}'")

    # The rune, read again by other means than the app's

    def _rune_refusal(self, method: str, parameters: dict[str, Any], rune: str | None) -> Answer | None:
        if rune is None:
            return problem(403, 1501, "Not authorized: Missing rune")
        if rune != self.rune or self.lie == "wrong-rune":
            return problem(401, 1501, "Not authorized: Not derived from master")
        if self.lie == "look-up-refused" and method == "listpays":
            return problem(401, 1502, "Not permitted: Rate of 60 per minute exceeded")
        text = base64.urlsafe_b64decode(rune)[32:].decode()
        for restriction in text.split("&")[1:]:
            if not any(_passes(alternative, method, parameters) for alternative in restriction.split("|")):
                return problem(401, 1502, f"Not permitted: {restriction.replace('|', ' AND ')}")
        return None

    # Paying

    async def _order(self, method: str, parameters: dict[str, Any]) -> Answer:
        for name in parameters:
            if name not in PARAMETERS[method] or name in self.unknown_parameters:
                return problem(500, -32602, f"unknown parameter: {name}")
        named = "invstring" if method == "xpay" else "bolt11"
        if named not in parameters:
            return problem(500, -32602, f"missing required parameter: {named}")
        try:
            invoice = read_invoice(str(parameters[named]))
        except ProtocolError as error:
            return problem(500, -32602, f"Invalid bolt11 invoice: {error}")
        self.orders.append({"method": method, **parameters})
        self._break_off_before_paying()
        refusal = self._refusal(invoice, parameters)
        return refusal or self._pay(method, invoice)

    def _refusal(self, invoice: Invoice, parameters: dict[str, Any]) -> Answer | None:
        if self.lie in REFUSALS:
            return REFUSALS[self.lie]
        if invoice.amount is None:
            return problem(500, -32602, "amount_msat required")
        if invoice.is_expired(int(time.time())):
            return REFUSALS["expired"]
        known = self.payments.get(invoice.payment_hash)
        if known is not None and known.status == "complete":
            return INSTEAD["already-paid"]
        if self.mint.preimage(invoice.payment_hash) is None:
            return INSTEAD["no-route"]
        if invoice.amount.value + self.fee > self.balance:
            return problem(500, 205, f"Failed: We only have {self.balance}msat spendable")
        if self.fee > int(parameters.get("maxfee", 5_000)):
            return INSTEAD["too-expensive"]
        return None

    def _pay(self, method: str, invoice: Invoice) -> Answer:
        assert invoice.amount is not None
        payment = Payment(invoice.amount.value, self.fee, _first_word(self.lie), left=self.lie not in UNPAID)
        if self.lie in ("trying-again", "proxy-while-trying", "some-attempts-failed", "attempts-failed"):
            payment.failed = 2
        if self.lie not in ("no-route", "too-expensive", "out-of-time"):
            self.payments[invoice.payment_hash] = payment
        if payment.left:
            self._spend(invoice.payment_hash, payment.msat, payment.fee)
        if self.lie == "hang":
            raise Hang
        if self.lie in DROPPING:
            raise Drop
        if self.lie in INSTEAD:
            return INSTEAD[self.lie]
        whole = answer(201, self._described(method, invoice.payment_hash, payment))
        if self.lie == "truncated":
            return Answer(201, whole.body[: len(whole.body) // 2], then="cut")
        return whole

    def _described(self, method: str, payment_hash: PaymentHash, payment: Payment) -> dict[str, Any]:
        """What xpay and pay answer: only the latter names hash and status."""
        told: dict[str, Any] = {
            "payment_preimage": self._preimage(payment_hash, is_look_up=False),
            "amount_msat": payment.msat,
            "amount_sent_msat": payment.msat + payment.fee,
        }
        more: dict[str, Any] = {"failed_parts": 0, "successful_parts": 1}
        if method == "pay":
            more = {"payment_hash": payment_hash.hex, "status": payment.status, "parts": 1, "created_at": payment.at}
        if self.lie == "pay-pending":
            told.pop("payment_preimage")
        if self.lie == "odd-fields":
            more = {"payment_preimage": ["x"], "amount_msat": "much", "amount_sent_msat": None, "status": {}}
        if self.lie == "other-payment":
            _, preimage, other = self.mint.new(payment.msat)
            more |= {"payment_preimage": preimage.hex} | ({"payment_hash": other.hex} if method == "pay" else {})
        return told | more

    # Looking up

    def _listpays(self, hexadecimal: str) -> Answer:
        try:
            payment_hash = PaymentHash.from_hex(hexadecimal)
        except ProtocolError:
            return problem(500, -32602, "payment_hash: should be a 32 byte hex value")
        match self.lie:
            case "look-up-hang":
                raise Hang
            case "look-up-500":
                return Answer(500, b"Internal Server Error", "text/plain")
            case "look-up-vague":
                return answer(201, {"pays": "none"})
            case "not-found" | "gave-up-and-unlisted":
                return answer(201, {"pays": []})
            case "look-up-other":
                return answer(201, {"pays": [{"payment_hash": "ab" * 32, "status": "failed", "created_at": 1}]})
        payment = self.payments.get(payment_hash)
        if payment is None:
            return answer(201, {"pays": []})
        payment.look_ups += 1
        if payment.look_ups > PATIENCE and payment.status != "complete" and self.lie != "pending-forever":
            payment.status = "complete" if payment.left else "failed"
        return answer(201, {"pays": self._attempts(payment_hash, payment)})

    def _attempts(self, payment_hash: PaymentHash, payment: Payment) -> list[dict[str, Any]]:
        common: dict[str, Any] = {"payment_hash": payment_hash.hex, "created_at": int(payment.at), "created_index": 1}
        if self.lie == "odd-fields":
            return [{**common, "status": ["complete"], "preimage": 7, "created_at": "now"}]
        earlier = [{**common, "status": "failed", "amount_sent_msat": 0} for _ in range(payment.failed)]
        last = {**common, "status": payment.status, "amount_sent_msat": payment.msat + payment.fee}
        if payment.status == "complete":
            last |= {
                "preimage": self._preimage(payment_hash, is_look_up=True),
                "amount_msat": payment.msat,
                "completed_at": int(payment.at),
            }
        return [*earlier, last]

    def _preimage(self, payment_hash: PaymentHash, *, is_look_up: bool) -> str | None:
        return disguised(self.lie, self.mint.preimage(payment_hash), is_look_up=is_look_up)


def _first_word(lie: str) -> str:
    """What a look-up says of a payment just made."""
    if lie in PENDING:
        return "pending"
    return "failed" if lie in UNPAID or lie in ("trying-again", "proxy-while-trying") else "complete"


def _passes(alternative: str, method: str, parameters: dict[str, Any]) -> bool:
    """One condition of a rune, of the few kinds that the tests use."""
    if alternative.startswith("rate="):
        return True
    if alternative.startswith("method="):
        return alternative == f"method={method}"
    if alternative.startswith("method/"):
        return alternative != f"method/{method}"
    if alternative.startswith("method^"):
        return method.startswith(alternative.removeprefix("method^"))
    if alternative.startswith("pinv"):
        name, _, limit = alternative.removeprefix("pinv").partition("_amount<")
        try:
            amount = read_invoice(str(parameters[name])).amount
        except (KeyError, ProtocolError):
            return False
        return amount is not None and amount.value < int(limit)
    raise AssertionError(f"no test uses {alternative}")


def _as_before(said: Answer) -> Answer:
    """The same as clnrest of 23.08 wrote it."""
    told = json.loads(said.body)
    if said.status != 201:
        return answer(said.status, {"error": told})

    def texts(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: f"{v}msat" if k.endswith("_msat") else texts(v) for k, v in value.items()}
        return [texts(one) for one in value] if isinstance(value, list) else value

    return answer(201, texts(told))
