"""A wallet server that speaks the payment API of LNbits 1.6.2, spends play money, and lies when it is told to.

``python -m tests.harness.lnbits --mint FOLDER --ledger FILE [--port 0] [--lie NAME] [--fee MSAT] [--balance MSAT]
[--delay S]`` prints ``{"url", "key", "inkey"}`` as one line when it listens, and serves until it is killed. It can pay
every invoice of the mint in FOLDER, each hash once. FILE has one JSON line per payment whose money left, synced before
the answer, and is read at the start: what was paid stays paid over a kill. ``POST /lie {"lie": NAME}`` changes the lie,
``GET /lie`` tells it with what was counted. The answers are those that facts/wallets.md §1.4 measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.harness.disguises import disguised
from tests.harness.liar import PATIENCE, Server
from tests.harness.mint import Mint
from tests.harness.paid import Debit
from tests.harness.serving import Answer, Drop, Hang, Question, answer

LIES = {
    # money leaves, and the truth comes later or never
    "pending-then-paid": "201 with status pending; look-ups say pending twice, then paid",
    "pending-forever": "201 with status pending, and so are all look-ups: a hold invoice that never settles",
    "already-paid": "520 “Payment already paid.” with status success",
    "internal-already-paid": "520 “Internal invoice already paid.” with status failed",
    "failed-then-paid": "520 “Payment failed”; two look-ups say failed, then paid",
    "not-found": "the connection drops after the payment; look-ups answer 404 “Payment does not exist.”",
    "look-up-500": "the connection drops after the payment; look-ups answer 500",
    "look-up-hang": "the connection drops after the payment; look-ups are never answered",
    "look-up-vague": "the connection drops after the payment; look-ups answer only that it is not paid",
    "old-api": "201 with nothing but hash and checking id, as before LNbits 1.0; the look-up tells all",
    # money leaves, and the proof is not as it should be, here and in the look-up
    "null-preimage": "success without a preimage",
    "zero-preimage": "success with a preimage of zeros",
    "wrong-preimage": "success with the preimage of nothing",
    "short-preimage": "success with half a preimage",
    "upper-preimage": "success with the preimage in capitals",
    "base64-preimage": "success with the preimage in base64",
    "late-preimage": "success without a preimage; the look-up has it",
    "other-payment": "success of another payment, with a preimage that fits that one",
    "odd-fields": "success with fields of the wrong type; the look-up as well",
    # money leaves, and no answer can be read
    "html": "200 and a page of HTML",
    "html-201": "201 and a page of HTML",
    "500": "500 after the payment",
    "drop-after": "the connection drops after the payment",
    "truncated": "the answer ends in the middle",
    "hang": "no answer after the payment",
    "huge": "an answer of 64 MiB",
    "deep": "an answer nested a hundred thousand levels deep",
    # money stays
    "pending-then-failed": "201 with status pending; look-ups say pending twice, then failed",
    "no-route": "520 “Payment failed”, and so are all look-ups",
    "drop-before": "the connection drops before anything is paid",
    "hang-before": "no answer, nothing is paid",
    "wrong-key": "404 “Wallet not found.”",
    "invoice-key": "403: this key may not pay",
    "insufficient": "520 “Insufficient balance.”",
    "reserve": "520 “You must reserve at least …”",
    "redirect": "307 to another host, for every question",
}
UNPAID = frozenset(
    {"pending-then-failed", "no-route", "drop-before", "hang-before", "wrong-key", "invoice-key", "insufficient",
     "reserve", "redirect"}
)  # fmt: skip
DROPPING = frozenset({"not-found", "look-up-500", "look-up-hang", "look-up-vague", "drop-after", "drop-before"})


@dataclass(slots=True)
class Payment:
    """``said`` is how it stands if asked: success, pending or failed. ``left`` tells whether money did."""

    msat: int
    fee: int
    said: str
    left: bool
    bolt11: str = ""
    look_ups: int = 0
    at: float = field(default_factory=time.time)


def problem(status: int, detail: str, state: str | None = None) -> Answer:
    """LNbits tells payment errors as 520 with ``detail`` and ``status``, others with ``detail`` alone."""
    return answer(status, {"detail": detail} | ({"status": state} if state else {}))


PAGE = b"<!doctype html><title>One moment</title><p>The server is being restarted."
INSTEAD = {
    "already-paid": problem(520, "Payment already paid.", "success"),
    "internal-already-paid": problem(520, "Internal invoice already paid.", "failed"),
    "failed-then-paid": problem(520, "Payment failed: the node did not say why", "failed"),
    "html": Answer(200, PAGE, "text/html"),
    "html-201": Answer(201, PAGE, "text/html"),
    "500": Answer(500, b"Internal Server Error", "text/plain"),
    "deep": Answer(201, b"[" * 100_000 + b"]" * 100_000),
}
"""What is said instead of how the payment stands."""


class Lnbits(Server[Payment]):
    """The server. ``counts`` counts the questions by path."""

    lies = LIES

    def __init__(
        self,
        mint: Mint,
        ledger: Path,
        *,
        lie: str = "",
        fee: int = 1_000,
        balance: int = 1_000_000_000,
        delay: float = 0.0,
        key: str | None = None,
    ) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.fee = fee
        self.delay = delay
        self.key = key or secrets.token_hex(16)
        self.inkey = secrets.token_hex(16)
        self._locks: dict[PaymentHash, asyncio.Lock] = {}

    def _remembered(self, debit: Debit) -> Payment:
        said = "pending" if self.lie == "pending-forever" else "success"
        return Payment(debit.msat, debit.fee, said, left=True, at=debit.at)

    def _come_true(self, payment: Payment) -> None:
        payment.said = "success" if payment.left else "failed"

    # The conversation

    async def _answer(self, asked: Question) -> Answer:
        """LNbits sends no chunks."""
        self.counts[f"{asked.method} {asked.path}"] += 1
        said = await self._said(asked)
        return said if said.length is not None else replace(said, length=len(said.body))

    async def _said(self, asked: Question) -> Answer:
        method, path = asked.method, asked.path
        if path == "/lie":
            return self._about_lies(method, asked.body)
        led = self._led_elsewhere(asked)
        if led is not None:
            return led
        key = asked.headers.get("x-api-key", "")
        if method == "POST" and path == "/api/v1/payments":
            return await self._pay(key, asked.body)
        if method == "GET" and path == "/api/v1/payments/fee-reserve":
            return self._fee_reserve(asked.query)
        if method == "GET" and path.startswith("/api/v1/payments/"):
            return self._status(key, path.rpartition("/")[2])
        if method == "GET" and path == "/api/v1/wallet":
            return self._wallet(key)
        return problem(404, "Not Found")

    def _about_lies(self, method: str, body: bytes) -> Answer:
        if method == "POST":
            try:
                self.tell(str(json.loads(body)["lie"]))
            except (ValueError, KeyError, TypeError) as error:
                return problem(400, str(error))
        return answer(200, {"lie": self.lie, "counts": self.counts, "debits": len(self.debits)})

    # What LNbits does

    def _wallet(self, key: str) -> Answer:
        if key not in (self.key, self.inkey) or self.lie == "wrong-key":
            return problem(404, "Wallet not found.")
        told: dict[str, Any] = {"name": "Harness", "balance": self.balance}
        if key == self.key and self.lie != "invoice-key":
            told["id"] = "b2d4f0b6a1e04ad6a7e5f3c2"  # only the admin key sees it
        return answer(200, told)

    def _fee_reserve(self, query: str) -> Answer:
        try:
            amount = read_invoice(dict([query.split("=", 1)]).get("invoice", "")).amount
        except (ProtocolError, ValueError):
            return problem(400, "Bolt11 decoding failed.")
        return answer(200, {"fee_reserve": reserve(amount.value if amount else 0)})

    async def _pay(self, key: str, body: bytes) -> Answer:
        refusal = self._key_refusal(key)
        if refusal is not None:
            return refusal
        try:
            asked = json.loads(body)
            if asked.get("out") is not True:
                return problem(400, "This wallet makes no invoices.")
            bolt11 = str(asked.get("bolt11") or "").lower()
            invoice = read_invoice(bolt11)
        except ProtocolError:
            return problem(520, "Bolt11 decoding failed.", "failed")
        except (ValueError, AttributeError, RecursionError):
            return problem(400, "Validation error.")
        if invoice.amount is None:
            return problem(520, "Amountless invoices not supported.", "failed")
        self._break_off_before_paying()
        async with self._locks.setdefault(invoice.payment_hash, asyncio.Lock()):
            return await self._pay_once(invoice.payment_hash, invoice.amount.value, bolt11)

    def _key_refusal(self, key: str) -> Answer | None:
        if self.lie == "invoice-key" or key == self.inkey:
            return problem(403, "Invoice (or Admin) key required.")
        if self.lie == "wrong-key" or key != self.key:
            return problem(404, "Wallet not found.")
        return None

    async def _pay_once(self, payment_hash: PaymentHash, msat: int, bolt11: str) -> Answer:
        known = self.payments.get(payment_hash)
        if known is not None:
            return _again(known)
        if self.lie == "insufficient" or msat > self.balance:
            return problem(520, "Insufficient balance.", "failed")
        if self.lie == "reserve" or msat + reserve(msat) > self.balance:
            sats = round(reserve(msat) / 1000)
            return problem(520, f"You must reserve at least ({sats}  sat) to cover potential routing fees.", "failed")
        if self.mint.preimage(payment_hash) is None or self.lie == "no-route":
            self.payments[payment_hash] = Payment(msat, 0, "failed", left=False, bolt11=bolt11)
            return problem(520, "Payment failed: no route", "failed")
        payment = Payment(msat, self.fee, _first_word(self.lie), left=self.lie not in UNPAID, bolt11=bolt11)
        self.payments[payment_hash] = payment
        if payment.left:
            self._spend(payment_hash, msat, self.fee)
        if self.delay:
            await asyncio.sleep(self.delay)
        return self._told_of(payment_hash, payment)

    def _told_of(self, payment_hash: PaymentHash, payment: Payment) -> Answer:
        """How the answer to a payment that was just made looks."""
        if self.lie == "hang":
            raise Hang
        if self.lie in DROPPING:
            raise Drop
        if self.lie == "old-api":
            return answer(201, {"payment_hash": payment_hash.hex, "checking_id": payment_hash.hex})
        if self.lie == "huge":
            return Answer(201, b'{"preimage": "' + b"0" * (64 * 1024 * 1024) + b'"}')
        if self.lie in INSTEAD:
            return INSTEAD[self.lie]
        whole = answer(201, self._described(payment_hash, payment, is_look_up=False))
        if self.lie == "truncated":
            return Answer(201, whole.body[: len(whole.body) // 2], length=len(whole.body))
        return whole

    def _status(self, key: str, hexadecimal: str) -> Answer:
        """With any key, with a wrong one and with none: LNbits asks for none here."""
        try:
            payment_hash = PaymentHash.from_hex(hexadecimal)
        except ProtocolError:
            return problem(404, "Payment does not exist.")
        if self.lie == "look-up-hang":
            raise Hang
        if self.lie == "look-up-500":
            return Answer(500, b"Internal Server Error", "text/plain")
        payment = self.payments.get(payment_hash)
        if payment is None or self.lie == "not-found":
            return problem(404, "Payment does not exist.")
        payment.look_ups += 1
        if self.lie in ("pending-then-paid", "failed-then-paid", "pending-then-failed"):
            changed = "failed" if self.lie == "pending-then-failed" else "success"
            payment.said = changed if payment.look_ups > PATIENCE else payment.said
        if self.lie == "look-up-vague":
            return answer(200, {"paid": False})
        if self.lie == "odd-fields":
            return answer(200, {"paid": "yes", "preimage": {}, "details": ["x"], "status": 7})
        described = self._described(payment_hash, payment, is_look_up=True)
        told = {"paid": payment.said == "success", "status": payment.said, "preimage": described["preimage"]}
        return answer(200, told | ({"details": described} if key == self.key else {}))

    def _described(self, payment_hash: PaymentHash, payment: Payment, *, is_look_up: bool) -> dict[str, Any]:
        """The Payment of LNbits: amounts in msat, negative because they went out."""
        told: dict[str, Any] = {
            "checking_id": payment_hash.hex,
            "payment_hash": payment_hash.hex,
            "wallet_id": "b2d4f0b6a1e04ad6a7e5f3c2",
            "amount": -payment.msat,
            "fee": -payment.fee,
            "bolt11": payment.bolt11,
            "memo": None,
            "status": payment.said,
            "preimage": self._preimage(payment_hash, payment, is_look_up=is_look_up),
            "time": int(payment.at),
            "extra": {},
        }
        if self.lie == "odd-fields":
            told |= {"status": ["success"], "preimage": 7, "fee": "much", "amount": None, "payment_hash": 12}
        if self.lie == "other-payment" and not is_look_up:
            _, preimage, other = self.mint.new(payment.msat)
            told |= {"payment_hash": other.hex, "checking_id": other.hex, "preimage": preimage.hex}
        return told

    def _preimage(self, payment_hash: PaymentHash, payment: Payment, *, is_look_up: bool) -> str | None:
        preimage = self.mint.preimage(payment_hash)
        if payment.said != "success" or preimage is None:
            return None
        return disguised(self.lie, preimage, is_look_up=is_look_up)


def reserve(msat: int) -> int:
    """What LNbits holds back for routing: 1 %, and 2 sats at least. In msat."""
    return max(2_000, msat // 100)


def _first_word(lie: str) -> str:
    """What a look-up says of a payment just made."""
    return "pending" if lie.startswith("pending-") else "failed" if lie == "failed-then-paid" else "success"


def _again(known: Payment) -> Answer:
    """What LNbits says when asked to pay what it began before."""
    match known.said:
        case "pending":
            return problem(520, "Payment is still pending.", "pending")
        case "success":
            return problem(520, "Payment already paid.", "success")
    return problem(520, "Payment is failed node, retrying is not possible.", "failed")


async def _serve(options: argparse.Namespace) -> None:
    server = Lnbits(
        Mint(options.mint),
        options.ledger,
        lie=options.lie,
        fee=options.fee,
        balance=options.balance,
        delay=options.delay,
        key=options.key,
    )
    async with server.serving(options.port):
        print(json.dumps({"url": server.url, "key": server.key, "inkey": server.inkey}), flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.lnbits", description=__doc__)
    parser.add_argument("--mint", type=Path, required=True, help="folder of the mint")
    parser.add_argument("--ledger", type=Path, required=True, help="file that lists what was paid")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--lie", default="", choices=["", *LIES])
    parser.add_argument("--fee", type=int, default=1_000, help="msat per payment")
    parser.add_argument("--balance", type=int, default=1_000_000_000, help="msat before the first payment")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between a payment and its answer")
    parser.add_argument("--key", help="the admin key, to be the same wallet again after a kill")
    try:
        asyncio.run(_serve(parser.parse_args()))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
