"""Tokens taken out of the vault to be carried elsewhere, with all that is known of them and their secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from l402desk.store.errors import SealBroken
from l402desk.vault.awaiting import Awaiting, PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.tokens import NewToken, TokenState, TokenSummary
from l402desk.vault.vault import Vault

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Gathered:
    """``tokens`` stand beside their summaries; ``broken`` are those that do not open any more."""

    tokens: tuple[tuple[TokenSummary, Carried], ...]
    pending: tuple[PendingToken, ...]
    broken: tuple[TokenSummary, ...]


async def gather(vault: Vault, awaiting: Awaiting, ids: Sequence[str] | None = None) -> Gathered:
    """These tokens, or all: the trash and what waits for a proof too. Raises NoSuchToken, and StoreError."""
    tokens: list[tuple[TokenSummary, Carried]] = []
    broken: list[TokenSummary] = []
    async for summary in _summaries(vault, ids):
        try:
            tokens.append((summary, await _carried(vault, summary)))
        except SealBroken:
            broken.append(summary)
    pending = [] if ids is not None else [p async for p in _pending(awaiting)]
    return Gathered(tuple(tokens), tuple(pending), tuple(broken))


async def _summaries(vault: Vault, ids: Sequence[str] | None) -> AsyncIterator[TokenSummary]:
    if ids is not None:
        for token_id in dict.fromkeys(ids):
            yield await vault.summary(token_id)
        return
    for trashed in (False, True):
        offset = 0
        while some := await vault.list(limit=_AT_ONCE, offset=offset, trashed=trashed):
            for summary in some:
                yield summary
            offset += len(some)


async def _carried(vault: Vault, summary: TokenSummary) -> Carried:
    is_trashed = summary.state is TokenState.TRASHED
    new = NewToken(
        token=await vault.reveal(summary.id),
        origin=summary.origin,
        path=summary.scope.path,
        method=summary.method,
        reach=summary.scope.reach,
        title=summary.title,
        price=summary.price,
        bought_at=summary.bought_at,
        # What a trashed token was before is not told by its summary; asked again, its server will say.
        state=TokenState.USABLE if is_trashed else summary.state,
        source=summary.source,
    )
    return Carried(new, summary.note, summary.uses, summary.last_used_at, summary.last_status, is_trashed)


async def _pending(awaiting: Awaiting) -> AsyncIterator[PendingToken]:
    for awaited in await awaiting.list():
        if awaited.is_intact:
            yield await awaiting.pending(awaited.id)
