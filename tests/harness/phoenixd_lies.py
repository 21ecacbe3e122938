"""The lies that the mock phoenixd can be told to tell, by name, and what each of them comes to."""

from __future__ import annotations

LIES = {
    # money leaves, and the truth comes later or never
    "pending-then-paid": "the connection drops; look-ups say twice that it is on its way, then paid",
    "pending-forever": "the connection drops, and look-ups say for ever that it is on its way: a hold invoice",
    "already-paid": "200 with the reason “this invoice has already been paid”",
    "in-progress": "200 with the reason “another payment is in progress for that invoice”; twice on its way, then paid",
    "restarted-then-paid": "200 with the reason “wallet restarted …”; look-ups say twice on its way, then paid",
    "restarted-and-paid": "200 with the reason “wallet restarted …”; the look-up says paid",
    "earlier-failure": "the connection drops; look-ups show an earlier order that failed twice, then this one, paid",
    "failure-of-another": "200 with the reason “not enough funds …” of another payment; look-ups know none",
    "unknown-reason": "200 with a reason that phoenixd has not; the look-up has the truth",
    "400-and-unknown": "400 and text after the payment; look-ups answer 404 “Not found”",
    "not-found": "the connection drops after the payment; look-ups answer 404 “Not found”",
    "look-up-too-old": "the connection drops after the payment; look-ups answer 404 “Unknown endpoint …”",
    "look-up-500": "the connection drops after the payment; look-ups answer 500",
    "look-up-hang": "the connection drops after the payment; look-ups are never answered",
    "look-up-vague": "the connection drops after the payment; look-ups answer an object that tells nothing",
    "look-up-other": "the connection drops after the payment; look-ups tell of another payment, which failed",
    # money leaves, and the proof is not as it should be, here and in the look-up
    "null-preimage": "200 with a preimage that is null",
    "zero-preimage": "200 with a preimage of zeros",
    "wrong-preimage": "200 with the preimage of nothing",
    "short-preimage": "200 with half a preimage",
    "upper-preimage": "200 with the preimage in capitals",
    "base64-preimage": "200 with the preimage in base64",
    "late-preimage": "200 with a preimage that is null; the look-up has it",
    "other-payment": "200 of another payment, with a preimage that fits that one; the look-up has the truth",
    "odd-fields": "200 with fields of the wrong type; the look-up as well",
    # money leaves, and no answer can be read
    "html": "200 and a page of HTML",
    "empty": "200 and an empty object",
    "201": "201 and the right answer, which phoenixd never gives so; the look-up has it",
    "400-after": "400 and text after the payment",
    "500": "500 and text after the payment",
    "502": "502 of a proxy after the payment",
    "drop-after": "the connection drops after the payment",
    "truncated": "the answer ends in the middle",
    "hang": "no answer after the payment",
    "huge": "an answer of 64 MiB",
    "deep": "an answer nested a hundred thousand levels deep",
    # money stays
    "pending-then-failed": "the connection drops; look-ups say twice that it is on its way, then failed",
    "failed-silently": "the connection drops; look-ups say failed",
    "insufficient": "200 with the reason “not enough funds …”; look-ups know none",
    "no-channels": "200 with the reason “no channels available …”; look-ups know none",
    "not-sent": "200 with the reason “payment could not be sent …”; look-ups say failed",
    "offline": "200 with the reason “the recipient was offline …”; look-ups say failed",
    "exhausted": "200 with the reason “payment attempts exhausted …”; look-ups say failed",
    "restarted": "200 with the reason “wallet restarted …”; look-ups say failed",
    "unheard-of": "200 with a reason that phoenixd has not; look-ups say failed",
    "bad-invoice": "400 “Request parameter invoice couldn't be parsed …”",
    "drop-before": "the connection drops before anything is paid",
    "hang-before": "no answer, nothing is paid",
    "wrong-password": "401, for every question",
    "limited-password": "401, for what pays",
    "no-phoenixd": "404 and a page of HTML, for every question",
    "redirect": "307 to another host, for every question",
}
UNPAID = frozenset(list(LIES)[list(LIES).index("pending-then-failed") :])
DROPPING = frozenset(
    {"pending-then-paid", "pending-forever", "pending-then-failed", "earlier-failure", "not-found", "look-up-too-old",
     "look-up-500", "look-up-hang", "look-up-vague", "look-up-other", "drop-after", "failed-silently"}
)  # fmt: skip
PENDING = frozenset(
    {"pending-then-paid", "pending-forever", "in-progress", "restarted-then-paid", "pending-then-failed"}
)
REASONS = {
    "already-paid": "this invoice has already been paid",
    "in-progress": "another payment is in progress for that invoice",
    "restarted-then-paid": "wallet restarted while a payment was ongoing",
    "restarted-and-paid": "wallet restarted while a payment was ongoing",
    "restarted": "wallet restarted while a payment was ongoing",
    "failure-of-another": "not enough funds in wallet to afford payment",
    "unknown-reason": "the moon was in the wrong house",
    "unheard-of": "the moon was in the wrong house",
    "insufficient": "not enough funds in wallet to afford payment",
    "no-channels": "no channels available to send payment, please retry later",
    "not-sent": "payment could not be sent through existing channels, check individual failures for more details",
    "offline": "the recipient was offline or did not have enough liquidity to receive the payment",
    "exhausted": "payment attempts exhausted without success",
}
"""Why it was not paid, as lightning-kmp says it."""
