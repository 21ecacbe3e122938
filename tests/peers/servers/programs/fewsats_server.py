# mypy: ignore-errors
"""A paid API by Fewsats' decorator for Flask, paid to an LNbits: run in an environment of its own, not the app's."""

from __future__ import annotations

import os

import httpx
from flask import Flask, jsonify
from l402.server import Authenticator, Flask_l402_decorator, InvoiceProvider, MacaroonService

EXPIRY = int(os.environ.get("INVOICE_EXPIRY", "3600"))


class Lnbits(InvoiceProvider):
    """Amounts are sats."""

    async def create_invoice(self, amount: int, currency: str, description: str) -> tuple[str, str]:
        asked = {"out": False, "amount": amount, "memo": description, "expiry": EXPIRY}
        async with httpx.AsyncClient(timeout=30, headers={"X-Api-Key": os.environ["LNBITS_KEY"]}) as client:
            answer = await client.post(f"{os.environ['LNBITS_URL']}/api/v1/payments", json=asked)
        made = answer.raise_for_status().json()
        return made["bolt11"], made["payment_hash"]


class RootKeys(MacaroonService):
    """In memory: a restart forgets every token."""

    def __init__(self) -> None:
        self._keys: dict[bytes, bytes] = {}

    async def insert_root_key(self, token_id: bytes, root_key: bytes, macaroon: str) -> None:
        self._keys[token_id] = root_key

    async def get_root_key(self, token_id: bytes) -> bytes:
        return self._keys[token_id]


app = Flask(__name__)
authenticator = Authenticator("localhost", Lnbits(), RootKeys())


@app.route("/<name>")
@Flask_l402_decorator(authenticator, lambda request: (int(os.environ["SATS"]), "SAT", request.path))
def thing(name: str) -> object:
    return jsonify({"thing": f"/{name}"})


app.run("127.0.0.1", int(os.environ["PORT"]))
