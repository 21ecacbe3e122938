"""The lies that the mock Electrum can be told to tell, by name, and what each of them comes to."""

from __future__ import annotations

LIES = {
    # money leaves, and the truth comes later or never
    "in-flight-then-settled": "lnpay never answers; the invoice is in flight twice, then paid",
    "in-flight-forever": "lnpay never answers, and the invoice stays in flight: a payee who holds it",
    "parts-on-their-way": "success false, and the invoice failed, while parts are out twice; then it is paid",
    "did-not-clear": "“A previous attempt … did not clear”; the invoice failed and something is out twice, then paid",
    "restarted": "drops; the invoice is unpaid, as after a restart, with something out twice; then paid",
    "expired-on-its-way": "drops; the invoice expired, with something out twice; then paid",
    "peer-away": "drops; the invoice expired, and a peer is away twice who had not confirmed what was sent; then paid",
    "less-than-a-sat": "drops; the invoice of some msat expired, of which channels tell nothing, twice; then paid",
    "internal-error": "an internal error; the invoice is in flight twice, then paid",
    "lost-track": "an internal error; the invoice stays in flight, and the history has it",
    "already-paid": "“This invoice has been paid already”",
    "already-initiated": "“A payment was already initiated for this invoice”",
    "in-german": "“Diese Rechnung wurde bereits bezahlt”",
    "not-begun-after": "“This invoice has expired”, after it was paid",
    "forbidden-after": "403 after the payment, and not for look-ups",
    "no-command-after": "500 “Invalid Request” after the payment, and not for look-ups",
    "not-found": "drops after the payment; neither the invoices nor the history have it",
    "invoice-gone": "drops after the payment; the history alone has it",
    "incoming": "drops after the payment; the history has it as one that came in, and no invoice",
    "failed-of-another": "drops after the payment; the invoice told of failed, and is another",
    "history-500": "drops after the payment; the history answers 500",
    "history-huge": "drops after the payment; the history has 64 MiB",
    "look-up-500": "drops after the payment; all look-ups answer 500",
    "look-up-hang": "drops after the payment; look-ups are never answered",
    "look-up-null": "drops after the payment; all look-ups result in null",
    "look-up-junk": "drops after the payment; the invoice failed, and the channels are junk",
    "wallet-closed": "drops after the payment; then “wallet not loaded”",
    # money leaves, and the proof is not as it should be, here and in the history
    "null-preimage": "success without a preimage",
    "zero-preimage": "success with a preimage of zeros",
    "wrong-preimage": "success with the preimage of nothing",
    "short-preimage": "success with half a preimage",
    "upper-preimage": "success with the preimage in capitals",
    "base64-preimage": "success with the preimage in base64",
    "late-preimage": "success without a preimage; the history has it",
    "history-lost": "success without a preimage; the invoice is paid, and not in the history",
    "other-payment": "success of another payment, with a preimage that fits that one",
    "odd-fields": "success with fields of the wrong type; look-ups as well",
    # money leaves, and no answer can be read
    "html": "200 and a page of HTML",
    "500": "500 after the payment",
    "502": "502 of a proxy after the payment",
    "empty": "200 and nothing",
    "no-result": "200 and neither a result nor an error",
    "null-result": "200 and a result that is null",
    "error-text": "200 and an error that is a text, as before 4.3",
    "drop-after": "the connection drops after the payment",
    "truncated": "the answer ends in the middle",
    "hang": "no answer after the payment",
    "huge": "an answer of 64 MiB",
    "deep": "an answer nested a hundred thousand levels deep",
    # money stays
    "in-flight-then-failed": "lnpay never answers; the invoice is in flight twice, then failed",
    "forgotten": "an error that Electrum had while it failed; the invoice stays in flight, with nothing out",
    "no-route": "success false",
    "failed-and-huge": "success false; the history has 64 MiB",
    "insufficient": "success false, and the channels are empty",
    "expired-unpaid": "drops before anything is paid; the invoice expired and nothing is out",
    "expired": "“This invoice has expired”",
    "wrong-network": "“Wrong Lightning invoice HRP”",
    "locked": "“Password required”, for what pays",
    "no-limit": "lnpay knows no max_fee_msat, though the version should",
    "no-lnpay": "500 “Invalid Request”, for what pays",
    "drop-before": "the connection drops before anything is paid",
    "hang-before": "no answer, nothing is paid",
    "not-loaded": "“wallet not loaded”, for every question about one",
    "no-lightning": "“Lightning not enabled in this wallet”",
    "offline": "an error for every question about the network",
    "wrong-password": "403 for every question",
    "no-password": "401 for every question",
    "no-electrum": "404 and a page of HTML, for every question",
    "redirect": "307 to another host, for every question",
}
UNPAID = frozenset(list(LIES)[list(LIES).index("in-flight-then-failed") :])
FOR_ALL = frozenset({"offline", "wrong-password", "no-password", "no-electrum", "redirect"})
"""Not even the network can be asked for, so that nothing is ordered."""
WAITING = frozenset({"in-flight-then-settled", "in-flight-forever", "hang", "in-flight-then-failed", "hang-before"})
DROPPING = frozenset(name for name, about in LIES.items() if about.startswith("drops"))
NEW = frozenset({"no-limit"})
"""Told by an Electrum that takes a fee limit."""
