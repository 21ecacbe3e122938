"""Tokens for the terminal: as JSON, as a table, as a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from l402desk.cli.page import DANGER, INFO, WARNING, Page
from l402desk.cli.table import SHORT_ID, cut, table
from l402desk.protocol.durations import duration_words
from l402desk.protocol.instants import instant_words
from l402desk.protocol.text import visible

if TYPE_CHECKING:
    from l402desk.protocol.amount import Msat
    from l402desk.protocol.origin import Origin
    from l402desk.protocol.token import Token
    from l402desk.vault.anatomy import Anatomy
    from l402desk.vault.awaiting import Awaited
    from l402desk.vault.scope import Scope
    from l402desk.vault.tokens import TokenSummary

Json = dict[str, Any]


def token_json(token: TokenSummary, secret: Token | None = None) -> Json:
    """Every field; times in seconds since 1970. ``authorization``, ``credential``, ``preimage`` where asked for."""
    return {
        "id": token.id,
        "pending": False,
        **_place_json(token.origin, token.scope),
        "method": token.method,
        "title": token.title,
        "note": token.note,
        "source": token.source,
        "scheme": token.scheme,
        "price_msat": None if token.price is None else token.price.value,
        "bought_at": token.bought_at,
        "expires_at": token.expires_at,
        "uses": token.uses,
        "last_used_at": token.last_used_at,
        "last_status": token.last_status,
        "state": str(token.state),
        "payment_hash": token.payment_hash,
        "purchase_id": token.purchase_id,
        "caveats": list(token.caveats),
        "sealed_by": token.sealed_by,
        "intact": token.is_intact,
    } | (
        {}
        if secret is None
        else {
            "authorization": secret.authorization(),
            "credential": secret.credential,
            "preimage": secret.preimage.hex,
        }
    )


def awaited_json(awaited: Awaited, credential: str | None = None) -> Json:
    """The same of a token that waits for its proof of payment."""
    return {
        "id": awaited.id,
        "pending": True,
        **_place_json(awaited.origin, awaited.scope),
        "title": awaited.title,
        "note": awaited.note,
        "source": awaited.source,
        "scheme": awaited.scheme,
        "price_msat": None if awaited.price is None else awaited.price.value,
        "created_at": awaited.created_at,
        "payment_hash": awaited.payment_hash,
        "intact": awaited.is_intact,
    } | ({} if credential is None else {"credential": credential})


def tokens_table(tokens: Iterable[TokenSummary], now: int) -> str:
    """A line each: id, where it goes, price, state, uses, how long it is good."""
    rows = [
        (
            token.id[:SHORT_ID],
            _place(token.origin, token.scope),
            _price(token.price),
            str(token.state) if token.is_intact else "damaged",
            f"{token.uses} {'use' if token.uses == 1 else 'uses'}",
            _ends(token.expires_at, now),
        )
        for token in tokens
    ]
    return table(rows)


def awaited_table(awaited: Iterable[Awaited]) -> str:
    """A line each: id, where it would go, price, payment hash."""
    rows = [
        (one.id[:SHORT_ID], _place(one.origin, one.scope), _price(one.price), f"payment {one.payment_hash}")
        for one in awaited
    ]
    return table(rows)


def token_page(page: Page, token: TokenSummary, anatomy: Anatomy | None, now: int) -> Page:
    """All that is known of one token."""
    page.row("Token", visible(token.title, 200) or token.origin.authority)
    page.row("Id", token.id)
    page.row("Goes to", visible(f"{token.origin}, {token.scope}", 300))
    page.row("Method", visible(token.method or "any", 20))
    page.row("State", f"{token.state}" if token.is_intact else "damaged: it was changed behind the app's back")
    page.row("Price", _price(token.price))
    page.row("Bought", f"{instant_words(token.bought_at)} ({visible(token.source, 100)})")
    page.row("Expires", _ends(token.expires_at, now) if token.expires_at is None else _ends_exactly(token, now))
    page.row("Uses", _uses(token))
    page.row("Payment hash", token.payment_hash)
    if token.note:
        page.row("Note", visible(token.note, 4_000))
    if anatomy is not None:
        _anatomy(page, anatomy)
    return page


def awaited_page(page: Page, awaited: Awaited) -> Page:
    """All that is known of a token that waits for its proof."""
    page.row("Token", visible(awaited.title, 200) or awaited.origin.authority)
    page.row("Id", awaited.id)
    page.row("Would go to", visible(f"{awaited.origin}, {awaited.scope}", 300))
    page.row("State", "waits for its proof of payment (preimage)" if awaited.is_intact else "damaged")
    page.row("Price", _price(awaited.price))
    page.row("Since", f"{instant_words(awaited.created_at)} ({visible(awaited.source, 100)})")
    page.row("Payment hash", awaited.payment_hash)
    if awaited.note:
        page.row("Note", visible(awaited.note, 4_000))
    return page


def secret_lines(secret: Token) -> str:
    """The secrets of a token, each whole in its line, to be copied."""
    return f"\nProof of payment (preimage): {secret.preimage.hex}\nAuthorization: {secret.authorization()}\n"


def _anatomy(page: Page, anatomy: Anatomy) -> None:
    page.section("Inside")
    page.row("Format", visible(f"{anatomy.format}, {anatomy.size} bytes", 100))
    if anatomy.location:
        page.row("Location", visible(anatomy.location, 200))
    for condition in anatomy.conditions:
        page.row("Condition", visible(condition.words or condition.raw, 300))
    if anatomy.is_bound is None:
        page.remark(INFO, "Not verifiable: the token does not say which payment it belongs to.")
    elif not anatomy.is_bound:
        page.remark(DANGER, "The token names another payment than its proof is for.")
    if anatomy.reason:
        page.remark(WARNING, visible(anatomy.reason, 300))


def _place_json(origin: Origin, scope: Scope) -> Json:
    return {"origin": str(origin), "path": scope.path, "reach": str(scope.reach)}


def _place(origin: Origin, scope: Scope) -> str:
    path = "" if scope.reach == "host" else str(scope)
    return cut(origin.authority + path)


def _price(price: Msat | None) -> str:
    return "unknown" if price is None else price.words()


def _ends(expires_at: int | None, now: int) -> str:
    if expires_at is None:
        return "no end known"
    left = duration_words(expires_at - now)
    return f"expires in {left}" if expires_at > now else f"expired {left} ago"


def _ends_exactly(token: TokenSummary, now: int) -> str:
    assert token.expires_at is not None
    return f"{instant_words(token.expires_at)} ({_ends(token.expires_at, now)})"


def _uses(token: TokenSummary) -> str:
    last = "" if token.last_used_at is None else f", last {instant_words(token.last_used_at)}"
    status = "" if token.last_status is None else f" with status {token.last_status}"
    return f"{token.uses}{last}{status}"
