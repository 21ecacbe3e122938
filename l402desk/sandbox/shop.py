"""Puts one thing on sale: terms for a request, the door before it, the thing behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from l402desk.sandbox.gate import NO_STORE, Gate
from l402desk.sandbox.macaroons import Grant
from l402desk.sandbox.refusal import Refused
from l402desk.sandbox.terms import Terms

TermsOf = Callable[[Request], Terms]
Deliver = Callable[[Request, Grant], Awaitable[Response]]


class BadRequest(Exception):  # noqa: N818 - named for what the client sent
    """A parameter that makes no sense. ``str(error)`` is said to the client, with status 400."""


class Sale:
    """One priced endpoint."""

    def __init__(self, gate: Gate, terms_of: TermsOf, deliver: Deliver) -> None:
        self._gate = gate
        self._terms_of = terms_of
        self._deliver = deliver

    async def answer(self, request: Request) -> Response:
        try:
            return await self._serve(request, self._terms_of(request))
        except BadRequest as error:
            return JSONResponse({"error": "bad-request", "message": str(error)}, 400, NO_STORE)

    async def _serve(self, request: Request, terms: Terms) -> Response:
        try:
            grant = self._gate.admit(request.headers.getlist("authorization"), terms)
        except Refused as refused:
            if "challenge-on-200" in self._gate.quirks and refused.status == 402:
                return await self._give_away(request, terms)
            return self._gate.refuse(refused, terms)
        if "redirect-elsewhere" in self._gate.quirks:
            return RedirectResponse(elsewhere(request), 302, NO_STORE)
        response = await self._deliver(request, grant)
        if response.status_code >= 400:
            self._gate.give_back(grant)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    async def _give_away(self, request: Request, terms: Terms) -> Response:
        response = await self._deliver(request, Grant())
        response.headers.append("WWW-Authenticate", self._gate.challenge(terms).header)
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
