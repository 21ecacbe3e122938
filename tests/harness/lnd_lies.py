"""The lies that the mock LND can be told to tell, by name, and what each of them comes to."""

from __future__ import annotations

LIES = {
    # money leaves, and the truth comes later or never
    "in-flight-then-settled": "IN_FLIGHT, and so twice in look-ups, then SUCCEEDED",
    "in-flight-forever": "IN_FLIGHT for ever, here and in look-ups: a hold invoice that never settles",
    "already-paid": "409, code 6 “invoice is already paid”",
    "in-transition": "409, code 6 “payment is in transition”; two look-ups say IN_FLIGHT, then SUCCEEDED",
    "not-found": "the connection drops after the payment; look-ups answer 404 “payment isn't initiated”",
    "track-500": "the connection drops after the payment; look-ups answer 500",
    "track-hang": "the connection drops after the payment; look-ups are never answered",
    "track-404": "the connection drops after the payment; look-ups find a page that is not there",
    "track-no-method": "the connection drops after the payment; a gateway knows no such path",
    "track-vague": "the connection drops after the payment; look-ups answer an object that tells nothing",
    "failed-of-another": "FAILED, of another payment; the look-up has the truth",
    "failed-of-nobody": "FAILED, and no payment hash; the look-up has the truth",
    "result-and-error": "FAILED and an error in one object; the look-up has the truth",
    "failed-under-500": "FAILED, under status 500; the look-up has the truth",
    "denied-midway": "IN_FLIGHT, then “permission denied”; the look-up has the truth",
    "not-initiated-after": "404 “payment isn't initiated” for the order itself; the look-up has the truth",
    "expired-after": "“invoice expired” for the order itself; the look-up has the truth",
    "error-at-the-top": "500 {code, message} after the payment; the look-up has the truth",
    "error-below": "200 {error: {code, message}} after the payment; the look-up has the truth",
    "error-as-text": "500 {error: text} after the payment; the look-up has the truth",
    # money leaves, and the proof is not as it should be, here and in the look-up
    "no-preimage": "SUCCEEDED without a preimage",
    "null-preimage": "SUCCEEDED with a preimage that is null",
    "zero-preimage": "SUCCEEDED with a preimage of zeros",
    "wrong-preimage": "SUCCEEDED with the preimage of nothing",
    "short-preimage": "SUCCEEDED with half a preimage",
    "upper-preimage": "SUCCEEDED with the preimage in capitals",
    "base64-preimage": "SUCCEEDED with the preimage in base64",
    "late-preimage": "SUCCEEDED without a preimage; the look-up has it",
    "other-payment": "SUCCEEDED, of another payment, with a preimage that fits that one; the look-up has the truth",
    "odd-fields": "SUCCEEDED with fields of the wrong type; the look-up as well",
    "then-error": "SUCCEEDED with its preimage, then an error",
    # money leaves, and no answer can be read
    "html": "200 and a page of HTML",
    "500": "500 and text",
    "empty": "200 and not a byte",
    "junk-lines": "lines that are no objects",
    "drop-after": "the connection drops after the payment",
    "truncated": "the line ends in its middle",
    "hang": "no answer after the payment",
    "huge": "an answer of 64 MiB",
    "deep": "an answer nested a hundred thousand levels deep",
    # money stays
    "in-flight-then-failed": "IN_FLIGHT, and so twice in look-ups, then FAILED",
    "no-route": "FAILED, no route",
    "insufficient": "FAILED, insufficient balance",
    "timeout-failed": "FAILED, time-out",
    "incorrect-details": "FAILED, incorrect payment details",
    "error-failed": "FAILED, error",
    "cancelled": "FAILED, cancelled",
    "no-reason": "FAILED, and no reason",
    "invoice-expired": "“invoice expired”, below error",
    "permission-denied": "code 2 “permission denied” to pay, as lnd says it",
    "permission-denied-7": "403, code 7",
    "wrong-macaroon": "“verification failed”, for every question",
    "wallet-locked": "“wallet locked”, for every question",
    "restarting": "“the RPC server is in the process of starting up”, after getinfo was answered",
    "no-method": "404 “Not Found” of a gateway that cannot pay",
    "no-lnd": "404 and a page of HTML, for every question",
    "drop-before": "the connection drops before anything is paid",
    "hang-before": "no answer, nothing is paid",
    "redirect": "307 to another host, for every question",
}
UNPAID = frozenset(list(LIES)[list(LIES).index("in-flight-then-failed") :])
FOR_ALL = frozenset({"wrong-macaroon", "wallet-locked", "no-lnd", "redirect"})
"""Told for every question: the first one is for the node's network, and no other follows."""
DROPPING = frozenset(
    {"not-found", "track-500", "track-hang", "track-404", "track-no-method", "track-vague", "drop-after"}
)
IN_FLIGHT = frozenset({"in-flight-then-settled", "in-flight-forever", "in-transition", "in-flight-then-failed"})
REASONS = {
    "no-route": "NO_ROUTE",
    "insufficient": "INSUFFICIENT_BALANCE",
    "timeout-failed": "TIMEOUT",
    "incorrect-details": "INCORRECT_PAYMENT_DETAILS",
    "error-failed": "ERROR",
    "cancelled": "CANCELED",
    "no-reason": "NONE",
}
"""Why a payment fails, where the lie is nothing but that."""
