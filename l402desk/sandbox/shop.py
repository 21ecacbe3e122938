"""Puts one thing on sale: its terms, the door before it, the thing behind it, and bad manners between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from l402desk.sandbox.gate import Door
from l402desk.sandbox.macaroons import Grant
from l402desk.sandbox.refusal import Refused, payment_required
from l402desk.sandbox.terms import Terms

TermsOf = Callable[[Request], Terms]
Deliver = Callable[[Request, Grant], Awaitable[Response]]
NO_STORE = {"Cache-Control": "no-store"}


class BadRequest(Exception):  # noqa: N818 - named for what the client sent
    """A parameter that makes no sense. ``str(error)`` is said to the client, with status 400."""


class Sale:
    """One priced endpoint."""

    def __init__(self, door: Door, quirks: frozenset[str], terms_of: TermsOf, deliver: Deliver) -> None:
        self._door = door
        self._quirks = quirks
        self._terms_of = terms_of
        self._deliver = deliver

    async def answer(self, request: Request) -> Response:
        try:
            return await self._serve(request, self._terms_of(request))
        except BadRequest as error:
            return JSONResponse({"error": "bad-request", "message": str(error)}, 400, NO_STORE)

    async def _serve(self, request: Request, terms: Terms) -> Response:
        try:
            grant = self._admit(request, terms)
        except Refused as refused:
            if "challenge-on-200" in self._quirks and refused.status == 402:
                return await self._give_away(request, terms)
            return self._refuse(refused, terms)
        if "redirect-elsewhere" in self._quirks:
            return RedirectResponse(elsewhere(request), 302, NO_STORE)
        response = await self._deliver(request, grant)
        if response.status_code >= 400:
            self._door.give_back(grant)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _admit(self, request: Request, terms: Terms) -> Grant:
        grant = self._door.admit(request.headers.getlist("authorization"), terms)
        if "402-forever" in self._quirks:
            raise payment_required()
        if "refuses-token" in self._quirks:
            raise Refused("token-refused", "This server does not like your token.")
        return grant

    def _refuse(self, refused: Refused, terms: Terms) -> Response:
        if refused.status != 402:
            return _refusal(refused)
        challenge = self._door.challenge(terms)
        body = {"error": refused.code, "price_sats": challenge.invoice.sats, "message": refused.message}
        response = JSONResponse(body, challenge.status, NO_STORE)
        for header in challenge.headers:
            response.headers.append("WWW-Authenticate", header)
        return response

    async def _give_away(self, request: Request, terms: Terms) -> Response:
        response = await self._deliver(request, Grant())
        for header in self._door.challenge(terms).headers:
            response.headers.append("WWW-Authenticate", header)
        return response


def fixed(terms: Terms) -> TermsOf:
    """The same terms for every request."""

    def of(_: Request) -> Terms:
        return terms

    return of


def elsewhere(request: Request) -> str:
    """This same server under another name, and so another origin: it can tell what arrived there."""
    host = "localhost" if request.url.hostname != "localhost" else "127.0.0.1"
    return str(request.url.replace(hostname=host, path="/elsewhere", query=""))


def _refusal(refused: Refused) -> Response:
    """A 401 carries the bare scheme, as spring paygate and ngx-l402 send it: information, not an offer."""
    body = {"error": refused.code, "message": refused.message}
    headers = {**NO_STORE, "WWW-Authenticate": "L402"} if refused.status == 401 else NO_STORE
    return JSONResponse(body, refused.status, headers)
