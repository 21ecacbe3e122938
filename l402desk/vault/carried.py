"""A token on its way from one store to another, with everything that is known about it."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.vault.tokens import NewToken


@dataclass(frozen=True, slots=True)
class Carried:
    """A token and its history. ``is_trashed`` where it lay in the trash; ``token.state`` is then the state before.

    Times are unix seconds; ``last_status`` is the HTTP status of the last use.
    """

    token: NewToken
    note: str = ""
    uses: int = 0
    last_used_at: int | None = None
    last_status: int | None = None
    is_trashed: bool = False
