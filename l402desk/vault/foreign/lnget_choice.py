"""Which of the gathered tokens are worth writing for lnget, and why each of the others is not."""

from __future__ import annotations

from l402desk.vault.foreign.entries import Problem
from l402desk.vault.gathering import Gathered
from l402desk.vault.tokens import SENDABLE, NewToken

IN_TRASH = "It is in the trash."
EXPIRED = "It has expired."


def choose_for_lnget(gathered: Gathered, now: int, *, named: bool) -> tuple[list[tuple[str, NewToken]], list[Problem]]:
    """The tokens by their ids, and the ids of the others. ``now`` is unix seconds.

    A token that the user ``named`` is taken at the user's word, used up or not, unless it lies in the trash.
    """
    tokens: list[tuple[str, NewToken]] = []
    left: list[Problem] = []
    for summary, carried in gathered.tokens:
        is_over = summary.expires_at is not None and summary.expires_at <= now
        if carried.is_trashed:
            left.append(Problem(summary.id, IN_TRASH))
        elif not named and (summary.state not in SENDABLE or is_over):
            left.append(Problem(summary.id, EXPIRED if is_over else f"Its state is {summary.state}."))
        else:
            tokens.append((summary.id, carried.token))
    return tokens, left
