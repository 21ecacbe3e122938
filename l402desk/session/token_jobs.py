"""What the token list asks of the vault, as jobs for the I/O thread; what they answer, as values."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from l402desk.store.errors import SealBroken
from l402desk.vault.errors import NoSuchToken

if TYPE_CHECKING:
    from l402desk.engine.trial import Trial
    from l402desk.protocol.token import Token
    from l402desk.services import Services
    from l402desk.vault.anatomy import Anatomy
    from l402desk.vault.scope import Scope
    from l402desk.vault.tokens import TokenSummary, TokenUse
    from l402desk.vault.wanted import Shelf, Wanted

USES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer to one wish: ``numbers`` is None while the vault is locked."""

    wanted: Wanted
    numbers: array[int] | None = None
    tally: Mapping[Shelf, int] | None = None


@dataclass(frozen=True, slots=True)
class TokenAccount:
    """Everything a window shows of one token: ``anatomy`` is None where the row was tampered with."""

    token: TokenSummary
    anatomy: Anatomy | None
    uses: Sequence[TokenUse] = ()


async def listed(services: Services, *, wanted: Wanted) -> Listed:
    if not services.is_unlocked:
        return Listed(wanted)
    return Listed(wanted, await services.vault.numbers(wanted), await services.vault.tally())


async def rows(services: Services, *, numbers: Sequence[int]) -> dict[int, TokenSummary]:
    return await services.vault.page(numbers) if services.is_unlocked else {}


async def seek(services: Services, *, purchase_id: str) -> tuple[int, Shelf] | None:
    """The row number of the token of a purchase and the shelf it stands on; None where there is none to be seen."""
    from l402desk.vault.tokens import TokenState  # noqa: PLC0415 - not before the first frame
    from l402desk.vault.wanted import Shelf  # noqa: PLC0415 - beside the type of the same name

    found = await services.vault.number_of(purchase_id) if services.is_unlocked else None
    return found and (found[0], Shelf.TRASH if found[1] is TokenState.TRASHED else Shelf.ALL)


async def account(services: Services, *, token_id: str) -> TokenAccount | None:
    """None where the vault is locked by now, or the token is gone: the next list says so."""
    if not services.is_unlocked:
        return None
    try:
        token = await services.vault.summary(token_id)
    except NoSuchToken:
        return None
    try:
        anatomy = await services.vault.anatomy(token_id)
    except SealBroken:
        anatomy = None
    return TokenAccount(token, anatomy, await services.vault.uses(token_id, USES_SHOWN))


async def header(services: Services, *, token_id: str) -> str:
    return (await services.vault.reveal(token_id)).authorization()


async def trash(services: Services, *, token: TokenSummary) -> TokenSummary:
    await services.vault.trash(token.id)
    return token


async def restore(services: Services, *, token_id: str) -> None:
    await services.vault.restore(token_id)


async def forget(services: Services, *, token: TokenSummary) -> TokenSummary:
    await services.vault.forget(token.id)
    return token


async def use_again(services: Services, *, token: TokenSummary) -> None:
    from l402desk.vault.tokens import TokenState  # noqa: PLC0415 - not before the first frame

    if token.state in (TokenState.REFUSED, TokenState.SPENT):
        await services.vault.mark(token.id, TokenState.USABLE)


async def mark_spent(services: Services, *, token_id: str) -> None:
    from l402desk.vault.tokens import TokenState  # noqa: PLC0415 - not before the first frame

    await services.vault.mark(token_id, TokenState.SPENT)


async def rename(services: Services, *, token_id: str, title: str) -> None:
    await services.vault.rename(token_id, title)


async def note(services: Services, *, token_id: str, text: str) -> None:
    await services.vault.note(token_id, text)


async def set_scope(services: Services, *, token_id: str, scope: Scope, method: str | None) -> None:
    await services.vault.set_scope(token_id, scope, method)


async def attempt(services: Services, *, token_id: str) -> Trial:
    from l402desk.engine.trial import try_token  # noqa: PLC0415 - not before the first frame

    return await try_token(services, token_id)


async def copy_restricted(services: Services, *, token_id: str, caveats: Sequence[str]) -> str:
    """The Authorization value of a restricted copy, for the clipboard alone. Raises ProtocolError for a bad caveat."""
    copy = await _restricted(await services.vault.reveal(token_id), caveats)
    return copy.authorization()


async def keep_restricted(services: Services, *, token_id: str, caveats: Sequence[str]) -> TokenSummary:
    """Keep a restricted copy beside the original, for nothing and bought with it. Raises ProtocolError."""
    from l402desk.vault.tokens import RESTRICTED, NewToken  # noqa: PLC0415 - not before the first frame

    held, whole = await services.vault.hold(token_id), await services.vault.summary(token_id)
    copy = NewToken(
        token=held.token,
        origin=held.origin,
        path=held.scope.path,
        method=held.method,
        reach=held.scope.reach,
        title=f"{whole.title or 'token'}, restricted",
        bought_at=whole.bought_at,
        source=RESTRICTED,
    )
    return await services.vault.keep(replace(copy, token=await _restricted(held.token, caveats)))


async def _restricted(token: Token, caveats: Sequence[str]) -> Token:
    """In a thread: what adds the seal is a library that takes its time to be imported."""
    import asyncio  # noqa: PLC0415 - not before the first frame

    from l402desk.vault.restricting import restrict  # noqa: PLC0415 - not before the first frame

    return await asyncio.to_thread(restrict, token, *caveats)
