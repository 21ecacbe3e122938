"""Puts the sandbox together: its parts, and one route for every row of the table of endpoints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from l402desk.sandbox import checkout, goods, openapi
from l402desk.sandbox.dialect_door import DialectDoor, Tokens
from l402desk.sandbox.dialects import DIALECTS, Dialect
from l402desk.sandbox.endpoints import ENDPOINTS
from l402desk.sandbox.gate import Door, Gate
from l402desk.sandbox.goods import Goods, terms_for
from l402desk.sandbox.macaroons import Bakery, Grant
from l402desk.sandbox.minting import Clock, Mint
from l402desk.sandbox.opaque import PlainJson, SignedJson
from l402desk.sandbox.payment_auth import PaymentAuth
from l402desk.sandbox.quirks import wallet_quirk
from l402desk.sandbox.shop import Deliver, Sale, TermsOf, fixed
from l402desk.sandbox.wallet import PlayWallet
from l402desk.sandbox.wallet_api import WalletApi

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a sandbox is made of. Tests make it with a clock of their own."""

    clock: Clock
    quirks: frozenset[str]
    mint: Mint
    tokens: Tokens
    gate: Gate
    wallet: PlayWallet

    @classmethod
    def make(cls, clock: Clock, quirks: frozenset[str]) -> Parts:
        mint = Mint(clock)
        bakery = Bakery(mint, clock)
        tokens = Tokens(bakery, SignedJson(mint), PlainJson(clock), PaymentAuth(mint, clock))
        wallet = PlayWallet(mint, clock, wallet_quirk(quirks))
        return cls(clock, quirks, mint, tokens, Gate(mint, bakery, clock, quirks), wallet)


def build_app(parts: Parts) -> Starlette:
    """The application, without the misbehaviour that needs a real connection."""
    handlers = {**_free(parts), **_priced(parts), **_dialects(parts)}
    routes = [Route(e.path, handlers[e.path], methods=[e.method]) for e in ENDPOINTS]
    wallet = WalletApi(parts.wallet, parts.mint)
    return Starlette(routes=[*routes, Route("/wallet/payments/{payment_hash}", wallet.payment, methods=["GET"])])


def _free(parts: Parts) -> dict[str, Handler]:
    wallet = WalletApi(parts.wallet, parts.mint)
    return {
        "/": _index,
        "/free": _free_answer,
        "/openapi.json": _openapi,
        "/elsewhere": _elsewhere,
        "/wallet/pay": wallet.pay,
        "/wallet/balance": wallet.balance,
    }


def _priced(parts: Parts) -> dict[str, Handler]:
    things, gate = Goods(parts.clock), parts.gate
    order = terms_for("/checkout", "One sticker")
    claims, orders = checkout.ClaimDoor(gate), checkout.CheckoutDoor(gate)
    rows: list[tuple[str, Door, TermsOf, Deliver]] = [
        ("/weather", gate, goods.weather_terms, things.weather),
        ("/quote", gate, fixed(terms_for("/quote", "Three quotations", uses=3)), things.quote),
        ("/once", gate, fixed(terms_for("/once", "One number", uses=1)), things.once),
        (
            "/expires",
            gate,
            fixed(terms_for("/expires", "The time, for 20 seconds", valid_for=20)),
            things.expires,
        ),
        ("/premium", gate, goods.premium_terms, things.premium),
        ("/echo", gate, fixed(terms_for("/echo", "An echo")), things.echo),
        ("/big.json", gate, goods.big_terms, things.big_json),
        ("/image.png", gate, fixed(terms_for("/image.png", "A picture")), things.image),
        ("/audio", gate, fixed(terms_for("/audio", "A tone")), things.audio),
        ("/stream", gate, goods.stream_terms, things.stream),
        ("/flaky", gate, fixed(terms_for("/flaky", "Something shaky")), things.flaky),
        ("/checkout", orders, checkout.new_order(order), checkout.claim),
        ("/claim", claims, fixed(order), checkout.claim),
    ]
    return {path: Sale(door, parts.quirks, terms, deliver).answer for path, door, terms, deliver in rows}


def _dialects(parts: Parts) -> dict[str, Handler]:
    return {dialect.path: _in_dialect(dialect, parts) for dialect in DIALECTS}


def _in_dialect(dialect: Dialect, parts: Parts) -> Handler:
    async def deliver(_: Request, __: Grant) -> Response:
        return JSONResponse({"dialect": dialect.name, "title": dialect.title, "message": "Unlocked."})

    door = DialectDoor(dialect, parts.gate, parts.tokens, parts.clock)
    return Sale(door, parts.quirks, fixed(terms_for(dialect.path, dialect.title)), deliver).answer


async def _index(request: Request) -> Response:
    base = str(request.base_url).rstrip("/")
    rows = [
        {
            "method": e.method,
            "url": base + e.example,
            "title": e.title,
            "price_sats": e.price.sats_rounded_up if e.price else 0,
            "promise": e.promise,
        }
        for e in ENDPOINTS
    ]
    return JSONResponse({"name": "L402 Desk sandbox", "money": "play money on regtest", "endpoints": rows})


async def _free_answer(_: Request) -> Response:
    return JSONResponse({"message": "This one is free. Try /weather next: it costs 21 sats of play money."})


async def _openapi(request: Request) -> Response:
    return JSONResponse(openapi.document(ENDPOINTS, str(request.base_url).rstrip("/")))


async def _elsewhere(request: Request) -> Response:
    return JSONResponse(
        {
            "message": "A redirect led here, to another origin than the one you asked.",
            "credential_arrived": "authorization" in request.headers,
        }
    )
