"""How a send ended, as values: the outcome and its exit status, the words for it, and the object of ``--json``."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from l402desk.cli.send_body import text_of
from l402desk.ledger.purchases import PurchaseState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from l402desk.client.answer import Answer
    from l402desk.ledger.purchases import Purchase
    from l402desk.protocol.inspection import Inspection

Json = dict[str, object]


class Outcome(StrEnum):
    """How it ended; `status` is the exit status that says so."""

    ANSWERED = "answered"
    PAYMENT_REQUIRED = "payment-required"
    UNRESOLVED = "unresolved"
    REFUSED = "refused"
    NETWORK = "network"

    @property
    def status(self) -> int:
        return _STATUS[self]


_STATUS = {
    Outcome.ANSWERED: 0,
    Outcome.PAYMENT_REQUIRED: 3,
    Outcome.UNRESOLVED: 4,
    Outcome.NETWORK: 5,
    Outcome.REFUSED: 6,
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. ``message`` says why it is not more, empty where nothing has to be said.

    ``purchase`` was made, or taken up, by this command. ``inspections`` are the challenges of ``answer``, best first.
    """

    outcome: Outcome
    url: str
    message: str = ""
    answer: Answer | None = None
    inspections: Sequence[Inspection] = ()
    purchase: Purchase | None = None
    took_ms: float = 0.0
    is_paid_now: bool = True
    """False where the purchase was paid before, and only its token was sent again."""

    @property
    def gives_body(self) -> bool:
        """Is the body what was asked for? That of a bill is not."""
        return self.answer is not None and self.outcome in (Outcome.ANSWERED, Outcome.NETWORK)


def to_json(result: Result, body_file: Path | None) -> Json:
    """The object of ``--json``. Without a ``body_file`` the body is in it; absent values are None. Raises OSError."""
    answer, best = result.answer, result.inspections[0] if result.inspections else None
    return {
        "outcome": str(result.outcome),
        "status": None if answer is None else answer.status,
        "final_url": result.url if answer is None else answer.url,
        "headers": {} if answer is None else headers_json(answer.headers),
        "paid": _paid(result.purchase) if result.is_paid_now else None,
        "token_used": answer is not None and answer.authorization_sent,
        "purchase": _purchase(result.purchase),
        "findings": [
            {"code": finding.code, "severity": str(finding.severity), "message": finding.message}
            for finding in (best.findings if best is not None else ())
        ],
        "challenge": None if best is None else _challenge(best),
        "timing_ms": round(result.took_ms, 1),
        "message": result.message or None,
        "body_file": None if body_file is None else str(body_file),
        **(_body(answer) if body_file is None else {"body": None, "body_base64": None}),
    }


def headers_json(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Names in lower case. Repeated ones are joined as RFC 9110, 5.3 allows; cookies, which it excepts, by lines."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        between = "\n" if key == "set-cookie" else ", "
        joined[key] = f"{joined[key]}{between}{value}" if key in joined else value
    return joined


def _paid(purchase: Purchase | None) -> Json | None:
    if purchase is None or purchase.state is not PurchaseState.SETTLED:
        return None
    return {
        "amount_msat": purchase.amount.value,
        "fee_msat": None if purchase.fee is None else purchase.fee.value,
        "payment_hash": purchase.payment_hash.hex,
        "wallet": purchase.rail,
    }


def _purchase(purchase: Purchase | None) -> Json | None:
    if purchase is None:
        return None
    delivery = None if purchase.delivery is None else str(purchase.delivery)
    return {"id": purchase.id, "state": str(purchase.state), "delivery": delivery}


def _challenge(best: Inspection) -> Json:
    invoice = best.invoice
    return {
        "verdict": str(best.verdict),
        "amount_msat": None if best.amount is None else best.amount.value,
        "payment_hash": None if best.payment_hash is None else best.payment_hash.hex,
        "expires_at": None if invoice is None else invoice.expires_at,
    }


def _body(answer: Answer | None) -> Json:
    if answer is None:
        return {"body": None, "body_base64": None}
    text = text_of(answer)
    if text is not None:
        return {"body": text, "body_base64": None}
    with answer.body.open() as body:
        return {"body": None, "body_base64": base64.b64encode(body.read()).decode("ascii")}
