"""Which redirects are followed, and with what: secrets stay at their origin (RFC 9110, 15.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from l402desk.client.body import Body, NoBody
from l402desk.client.errors import Kind
from l402desk.client.limits import Limits
from l402desk.client.reach import is_private_host
from l402desk.client.urls import Url, UrlError, resolve

_REDIRECTS = {301, 302, 303, 307, 308}
_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"}
_TRAVELS = {"accept", "accept-language", "user-agent"}  # what a stranger may know
_ABOUT_BODY = {"content-type", "content-encoding", "content-language", "content-location", "digest"}
_SHOWN_CHARS = 200


class Follow(StrEnum):
    """How far redirects are followed."""

    NEVER = "never"
    SAME_ORIGIN = "same-origin"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a send.

    ``home``: no other origin was visited on the way, so the user's secrets may go along. ``guarded``: a
    public server sent us here, so that no private address may answer to the name.
    """

    url: Url
    method: str
    headers: tuple[tuple[str, str], ...]
    body: Body
    home: bool = True
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where a redirect points and why it is not followed, in words."""

    kind: Kind
    sentence: str


@dataclass(slots=True)
class Trail:
    """The hops of one send, and what they allow next."""

    follow: Follow
    limits: Limits
    passed: list[str] = field(default_factory=list)
    _visited: set[tuple[str, str]] = field(default_factory=set)

    def next_hop(self, hop: Hop, status: int, locations: Sequence[str], *, from_private: bool) -> Hop | Refusal | None:
        """The hop that follows an answer, or why not; None where the answer is no redirect.

        ``from_private``: the answer came from this machine or its own network.
        """
        if status not in _REDIRECTS or not locations:
            return None
        self._visited.add((hop.method, str(hop.url)))
        try:
            target = _target(hop.url, locations)
        except UrlError as error:
            return Refusal(Kind.REDIRECT_REFUSED, f"The server redirects to an unclear address. {error}.")
        following = _request(hop, status, target, from_private=from_private)
        shown = f"{target.origin}{target.path}"[:_SHOWN_CHARS]
        if (refusal := self._against(hop, following, status, from_private=from_private)) is not None:
            kind, reason = refusal
            return Refusal(kind, f"The server redirects to {shown}. {reason}")
        self.passed.append(str(hop.url))
        return following

    def _against(self, hop: Hop, following: Hop, status: int, *, from_private: bool) -> tuple[Kind, str] | None:
        reason = _unsafe(hop, following, status, self.follow, from_private=from_private)
        if reason is not None:
            return Kind.REDIRECT_REFUSED, reason
        if (following.method, str(following.url)) in self._visited:
            return Kind.REDIRECT_LOOP, "That was asked before: the redirects go round in a circle."
        if len(self.passed) >= self.limits.redirects:
            return Kind.REDIRECT_LOOP, f"That would be redirect number {len(self.passed) + 1}, too many."
        return None


def _target(base: Url, locations: Sequence[str]) -> Url:
    if len(set(locations)) > 1:
        raise UrlError("It names several addresses at once")
    try:
        # The wire's bytes were read as Latin-1; an address beyond ASCII is UTF-8 by custom.
        return resolve(base, locations[0].encode("latin-1").decode("utf-8"))
    except UnicodeError as error:
        raise UrlError("Its bytes are no text") from error


def _unsafe(hop: Hop, following: Hop, status: int, follow: Follow, *, from_private: bool) -> str | None:
    source, target = hop.url.origin, following.url.origin
    if follow is Follow.NEVER:
        return "Following redirects is switched off."
    if source.scheme == "https" and target.scheme == "http":
        return "That would leave the encrypted connection, which is never done."
    if source != target:
        if follow is Follow.SAME_ORIGIN:
            return f"That is another host, port or scheme than {source}; open it yourself if you trust it."
        if not from_private and is_private_host(target.host):
            return "That is on this computer or its own network, where no public server may send us."
        if not isinstance(following.body, NoBody):
            return "That is another origin, and what you send would go there too."
        if following.method not in _SAFE:
            return f"That is another origin, and {following.method} would be repeated there."
    elif status in {301, 302} and following.method not in _SAFE:
        return f"Whether {following.method} should be repeated there is not said; send it yourself."
    return None


def _request(hop: Hop, status: int, target: Url, *, from_private: bool) -> Hop:
    """What a redirect of this status asks for, before anything is refused (RFC 9110, 15.4.2 to 15.4.9)."""
    becomes_get = (status == 303 and hop.method not in {"GET", "HEAD"}) or (
        status in {301, 302} and hop.method == "POST"
    )
    leaves = target.origin != hop.url.origin
    home = hop.home and not leaves
    body: Body = NoBody() if becomes_get else hop.body
    headers = hop.headers
    if becomes_get:
        headers = tuple(pair for pair in headers if pair[0].lower() not in _ABOUT_BODY)
    if not home:
        headers = tuple(pair for pair in headers if pair[0].lower() in _TRAVELS)
    return Hop(
        target,
        "GET" if becomes_get else hop.method,
        headers,
        body,
        home,
        hop.guarded or (leaves and not from_private),
    )
