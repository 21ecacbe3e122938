"""The play wallet over HTTP, so that a person with nothing but ``curl`` can make the whole journey."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from l402desk.protocol.amount import ZERO
from l402desk.protocol.errors import ProofError
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.sandbox.minting import Mint, Minted
from l402desk.sandbox.shop import NO_STORE
from l402desk.sandbox.wallet import PlayWallet

LONGEST_BODY = 16 * 1024


class TooLong(Exception):  # noqa: N818 - named for what the client sent
    """A request body beyond its limit."""


class WalletApi:
    """The handlers of ``/wallet``."""

    def __init__(self, wallet: PlayWallet, mint: Mint) -> None:
        self._wallet = wallet
        self._mint = mint

    async def pay(self, request: Request) -> Response:
        try:
            asked = json.loads(await read_body(request, LONGEST_BODY))
        except (ValueError, RecursionError, TooLong, ClientDisconnect):
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("invoice"), str):
            return _problem("bad-request", 'Send {"invoice": "lnbcrt…"}')
        result = await self._wallet.pay(asked["invoice"], fee_limit=ZERO)
        return _described(result, self._mint.find_invoice(asked["invoice"]))

    async def payment(self, request: Request) -> Response:
        """One payment by its hash."""
        try:
            payment_hash = PaymentHash.from_hex(request.path_params["payment_hash"])
        except ProofError as error:
            return _problem("bad-request", error.message)
        result = await self._wallet.look_up(payment_hash)
        if result is None:
            return _problem("not-found", "This wallet never began a payment with this hash.", 404)
        return _described(result, self._mint.find(payment_hash))

    async def balance(self, _: Request) -> Response:
        balance = await self._wallet.balance()
        return JSONResponse({"balance_sats": balance.value // 1000, "balance_msat": balance.value}, headers=NO_STORE)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises TooLong beyond ``limit`` bytes, and reads no further."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise TooLong
    return bytes(body)


def _described(result: PaymentResult, invoice: Minted | None) -> Response:
    if isinstance(result, Failed) or invoice is None:
        return _problem("payment-failed", result.reason if isinstance(result, Failed) else "Unknown invoice")
    amount = invoice.order.amount
    body: dict[str, Any] = {
        "preimage": result.preimage.hex if isinstance(result, Paid) else None,
        "payment_hash": invoice.payment_hash.hex,
        "amount_msat": amount.value if amount else 0,
        "fee_msat": 0,
    }
    if not isinstance(result, Paid):
        body["message"] = result.reason
    return JSONResponse(body, 202 if isinstance(result, Unknown) else 200, NO_STORE)


def _problem(code: str, message: str, status: int = 400) -> Response:
    return JSONResponse({"error": code, "message": message}, status, NO_STORE)
