# mypy: ignore-errors
"""A paid API by l402kit's decorator for Flask, paid to an LNbits: run in an environment of its own, not the app's.

A token is good for LIFE seconds, and for one use.
"""

from __future__ import annotations

import base64
import json
import os
import time

import httpx
from flask import Flask, jsonify
from l402kit.middleware import l402_required
from l402kit.types import Invoice

LIFE = float(os.environ["LIFE"])
EXPIRY = int(os.environ.get("INVOICE_EXPIRY", "3600"))


class Lnbits:
    """l402kit's LightningProvider over LNbits 1.6; its own speaks to an API that LNbits no longer has."""

    async def create_invoice(self, amount_sats: int) -> Invoice:
        asked = {"out": False, "amount": amount_sats, "memo": "L402 API access", "expiry": EXPIRY}
        async with httpx.AsyncClient(timeout=30, headers={"X-Api-Key": os.environ["LNBITS_KEY"]}) as client:
            answer = await client.post(f"{os.environ['LNBITS_URL']}/api/v1/payments", json=asked)
        made = answer.raise_for_status().json()
        until = int((time.time() + LIFE) * 1000)
        claims = json.dumps({"hash": made["payment_hash"], "exp": until}).encode()
        return Invoice(
            made["bolt11"], made["payment_hash"], base64.b64encode(claims).decode(), amount_sats, until // 1000
        )

    async def check_payment(self, payment_hash: str) -> bool:
        raise NotImplementedError  # the decorator never asks


app = Flask(__name__)


@app.route("/<name>")
@l402_required(price_sats=int(os.environ["SATS"]), lightning=Lnbits())
def thing(name: str) -> object:
    return jsonify({"thing": f"/{name}"})


app.run("127.0.0.1", int(os.environ["PORT"]))
