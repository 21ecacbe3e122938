# mypy: ignore-errors
"""A paid API by l402kit's decorator for Flask, paid to an LNbits: run in an environment of its own, not the app's.

A token is good for LIFE seconds, and for one use. With PLAY it has no invoices but what it calls `DEV:` ones.
"""

from __future__ import annotations

import base64
import json
import os
import time

import httpx
from flask import Flask, jsonify
from l402kit.dev import DevProvider
from l402kit.middleware import l402_required
from l402kit.providers import LNbitsProvider
from l402kit.types import Invoice, LightningProvider

LIFE = float(os.environ["LIFE"])
EXPIRY = int(os.environ.get("INVOICE_EXPIRY", "3600"))


class ShortLived(LNbitsProvider):
    """As its parent, but for how long tokens and invoices are good: both are an hour there."""

    async def create_invoice(self, amount_sats: int) -> Invoice:
        asked = {"out": False, "amount": amount_sats, "memo": "L402 API access", "expiry": EXPIRY}
        async with httpx.AsyncClient(timeout=30, headers={"X-Api-Key": self.api_key}) as client:
            answer = await client.post(f"{self.base_url}/api/v1/payments", json=asked)
        made = answer.raise_for_status().json()
        until = int((time.time() + LIFE) * 1000)
        claims = json.dumps({"hash": made["payment_hash"], "exp": until}).encode()
        return Invoice(
            made["bolt11"], made["payment_hash"], base64.b64encode(claims).decode(), amount_sats, until // 1000
        )


def provider() -> LightningProvider:
    if os.environ.get("PLAY"):
        return DevProvider()
    kind = LNbitsProvider if (LIFE, EXPIRY) == (3600, 3600) else ShortLived
    return kind(os.environ["LNBITS_KEY"], os.environ["LNBITS_URL"])


app = Flask(__name__)


@app.route("/<name>")
@l402_required(price_sats=int(os.environ["SATS"]), lightning=provider())
def thing(name: str) -> object:
    return jsonify({"thing": f"/{name}"})


app.run("127.0.0.1", int(os.environ["PORT"]))
