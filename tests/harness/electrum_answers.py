"""What the mock Electrum answers instead of the truth."""

from __future__ import annotations

from tests.harness.serving import Answer, answer

PAGE = b"<!doctype html><title>One moment</title><p>The server is being restarted."


def error(message: str) -> Answer:
    return answer(200, {"id": 1, "jsonrpc": "2.0", "error": {"code": 1, "message": message}})


def result(value: object) -> Answer:
    return answer(200, {"id": 1, "jsonrpc": "2.0", "result": value})


INTERNAL = answer(
    200,
    {
        "error": {
            "code": 2,
            "message": "internal error while executing RPC",
            "data": {"exception": "KeyError('x')", "traceback": "…"},
        }
    },
)
INSTEAD = {
    "did-not-clear": error("A previous attempt to pay this invoice did not clear"),
    "already-paid": error("This invoice has been paid already"),
    "already-initiated": error("A payment was already initiated for this invoice"),
    "in-german": error("Diese Rechnung wurde bereits bezahlt"),
    "not-begun-after": error("This invoice has expired"),
    "internal-error": INTERNAL,
    "lost-track": INTERNAL,
    "forbidden-after": Answer(403, b"Forbidden", "text/plain"),
    "no-command-after": Answer(500, b"Invalid Request", "text/plain"),
    "html": Answer(200, PAGE, "text/html"),
    "500": Answer(500, b"Internal Server Error", "text/plain"),
    "502": Answer(502, PAGE, "text/html"),
    "empty": Answer(200),
    "no-result": answer(200, {"id": 1, "jsonrpc": "2.0"}),
    "null-result": result(None),
    "error-text": answer(200, {"id": 1, "error": "This invoice has been paid already"}),
    "huge": Answer(200, b'{"result": "' + b"0" * (64 * 1024 * 1024) + b'"}'),
    "deep": Answer(200, b'{"result":' * 100_000 + b"}" * 100_000),
}
"""What is said of an order, instead of what became of it."""
FORGOTTEN = error("list indices must be integers or slices, not NoneType")
EVERYWHERE = {
    "wrong-password": Answer(403, b"Forbidden", "text/plain"),
    "no-password": Answer(401, b"Unauthorized", "text/plain"),
    "no-electrum": Answer(404, PAGE, "text/html"),
}
REFUSALS = {
    "expired": error("This invoice has expired"),
    "wrong-network": error("Wrong Lightning invoice HRP bc10u, should be bcrt"),
    "locked": error("Password required. Unlock the wallet, or add a --password option to your command"),
    "no-limit": error("Commands.lnpay() got an unexpected keyword argument 'max_fee_msat'"),
    "no-lnpay": Answer(500, b"Invalid Request", "text/plain"),
}
NOT_LOADED, NO_LIGHTNING = error("wallet not loaded"), error("Lightning not enabled in this wallet")
ODD = {
    ("look-up-500", ""): INSTEAD["500"],
    ("look-up-null", ""): result(None),
    ("history-500", "lightning_history"): INSTEAD["500"],
    ("history-huge", "lightning_history"): INSTEAD["huge"],
    ("failed-and-huge", "lightning_history"): INSTEAD["huge"],
    ("wallet-closed", ""): NOT_LOADED,
    ("not-loaded", ""): NOT_LOADED,
    ("no-lightning", "lnpay"): NO_LIGHTNING,
    ("no-lightning", "list_channels"): NO_LIGHTNING,
    ("no-lightning", "lightning_history"): NO_LIGHTNING,
    ("no-lightning", "export_lightning_preimage"): NO_LIGHTNING,
    ("odd-fields", "list_channels"): result([{"type": "CHANNEL", "state": "OPEN", "local_unsettled_sent": "0"}]),
    ("odd-fields", "get_invoice"): result({"status": "3", "amount_msat": "21", "invoice_id": 7}),
    ("odd-fields", "lightning_history"): result({"preimage": {}}),
    ("look-up-junk", "list_channels"): result([7]),
}
"""What is said of a question, by lie and command; the empty command is every one that asks for the wallet."""
