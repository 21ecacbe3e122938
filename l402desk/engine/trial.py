"""Tries a held token with one free request to its own place, and writes down what the server made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from l402desk.client.errors import SendError
from l402desk.client.request import RequestDraft
from l402desk.engine.view import Notice, Tone
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import TokenState, TokenSummary

if TYPE_CHECKING:
    from l402desk.client.answer import Answer
    from l402desk.services import Services
    from l402desk.vault.tokens import HeldToken

HARMLESS = ("GET", "HEAD")
"""Methods that ask for nothing to be done (RFC 9110, 9.2.1)."""
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial showed. ``status`` is None where nothing was sent, or nothing came back."""

    token: TokenSummary
    notice: Notice
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The request that tries a token."""

    method: str
    url: str


async def try_token(services: Services, token_id: str) -> Trial:
    """Send the token to its own place with GET, or HEAD where it is for HEAD alone; never pay, whatever comes back.

    It goes to its own origin, within its scope, and across no redirect to another (law 8). The use is counted; 2xx
    makes a refused token usable again, 401 and 402 mark it refused (law 7); anything else says nothing about it.
    Nothing is sent where a trial could do harm: the notice says why. Raises StoreError and NoSuchToken.
    """
    held = await services.vault.hold(token_id)
    token = await services.vault.summary(token_id)
    why_not = _why_not(held, token)
    if why_not:
        return Trial(token, Notice(Tone.INFO, "Not tried", why_not))
    place = await _place(services, held)
    try:
        answer = await services.client.send(
            RequestDraft(method=place.method, url=place.url), authorization=held.token.authorization()
        )
    except SendError as error:
        return Trial(token, Notice(Tone.WARNING, error.title, error.sentence, error.remedy))
    answer.body.discard()
    return await _judged(services, token, place, answer)


def _why_not(held: HeldToken, token: TokenSummary) -> str:
    if held.method is not None and held.method not in HARMLESS:
        return (
            f"This token is for {held.method} requests, and the app repeats none of those by itself:"
            " it could do something twice. Use it in a request instead."
        )
    if token.state is TokenState.UNDELIVERED:
        return (
            "What you paid for was not delivered yet, and a trial would throw the answer away."
            " Use it in a request instead: it costs nothing."
        )
    return ""


async def _place(services: Services, held: HeldToken) -> Place:
    method, path = held.method or "GET", held.scope.path
    if held.scope.reach is not Reach.EXACT:
        # A whole host is no address: where the token opened something last says more than its front page.
        for use in await services.vault.uses(held.id, _LOOKED_AT):
            if use.method == method and 200 <= use.status < 300 and use.path and held.scope.covers(use.path):
                path = use.path
                break
    return Place(method, f"{held.origin}{path}")


async def _judged(services: Services, token: TokenSummary, place: Place, answer: Answer) -> Trial:
    path = place.url.removeprefix(str(token.origin))
    used = await services.vault.record_use(token.id, answer.status, services.now(), method=place.method, path=path)
    if not answer.authorization_sent:
        said = answer.redirect_refused or "A redirect led to another place, where the token does not go."
        return Trial(used, _tells_nothing(place, answer.status, said), answer.status)
    if 200 <= answer.status < 300:
        if used.state is TokenState.REFUSED:
            used = await services.vault.mark(token.id, TokenState.USABLE)
        return Trial(used, _accepted(place, answer.status, used), answer.status)
    if answer.status in (401, 402):
        if used.state is not TokenState.SPENT:
            used = await services.vault.mark(token.id, TokenState.REFUSED)
        return Trial(used, _refused(place, answer.status), answer.status)
    return Trial(used, _tells_nothing(place, answer.status, answer.redirect_refused or ""), answer.status)


def _accepted(place: Place, status: int, token: TokenSummary) -> Notice:
    still = " It stays marked as used up, as you said." if token.state is TokenState.SPENT else ""
    return Notice(Tone.GOOD, f"Accepted: {status}", f"{place.method} {place.url} was answered.{still}")


def _refused(place: Place, status: int) -> Notice:
    return Notice(
        Tone.WARNING,
        f"Refused: {status}",
        f"The server did not take it for {place.method} {place.url}. It may be used up, or meant for another address.",
        "It is kept and marked. Nothing was paid.",
    )


def _tells_nothing(place: Place, status: int, said: str) -> Notice:
    return Notice(
        Tone.INFO,
        f"Answered {status}",
        f"That says nothing about the token: {place.method} {place.url} may need more than its address. {said}".strip(),
        "Nothing was paid.",
    )
