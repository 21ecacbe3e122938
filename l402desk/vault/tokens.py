"""What the vault keeps: tokens as they are held, and their summaries, which hold no secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from l402desk.protocol.amount import Msat
from l402desk.protocol.caveats import earliest_expiry
from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon import Macaroon, read_token
from l402desk.protocol.origin import Origin
from l402desk.protocol.token import Token
from l402desk.vault.scope import Reach, Scope

_PREIMAGE_CAVEAT = re.compile(r"\s*preimage\b", re.IGNORECASE)


class TokenState(StrEnum):
    """What is known about a token. Only the user moves one to the trash (law 7)."""

    USABLE = "usable"
    SPENT = "spent"
    REFUSED = "refused"
    UNDELIVERED = "undelivered"
    """Paid for, and nothing was delivered yet: it is tried again for free."""
    TRASHED = "trashed"


MOST_TITLE, MOST_NOTE = 200, 4_000
"""Characters that are kept of what the user writes on a token."""

BOUGHT = "bought"
RESTRICTED = "restricted copy"
"""Sources of a token. A restricted copy is made to be handed out: it is sent where no whole token fits."""

SENDABLE = (TokenState.USABLE, TokenState.UNDELIVERED)
"""The states of a token that is sent before any other is."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to keep. ``path`` is that of the URL that issued the challenge; ``method`` None means any.

    ``bought_at`` is unix seconds, None for now. ``source`` says in a few words where it came from.
    """

    token: Token
    origin: Origin
    path: str
    method: str | None = None
    reach: Reach = Reach.EXACT
    title: str = ""
    price: Msat | None = None
    purchase_id: str | None = None
    bought_at: int | None = None
    state: TokenState = TokenState.USABLE
    source: str = BOUGHT

    def __post_init__(self) -> None:
        if self.state is TokenState.TRASHED:
            raise ValueError("what is new is not in the trash")

    @property
    def scope(self) -> Scope:
        return Scope.of(self.reach, self.path)


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token ready to be sent, with where it may go. ``token`` masks itself in a repr."""

    id: str
    origin: Origin
    scope: Scope
    method: str | None
    token: Token


@dataclass(frozen=True, slots=True)
class TokenSummary:
    """What a list shows of a token: no credential, no preimage. Times are unix seconds, the hash is hex.

    ``caveats`` are the conditions as the server wrote them, not cleaned for display. ``is_intact`` is False
    when the row was changed behind the app's back: such a token is shown and never sent.
    """

    id: str
    title: str
    origin: Origin
    scope: Scope
    method: str | None
    scheme: str
    price: Msat | None
    bought_at: int
    expires_at: int | None
    uses: int
    last_used_at: int | None
    last_status: int | None
    state: TokenState
    payment_hash: str
    purchase_id: str | None
    caveats: tuple[str, ...]
    sealed_by: str
    is_intact: bool = True
    note: str = ""
    source: str = BOUGHT

    @property
    def is_unused_and_paid(self) -> bool:
        """Would money be lost with it: something was paid, and nothing was got for that yet?"""
        return self.price is not None and self.price.value > 0 and not self.uses


@dataclass(frozen=True, slots=True)
class TokenUse:
    """One request that was made with a token. ``at`` is unix seconds; the path has no query."""

    at: int
    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a credential says to everyone: its conditions, and the first moment one of them ends."""

    caveats: tuple[str, ...] = ()
    expires_at: int | None = None


def terms_of(credential: str) -> Terms:
    """The terms of a credential; none for one that only its server can read."""
    try:
        token = read_token(credential)
    except MacaroonError:
        return Terms()
    caveats = token.caveats if isinstance(token, Macaroon) else ()
    return Terms(tuple(_without_proof(caveat.text) for caveat in caveats), earliest_expiry(token))


def _without_proof(caveat: str) -> str:
    # Some clients append the proof of payment as a caveat: half of a bearer token, and no condition.
    return "preimage=…" if _PREIMAGE_CAVEAT.match(caveat) else caveat
