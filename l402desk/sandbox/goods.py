"""The sandbox's goods: what is handed over behind the door, and on which terms."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from l402desk.sandbox import bulk, content, media
from l402desk.sandbox.endpoints import BASE_PRICE, PREMIUM_PRICE, price_of
from l402desk.sandbox.macaroons import Grant
from l402desk.sandbox.minting import Clock
from l402desk.sandbox.shop import BadRequest
from l402desk.sandbox.terms import Terms
from l402desk.sandbox.wallet_api import TooLong, read_body

MOST_ECHOED = 1024 * 1024


class Goods:
    """Handlers behind the door. Each takes the request and the grant that let it in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._image = media.png()
        self._tone = media.wav()
        self._quotes_given = 0
        self._stumbled: set[bytes] = set()

    async def weather(self, request: Request, _: Grant) -> Response:
        return JSONResponse(content.weather(_city(request)))

    async def quote(self, _: Request, __: Grant) -> Response:
        self._quotes_given += 1
        return JSONResponse(content.quote(self._quotes_given))

    async def once(self, _: Request, __: Grant) -> Response:
        return JSONResponse({"number": 42, "message": "This token is now used up."})

    async def expires(self, _: Request, __: Grant) -> Response:
        return JSONResponse({"time": datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds")})

    async def premium(self, _: Request, grant: Grant) -> Response:
        return JSONResponse(content.premium(grant.allowance.tier))

    async def echo(self, request: Request, _: Grant) -> Response:
        """Method, header and body as they came in; the credential is not echoed."""
        try:
            body = await read_body(request, MOST_ECHOED)
        except TooLong:
            return JSONResponse({"error": "too-long", "message": "At most 1 MiB is echoed."}, 413)
        except ClientDisconnect:
            return Response(status_code=400)
        headers = [[k, v] for k, v in request.headers.items() if k != "authorization"]
        said: dict[str, object] = {"method": request.method, "url": str(request.url), "headers": headers}
        try:
            said["body"] = body.decode()
        except UnicodeDecodeError:
            said["body_base64"] = base64.b64encode(body).decode()
        return JSONResponse(said)

    async def big_json(self, request: Request, _: Grant) -> Response:
        mib = _mib(request)
        length = {"Content-Length": str(mib * bulk.MIB)}
        return StreamingResponse(bulk.big_json(mib), media_type="application/json", headers=length)

    async def image(self, _: Request, __: Grant) -> Response:
        return Response(self._image, media_type="image/png")

    async def audio(self, _: Request, __: Grant) -> Response:
        return Response(self._tone, media_type="audio/wav")

    async def stream(self, request: Request, _: Grant) -> Response:
        return StreamingResponse(bulk.events(_pace_ms(request) / 1000), media_type="text/event-stream")

    async def flaky(self, _: Request, grant: Grant) -> Response:
        """503 to a token's first request, 200 from then on."""
        if grant.token not in self._stumbled:
            self._stumbled.add(grant.token)
            body = {"error": "stumbled", "message": "Try again with the same token: it is still good."}
            return JSONResponse(body, 503, {"Retry-After": "1"})
        return JSONResponse({"message": "It works now, for the same payment."})


def terms_for(path: str, description: str, *, valid_for: int | None = None, uses: int | None = None) -> Terms:
    """Terms at the price of the table. The service is named as the path's first word."""
    service = path.strip("/").partition(".")[0].replace("/", "-")
    return Terms(service, price_of(path), description, valid_for=valid_for, uses=uses)


# Parameters are read before anything is asked for, so that nobody pays for a 400.


def weather_terms(request: Request) -> Terms:
    """Raises BadRequest, as all of these."""
    return terms_for("/weather", f"Weather report for {_city(request)}", valid_for=3600)


def premium_terms(request: Request) -> Terms:
    tier = request.query_params.get("tier", "base")
    if tier not in {"base", "premium"}:
        raise BadRequest("“tier” is “base” or “premium”.")
    if tier == "premium":
        return Terms("premium", PREMIUM_PRICE, "Fee estimates, premium tier", tier=1)
    return Terms("premium", BASE_PRICE, "Fee estimates, base tier")


def big_terms(request: Request) -> Terms:
    return terms_for("/big.json", f"{_mib(request)} MiB of readings")


def stream_terms(request: Request) -> Terms:
    _pace_ms(request)
    return terms_for("/stream", "Ten blocks as they come")


def _city(request: Request) -> str:
    city = request.query_params.get("city", "Lisbon").strip()
    if not 0 < len(city) <= content.LONGEST_CITY:
        raise BadRequest(f"“city” has 1 to {content.LONGEST_CITY} characters.")
    return city


def _mib(request: Request) -> int:
    return _number(request, "mb", 1, bulk.MOST_MIB, 1)


def _pace_ms(request: Request) -> int:
    return _number(request, "every_ms", 0, 1000, 200)


def _number(request: Request, name: str, least: int, most: int, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and least <= int(text) <= most):
        raise BadRequest(f"“{name}” is a whole number from {least} to {most}.")
    return int(text)
