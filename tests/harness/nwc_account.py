"""What a mock wallet service has and does: one account of play money, and what it says of its payments."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash
from tests.harness.disguises import disguised
from tests.harness.liar import PATIENCE, Purse
from tests.harness.mint import Mint
from tests.harness.nwc_lies import ERRORS, LIES, SILENT, STATES, UNPAID
from tests.harness.paid import Debit

METHODS = ("pay_invoice", "lookup_invoice", "list_transactions", "get_balance", "get_info", "get_budget")
NO_LOOK_UP = ("no-look-up", "no-look-up-no-list", "same-page")


@dataclass(slots=True)
class Payment:
    """``states`` are what look-ups say, at first and later; ``left`` tells whether money did. In msat."""

    msat: int
    fee: int
    states: tuple[str, str]
    left: bool
    invoice: str = ""
    look_ups: int = 0
    at: int = field(default_factory=lambda: int(time.time()))


class Account(Purse[Payment]):
    """``info`` and ``budget`` are what get_info and get_budget answer."""

    lies = LIES

    def __init__(
        self, mint: Mint, ledger: Path, *, lie: str, fee: int, balance: int, methods: tuple[str, ...] = METHODS
    ) -> None:
        super().__init__(mint, ledger, lie=lie, balance=balance)
        self.fee = fee
        self.methods = methods
        self.info: dict[str, Any] = {"alias": "Harness", "network": "regtest", "methods": list(methods)}
        self.budget: dict[str, Any] = {}
        self.extra: list[dict[str, Any]] = []
        """Further transactions, newest first, that the list of payments begins with."""

    def _remembered(self, debit: Debit) -> Payment:
        return Payment(debit.msat, debit.fee, STATES.get(self.lie, ("settled",) * 2), left=True)

    def _come_true(self, payment: Payment) -> None:
        payment.states = ("settled",) * 2 if payment.left else ("failed",) * 2

    def told(self, method: str, params: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to a request, an error or a result; None for silence."""
        if self.lie == "unauthorized":
            return {"error": ERRORS["unauthorized"]}
        match method if method in self.methods else "":
            case "get_info":
                return {"result": self.info}
            case "get_balance":
                return {"result": {"balance": self.balance}}
            case "get_budget":
                return {"result": self.budget}
            case "pay_invoice":
                return self._pay(params)
            case "lookup_invoice" if self.lie not in NO_LOOK_UP:
                return self._look_up(params)
            case "list_transactions" if self.lie != "no-look-up-no-list":
                return self._list(params)
        return {"error": {"code": "NOT_IMPLEMENTED", "message": f"{method} is not implemented"}}

    def _pay(self, params: dict[str, Any]) -> dict[str, Any] | None:
        try:
            invoice = read_invoice(str(params["invoice"]))
        except (KeyError, ProtocolError):
            return {"error": {"code": "BAD_REQUEST", "message": "failed to decode bolt11 invoice"}}
        payment_hash, known = invoice.payment_hash, self.payments.get(invoice.payment_hash)
        if known is not None and known.left:
            return {"error": ERRORS["already-paid" if known.states[0] == "settled" else "already-pending"]}
        msat, preimage = invoice.amount.value if invoice.amount else 0, self.mint.preimage(payment_hash)
        if preimage is None:
            self.payments[payment_hash] = Payment(msat, 0, ("failed",) * 2, left=False, invoice=invoice.text)
            return {"error": {"code": "PAYMENT_FAILED", "message": "no route"}}
        if msat + self.fee > self.balance:
            return {"error": ERRORS["insufficient"]}
        if self.lie not in UNPAID:
            self._spend(payment_hash, msat, self.fee)
        if self.lie not in UNPAID or self.lie in STATES:
            states = STATES.get(self.lie, ("settled",) * 2)
            self.payments[payment_hash] = Payment(msat, self.fee, states, self.lie not in UNPAID, invoice.text)
        return self._said_of(payment_hash)

    def _said_of(self, payment_hash: PaymentHash) -> dict[str, Any] | None:
        """What is said of a payment that was just ordered."""
        if self.lie in SILENT:
            return None
        if self.lie in ERRORS:
            return {"error": ERRORS[self.lie]}
        match self.lie:
            case "no-fields":
                return {"result": {}}
            case "odd-fields":
                return {"result": ["paid"], "error": False}
            case "late-preimage":
                return {"result": {"preimage": None, "fees_paid": self.fee}}
        error = {"code": "OTHER", "message": "both"} if self.lie.startswith("error-and-") else None
        return {"result": {"preimage": self._preimage(payment_hash), "fees_paid": self.fee}, "error": error}

    def _look_up(self, params: dict[str, Any]) -> dict[str, Any] | None:
        payment_hash = PaymentHash.from_hex(params["payment_hash"])
        payment = self.payments.get(payment_hash)
        match self.lie:
            case "look-up-silent":
                return None
            case "look-up-internal":
                return {"error": {"code": "INTERNAL", "message": "database is locked"}}
        if payment is None or self.lie == "not-found":
            return {"error": {"code": "NOT_FOUND", "message": "The transaction was not found"}}
        return {"result": self._transaction(payment_hash, payment)}

    def _list(self, params: dict[str, Any]) -> dict[str, Any]:
        assert params["type"] == "outgoing"
        if self.lie == "same-page":
            return {"result": {"transactions": self.extra[: params["limit"]]}}
        ours = sorted(self.payments.items(), key=lambda item: -item[1].at)
        every = [*self.extra, *(self._transaction(payment_hash, payment) for payment_hash, payment in ours)]
        return {"result": {"transactions": every[params["offset"] :][: params["limit"]]}}

    def _transaction(self, payment_hash: PaymentHash, payment: Payment) -> dict[str, Any]:
        payment.look_ups += 1
        state = payment.states[payment.look_ups > PATIENCE]
        is_settled = state == "settled"
        told: dict[str, Any] = {
            "type": "outgoing",
            "state": state,
            "invoice": payment.invoice,
            "payment_hash": payment_hash.hex,
            "preimage": self._preimage(payment_hash, is_look_up=True) if is_settled else None,
            "amount": payment.msat,
            "fees_paid": payment.fee if is_settled else 0,
            "created_at": payment.at,
            "settled_at": payment.at if is_settled else None,
        }
        match self.lie:
            case "no-state":
                told.pop("state")
            case "look-up-vague":
                told |= {"state": None, "settled_at": None, "preimage": ""}
            case "look-up-empty":
                return {}
            case "other-payment":
                told["payment_hash"] = secrets.token_hex(32)
            case "odd-fields":
                told |= {"type": 7, "state": ["settled"], "preimage": {}, "settled_at": "now", "fees_paid": -1}
        return told

    def _preimage(self, payment_hash: PaymentHash, *, is_look_up: bool = False) -> str | None:
        preimage = self.mint.preimage(payment_hash)
        assert preimage is not None
        match self.lie:
            case "no-fields" if is_look_up:
                return None
            case "other-payment":
                return disguised("wrong-preimage", preimage, is_look_up=is_look_up)
            case "error-and-wrong-result" if not is_look_up:
                return disguised("wrong-preimage", preimage, is_look_up=False)
            case "late-preimage":
                return preimage.hex  # what is said at once holds none at all
        return disguised(self.lie, preimage, is_look_up=is_look_up)
