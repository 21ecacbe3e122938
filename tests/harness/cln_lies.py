"""The lies that the mock Core Lightning can be told to tell, by name, and what each of them comes to."""

from __future__ import annotations

LIES = {
    # money leaves, and the truth comes later or never
    "pending-then-paid": "209 “Timed out”; listpays says pending twice, then complete",
    "pending-forever": "209 “Timed out”; a part stays pending for ever, which no release should do and some did",
    "refused-by-one-part": "203 while another part is on its way; listpays says so twice, then complete",
    "no-route-for-the-rest": "205 while a part is on its way; listpays says so twice, then complete",
    "trying-again": "the connection drops; listpays has failed attempts twice, then a further one that is complete",
    "proxy-while-trying": "502 of a proxy; listpays has failed attempts twice, then a further one that is complete",
    "gave-up-and-unlisted": "209 “Timed out”; listpays is empty all the same",
    "some-attempts-failed": "209; listpays has two failed attempts and one that is complete",
    "already-paid": "219 “Already paid”",
    "already-paid-218": "218 “Already paid”, as before 26.06",
    "begun-and-unknown": "-32601 “Unknown command”, after it paid",
    "pay-pending": "no xpay here; pay answers 201 with status pending; listpays says pending twice, then complete",
    "not-found": "the connection drops after the payment; listpays is empty",
    "look-up-500": "the connection drops after the payment; listpays answers 500",
    "look-up-hang": "the connection drops after the payment; listpays never answers",
    "look-up-vague": "the connection drops after the payment; listpays answers no list",
    "look-up-other": "the connection drops after the payment; listpays lists a failed one of another hash",
    "look-up-refused": "the connection drops after the payment; the rune may ask no more in this minute",
    # money leaves, and the proof is not as it should be, here and in the look-up
    "null-preimage": "201 with a preimage that is null",
    "zero-preimage": "201 with a preimage of zeros",
    "wrong-preimage": "201 with the preimage of nothing",
    "short-preimage": "201 with half a preimage",
    "upper-preimage": "201 with the preimage in capitals",
    "base64-preimage": "201 with the preimage in base64",
    "late-preimage": "201 without a preimage; listpays has it",
    "other-payment": "201 of another payment, with a preimage that fits that one; listpays has the truth",
    "odd-fields": "201 with fields of the wrong type; listpays as well",
    "old-texts": "no xpay here; amounts are texts like “21000msat”, and errors stand below “error”",
    # money leaves, and no answer can be read
    "html": "200 and a page of HTML",
    "html-201": "201 and a page of HTML",
    "empty-201": "201 and an empty object",
    "500": "500 and text after the payment",
    "no-code": "500 after the payment, an error without a code: clnrest lost lightningd",
    "unknown-code": "500 after the payment, an error -1",
    "502": "502 of a proxy after the payment",
    "drop-after": "the connection drops after the payment",
    "truncated": "the answer ends in the middle",
    "hang": "no answer after the payment",
    "huge": "an answer of 64 MiB",
    "deep": "an answer nested a hundred thousand levels deep",
    # money stays
    "pending-then-failed": "209 “Timed out”; listpays says pending twice, then failed",
    "no-route": "205, and no attempt",
    "refused-by-payee": "203, and one failed attempt",
    "attempts-failed": "209 after three failed attempts",
    "too-expensive": "206",
    "out-of-time": "210",
    "expired": "207",
    "bad-invoice": "-32602 “Invalid bolt11 invoice”",
    "failed-silently": "the connection drops, and listpays has one failed attempt",
    "drop-before": "the connection drops before anything is paid",
    "hang-before": "no answer, nothing is paid",
    "wrong-rune": "401, code 1501, for every question",
    "forbidden": "401, code 1502, for what pays",
    "no-rest": "404 and a page of HTML, for every question",
    "no-payer": "404, code -32601, for xpay and pay",
    "redirect": "307 to another host, for every question",
}
UNPAID = frozenset(list(LIES)[list(LIES).index("pending-then-failed") :])
DROPPING = frozenset(
    {"trying-again", "not-found", "look-up-500", "look-up-hang", "look-up-vague", "look-up-other", "look-up-refused",
     "drop-after", "failed-silently"}
)  # fmt: skip
PENDING = frozenset(
    {"pending-then-paid", "pending-forever", "refused-by-one-part", "no-route-for-the-rest", "pay-pending",
     "pending-then-failed"}
)  # fmt: skip
WITHOUT_XPAY = frozenset({"old-texts", "pay-pending", "no-payer"})
