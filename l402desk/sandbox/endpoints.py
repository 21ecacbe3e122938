"""Everything the sandbox serves, as one table: the index, the OpenAPI file and the terminal read from it."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.protocol.amount import Msat
from l402desk.sandbox.dialects import DIALECTS

JSON = "application/json"
DIALECT_PRICE = Msat.of_sats(2)
BASE_PRICE, PREMIUM_PRICE = Msat.of_sats(10), Msat.of_sats(50)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter, with an example that works."""

    name: str
    description: str
    example: str | int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. ``price`` is None where it is free; ``promise``: what a token is good for."""

    method: str
    path: str
    title: str
    price: Msat | None = None
    promise: str = ""
    parameters: tuple[Parameter, ...] = ()
    content_type: str = JSON
    example_body: str | None = None

    @property
    def example(self) -> str:
        """The path with its example parameters."""
        query = "&".join(f"{p.name}={p.example}" for p in self.parameters)
        return f"{self.path}?{query}" if query else self.path


def _sats(sats: int) -> Msat:
    return Msat.of_sats(sats)


_CITY = Parameter("city", "Any city.", "Lisbon")
_MIB = Parameter("mb", "How many MiB, 1 to 200.", 1)
_TIER = Parameter("tier", "“base”, or “premium” for five times the price.", "base", ("base", "premium"))
_PACE = Parameter("every_ms", "Milliseconds between two events, 0 to 1000.", 200)
_INVOICE = '{"invoice": "lnbcrt…"}'

FREE: tuple[Endpoint, ...] = (
    Endpoint("GET", "/", "What there is"),
    Endpoint("GET", "/free", "A free answer"),
    Endpoint("GET", "/openapi.json", "This API as OpenAPI 3.1"),
    Endpoint("GET", "/elsewhere", "Tells whether a credential arrived with the request"),
    Endpoint("POST", "/wallet/pay", "Pay an invoice of the sandbox with play money", example_body=_INVOICE),
    Endpoint("GET", "/wallet/balance", "What the play wallet has left"),
)
PRICED: tuple[Endpoint, ...] = (
    Endpoint("GET", "/weather", "A weather report", _sats(21), "valid for one hour", (_CITY,)),
    Endpoint("GET", "/quote", "A quotation", _sats(3), "three uses"),
    Endpoint("GET", "/once", "A number", _sats(1), "one use"),
    Endpoint("GET", "/expires", "The time", _sats(1), "valid for 20 seconds"),
    Endpoint("GET", "/premium", "Fee estimates in two tiers", BASE_PRICE, "one tier", (_TIER,)),
    Endpoint("POST", "/echo", "What you sent", _sats(5), example_body='{"hello": "world"}'),
    Endpoint("GET", "/big.json", "A long answer", _sats(1), parameters=(_MIB,)),
    Endpoint("GET", "/image.png", "A picture", _sats(2), content_type="image/png"),
    Endpoint("GET", "/audio", "A tone", _sats(2), content_type="audio/wav"),
    Endpoint("GET", "/stream", "Ten events", _sats(3), parameters=(_PACE,), content_type="text/event-stream"),
    Endpoint("GET", "/flaky", "Fails once after payment", _sats(2)),
    Endpoint("POST", "/checkout", "Order a sticker, paid here", _sats(42), "redeemed at POST /claim"),
    Endpoint("POST", "/claim", "Redeem what was paid at /checkout"),
)
IN_DIALECTS: tuple[Endpoint, ...] = tuple(
    Endpoint("GET", d.path, f"{d.title} ({d.emitter})", DIALECT_PRICE) for d in DIALECTS
)
ENDPOINTS: tuple[Endpoint, ...] = FREE + PRICED + IN_DIALECTS
"""``/claim`` stands among the priced ones, though its price is paid elsewhere: it is behind the same door."""

BEHIND_THE_DOOR: frozenset[str] = frozenset(e.path for e in PRICED + IN_DIALECTS)


def price_of(path: str) -> Msat:
    """What the table asks for a path. KeyError for a path that has no price."""
    return {e.path: e.price for e in PRICED + IN_DIALECTS if e.price is not None}[path]
