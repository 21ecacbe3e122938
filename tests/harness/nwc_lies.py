"""The lies of the mock wallet service: what it can be told to say of a payment, and in which envelope."""

from __future__ import annotations

from typing import Any

LIES = {
    # money leaves, and the truth comes later or never
    "no-answer": "the payment is never answered; look-ups tell the truth",
    "late": "the payment is answered when nobody waits any more",
    "in-flight-then-paid": "no answer; look-ups say pending twice, then settled",
    "in-flight-forever": "no answer; look-ups say pending",
    "accepted-forever": "no answer; look-ups say accepted: a hold invoice",
    "expired": "no answer; look-ups say expired, as Alby Hub does of what is under way",
    "failed-forever": "INTERNAL; look-ups say failed: Alby Hub's node lost touch, and paid",
    "payment-failed-then-paid": "PAYMENT_FAILED; two look-ups say failed, then settled",
    "payment-failed-but-paid": "PAYMENT_FAILED; look-ups tell the truth",
    "already-paid": "INTERNAL “this invoice has already been paid”, as Alby Hub says it",
    "already-pending": "INTERNAL “there is already a payment pending”; look-ups say pending twice, then settled",
    "insufficient-but-paid": "INSUFFICIENT_BALANCE to a second copy of the request; look-ups tell the truth",
    "unknown-code": "an error with a code that no specification has",
    "error-as-text": "an error that is a text",
    "not-found": "no answer; look-ups say NOT_FOUND",
    "look-up-internal": "no answer; look-ups say INTERNAL",
    "look-up-silent": "no answer, neither to look-ups",
    "look-up-vague": "no answer; look-ups tell a transaction without state, time or preimage",
    "look-up-empty": "no answer; look-ups tell an empty object",
    "no-state": "no answer; look-ups tell no state, as older services do, but when it settled",
    "no-look-up": "no answer; no lookup_invoice, but a list of payments",
    "no-look-up-no-list": "no answer; neither lookup_invoice nor a list",
    "same-page": "no answer; no lookup_invoice, and a list that gives its first page for ever, without the payment",
    "hinted": "no answer, but a notification that it was sent",
    "hinted-of-another": "no answer, and notifications of others' payments, and broken ones",
    # money leaves, and the proof is not as it should be, here and in the look-up
    "null-preimage": "success without a preimage",
    "no-fields": "success with an empty result",
    "zero-preimage": "success with a preimage of zeros",
    "wrong-preimage": "success with the preimage of nothing",
    "short-preimage": "success with half a preimage",
    "upper-preimage": "success with the preimage in capitals",
    "late-preimage": "success without a preimage; the look-up has it",
    "other-payment": "success with the preimage of another payment; look-ups tell of that one",
    "odd-fields": "fields of the wrong types, in look-ups as well",
    "error-and-result": "an error and the proof",
    "error-and-wrong-result": "an error and the preimage of nothing; look-ups tell the truth",
    # money leaves, and the envelope is wrong
    "doubled": "the answer comes three times",
    "wrong-signature": "an answer that somebody changed on its way",
    "wrong-author": "an answer that another key signed",
    "lie-by-another": "another key answers with an error first, then the wallet",
    "other-request": "the answer is to another request",
    "no-request": "the answer does not say to which request",
    "other-method": "an answer to another method, then the right one",
    "garbage": "a content that nobody can decipher, then the right one",
    "not-json": "texts that are no JSON object, then the right one",
    "oversized": "an event of half a mebibyte instead of the answer",
    "deep": "an answer nested ten thousand levels deep",
    "other-key": "the answer is encrypted for somebody else",
    # money stays
    "payment-failed": "PAYMENT_FAILED, and look-ups say failed",
    "payment-failed-unheard-of": "PAYMENT_FAILED, and look-ups say NOT_FOUND",
    "internal-no-route": "INTERNAL with the words of a node that gave up, and look-ups say failed: Alby Hub",
    "internal-failed": "INTERNAL, and look-ups say failed",
    "in-flight-then-failed": "no answer; look-ups say pending twice, then failed",
    "no-answer-before": "no answer, and nothing is paid",
    "insufficient": "INSUFFICIENT_BALANCE",
    "quota": "QUOTA_EXCEEDED",
    "rate-limited": "RATE_LIMITED",
    "bad-request": "BAD_REQUEST",
    "too-late": "EXPIRED",
    "restricted": "RESTRICTED",
    "not-implemented": "NOT_IMPLEMENTED",
    "unsupported": "UNSUPPORTED_ENCRYPTION",
    "unauthorized": "UNAUTHORIZED, to every question",
    "deaf": "no question is answered",
}
UNPAID = frozenset(list(LIES)[list(LIES).index("payment-failed") :])
SILENT = frozenset(
    {"no-answer", "in-flight-then-paid", "in-flight-forever", "accepted-forever", "expired", "not-found", "hinted",
     "look-up-internal", "look-up-silent", "look-up-vague", "look-up-empty", "no-state", "no-look-up", "same-page",
     "no-look-up-no-list", "hinted-of-another", "in-flight-then-failed", "no-answer-before", "deaf"}
)  # fmt: skip
"""The request to pay is not answered."""
UNHEARD = SILENT | {
    "late", "wrong-signature", "wrong-author", "other-request", "no-request", "oversized", "deep", "other-key"
}  # fmt: skip
"""Whoever asks to pay hears nothing that is an answer."""
UNTOLD = frozenset({"look-up-silent", "deaf"})
"""Whoever looks a payment up hears nothing."""
ERRORS: dict[str, Any] = {
    "failed-forever": {"code": "INTERNAL", "message": "rpc error: code = Unavailable desc = error reading from server"},
    "payment-failed-then-paid": {"code": "PAYMENT_FAILED", "message": "no route"},
    "payment-failed-but-paid": {"code": "PAYMENT_FAILED", "message": "timeout"},
    "payment-failed": {"code": "PAYMENT_FAILED", "message": "no route"},
    "payment-failed-unheard-of": {"code": "PAYMENT_FAILED", "message": "no route"},
    "internal-no-route": {"code": "INTERNAL", "message": "payment failed: FAILURE_REASON_NO_ROUTE"},
    "internal-failed": {"code": "INTERNAL", "message": "context canceled"},
    "already-paid": {"code": "INTERNAL", "message": "this invoice has already been paid"},
    "already-pending": {"code": "INTERNAL", "message": "there is already a payment pending for this invoice"},
    "insufficient-but-paid": {"code": "INSUFFICIENT_BALANCE", "message": "insufficient balance"},
    "unknown-code": {"code": "WEATHER", "message": "it rains"},
    "error-as-text": "no",
    "insufficient": {"code": "INSUFFICIENT_BALANCE", "message": "insufficient balance remaining to make payment"},
    "quota": {"code": "QUOTA_EXCEEDED", "message": "your wallet has exceeded its spending quota"},
    "rate-limited": {"code": "RATE_LIMITED", "message": "slow down"},
    "bad-request": {"code": "BAD_REQUEST", "message": "invoice is required"},
    "too-late": {"code": "EXPIRED", "message": "request expired"},
    "restricted": {"code": "RESTRICTED", "message": "no pay permission"},
    "not-implemented": {"code": "NOT_IMPLEMENTED", "message": ""},
    "unsupported": {"code": "UNSUPPORTED_ENCRYPTION", "message": "unsupported"},
    "unauthorized": {"code": "UNAUTHORIZED", "message": "the public key does not have a wallet connected"},
}
"""What is said of the request to pay, whatever became of it."""
STATES = {
    "in-flight-then-paid": ("pending", "settled"),
    "already-pending": ("pending", "settled"),
    "in-flight-forever": ("pending", "pending"),
    "accepted-forever": ("accepted", "accepted"),
    "expired": ("expired", "expired"),
    "failed-forever": ("failed", "failed"),
    "payment-failed-then-paid": ("failed", "settled"),
    "payment-failed": ("failed", "failed"),
    "internal-no-route": ("failed", "failed"),
    "internal-failed": ("failed", "failed"),
    "in-flight-then-failed": ("pending", "failed"),
}
"""What look-ups say, at first and after some patience."""
