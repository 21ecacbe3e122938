"""A purchase over two URLs: paid at POST /checkout, redeemed at POST /claim, as Lightning Enable has it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from l402desk.sandbox.gate import Challenge, Gate
from l402desk.sandbox.macaroons import Grant
from l402desk.sandbox.refusal import Refused, payment_required
from l402desk.sandbox.shop import TermsOf
from l402desk.sandbox.terms import Terms


class CheckoutDoor:
    """Takes orders and lets nobody in: a paid token is redeemed at the other URL, and here it is 404."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def admit(self, authorization: Sequence[str], terms: Terms) -> Grant:
        if authorization:
            raise Refused("claimed-elsewhere", "There is nothing behind this URL. Claim at POST /claim.", 404)
        raise payment_required()

    def give_back(self, grant: Grant) -> None:
        """Nobody got in."""

    def challenge(self, terms: Terms) -> Challenge:
        return self._gate.challenge(terms)


class ClaimDoor:
    """Lets in who paid for an order. Without a credential there is nothing to be paid here: 401."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def admit(self, authorization: Sequence[str], terms: Terms) -> Grant:
        try:
            grant = self._gate.admit(authorization, terms)
        except Refused as refused:
            raise Refused(refused.code, f"{refused.message} Orders are paid at POST /checkout.") from refused
        if grant.allowance.order_id is None:
            raise Refused("no-order", "This token names no order.")
        return grant

    def give_back(self, grant: Grant) -> None:
        self._gate.give_back(grant)

    def challenge(self, terms: Terms) -> Challenge:
        return self._gate.challenge(terms)


def new_order(terms: Terms) -> TermsOf:
    """Terms with an order id of their own for every request."""

    def of(_: Request) -> Terms:
        return replace(terms, order_id=f"ord_{secrets.token_hex(6)}")

    return of


async def claim(_: Request, grant: Grant) -> Response:
    """The same receipt however often it is claimed."""
    return JSONResponse({"order_id": grant.allowance.order_id, "item": "One sticker", "status": "delivered"})
