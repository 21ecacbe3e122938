"""One lnd node over REST, as the bench needs it: makes invoices, pays, tells which were paid. Standard library only."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.request
from dataclasses import dataclass
from typing import Any, Protocol


class Raw(Protocol):
    """A preimage."""

    @property
    def raw(self) -> bytes: ...


@dataclass(frozen=True)
class Node:
    """``url`` of its REST, the macaroon in hexadecimal, and the file with its certificate."""

    url: str
    macaroon: str
    cert: str

    def invoice(self, msat: int, preimage: Raw, memo: str) -> str:
        """A new invoice for this preimage."""
        body = {"value_msat": str(msat), "r_preimage": base64.b64encode(preimage.raw).decode(), "memo": memo}
        return str(self.ask("POST", "/v1/invoices", body)["payment_request"])

    def is_paid(self, payment_hash: str) -> bool:
        return bool(self.ask("GET", f"/v1/invoice/{payment_hash}").get("state") == "SETTLED")

    def paid(self) -> int:
        """How many of its invoices were paid so far."""
        invoices = self.ask("GET", "/v1/invoices?num_max_invoices=100000")["invoices"]
        return sum(1 for invoice in invoices if invoice["state"] == "SETTLED")

    def pay(self, invoice: str) -> str:
        """The preimage, in hexadecimal."""
        body = {
            "payment_request": invoice,
            "fee_limit_msat": "100000",
            "timeout_seconds": 60,
            "no_inflight_updates": True,
        }
        told = self.ask("POST", "/v2/router/send", body)["result"]
        if told["status"] != "SUCCEEDED":
            raise RuntimeError(told.get("failure_reason", "not paid"))
        return str(told["payment_preimage"])

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Grpc-Metadata-macaroon": self.macaroon},
        )
        with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=self.cert)) as answer:
            told: dict[str, Any] = json.loads(answer.read().splitlines()[-1])
            return told
