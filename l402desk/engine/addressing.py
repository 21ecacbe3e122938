"""Where a bought token is sent: the address that asked for the money, or another of its origin that a user names."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urljoin

from l402desk.client.body import NoBody
from l402desk.client.errors import DraftError
from l402desk.client.request import RequestDraft
from l402desk.protocol.origin import Origin


def as_asked(draft: RequestDraft, method: str, url: str) -> RequestDraft:
    """The request that was answered with this method at this URL: after a redirect not the one that was typed."""
    if method == draft.method:
        return replace(draft, url=url, params=())
    return replace(draft, method=method, url=url, params=(), body=NoBody())


def redirected(asked: RequestDraft, url: str, method: str) -> RequestDraft:
    """The same request at another address (``/claim``, or whole), by another method where one is named; its body stays
    with its method.

    Raises DraftError for what is no address, OriginError, and DraftError for another origin: tokens go home only (law
    8).
    """
    base = asked.full_url()
    try:
        target = urljoin(base, url) if url else base
    except ValueError as error:
        raise DraftError("url", "This is no address that can be read") from error
    chosen = replace(as_asked(asked, (method or asked.method).strip().upper(), target), params=())
    chosen.check()
    if Origin.of(chosen.full_url()) != Origin.of(base):
        raise DraftError(
            "url",
            f"The token was bought at {Origin.of(base).authority} and goes to no other host",
            f"Name an address of {Origin.of(base)}.",
        )
    return chosen
