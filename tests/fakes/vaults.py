"""A vault in memory for tests of widgets: it lists, pages and marks summaries as the real one does, without secrets."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace

from l402desk.vault.anatomy import Anatomy, Condition
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.scope import Scope
from l402desk.vault.tokens import TokenState, TokenSummary, TokenUse
from l402desk.vault.wanted import OrderBy, Shelf, Wanted
from tests.fakes.invoices import NOW

KEYS: dict[OrderBy, Callable[[TokenSummary], object]] = {
    OrderBy.SERVICE: lambda token: token.title.lower(),
    OrderBy.HOST: lambda token: token.origin.authority,
    OrderBy.SCOPE: lambda token: token.scope.path,
    OrderBy.PRICE: lambda token: token.price.value if token.price else -1,
    OrderBy.BOUGHT: lambda token: token.bought_at,
    OrderBy.EXPIRY: lambda token: 2**63 if token.expires_at is None else token.expires_at,
    OrderBy.USES: lambda token: token.uses,
    OrderBy.RESULT: lambda token: (token.state, token.last_status or -1),
}


class MemoryVault:
    """Tokens by their numbers; of those bought at the same time, the one given first comes first.

    ``broken`` is raised by every call while it is set; ``asked`` lists the numbers of each page that was asked for.
    """

    def __init__(self, *tokens: TokenSummary, now: int = NOW) -> None:
        self.tokens = dict(enumerate(reversed(tokens), 1))
        self.now = now
        self.history: dict[str, list[TokenUse]] = {}
        self.broken: Exception | None = None
        self.asked: list[tuple[int, ...]] = []

    def named(self, title: str) -> TokenSummary:
        return next(token for token in self.tokens.values() if token.title == title)

    def put(self, *tokens: TokenSummary) -> None:
        self.tokens = dict(enumerate(reversed(tokens), 1))

    async def numbers(self, wanted: Wanted) -> array[int]:
        self._work()
        found = [
            (number, token)
            for number, token in self.tokens.items()
            if self._stands(token, wanted.shelf) and wanted.search.lower() in f"{token.title} {token.note}".lower()
        ]
        found.sort(key=lambda pair: (KEYS[wanted.order.by](pair[1]), pair[0]), reverse=wanted.order.descending)
        return array("q", [number for number, _ in found])

    async def number_of(self, purchase_id: str) -> tuple[int, TokenState] | None:
        found = [(number, token.state) for number, token in self.tokens.items() if token.purchase_id == purchase_id]
        return found[0] if found else None

    async def tally(self) -> dict[Shelf, int]:
        return {shelf: sum(self._stands(token, shelf) for token in self.tokens.values()) for shelf in Shelf}

    async def page(self, numbers: Sequence[int]) -> dict[int, TokenSummary]:
        self._work()
        self.asked.append(tuple(numbers))
        return {number: self.tokens[number] for number in numbers if number in self.tokens}

    async def summary(self, token_id: str) -> TokenSummary:
        return self.tokens[self._number(token_id)]

    async def anatomy(self, token_id: str) -> Anatomy:
        token = await self.summary(token_id)
        conditions = tuple(Condition(raw, raw) for raw in token.caveats)
        return Anatomy("macaroon v2", 199, family="v0", version=0, is_bound=True, conditions=conditions)

    async def uses(self, token_id: str, limit: int = 100) -> Sequence[TokenUse]:
        return self.history.get(token_id, [])[:limit]

    async def reveal(self, token_id: str) -> SimpleNamespace:
        self._work()
        return SimpleNamespace(authorization=lambda: f"L402 secret of {token_id}")

    async def trash(self, token_id: str) -> TokenSummary:
        return self._change(token_id, state=TokenState.TRASHED)

    async def restore(self, token_id: str) -> TokenSummary:
        return self._change(token_id, state=TokenState.USABLE)

    async def mark(self, token_id: str, state: TokenState) -> TokenSummary:
        return self._change(token_id, state=state)

    async def rename(self, token_id: str, title: str) -> TokenSummary:
        return self._change(token_id, title=title)

    async def note(self, token_id: str, text: str) -> TokenSummary:
        return self._change(token_id, note=text)

    async def set_scope(self, token_id: str, scope: Scope, method: str | None) -> TokenSummary:
        return self._change(token_id, scope=scope, method=method)

    async def forget(self, token_id: str) -> None:
        self._work()
        del self.tokens[self._number(token_id)]

    def _change(self, token_id: str, **changes: object) -> TokenSummary:
        self._work()
        number = self._number(token_id)
        self.tokens[number] = replace(self.tokens[number], **changes)  # type: ignore[arg-type]
        return self.tokens[number]

    def _number(self, token_id: str) -> int:
        for number, token in self.tokens.items():
            if token.id == token_id:
                return number
        raise NoSuchToken(token_id)

    def _work(self) -> None:
        if self.broken is not None:
            raise self.broken

    def _stands(self, token: TokenSummary, shelf: Shelf) -> bool:
        trashed = token.state is TokenState.TRASHED
        over = token.expires_at is not None and token.expires_at <= self.now
        return {
            Shelf.ALL: not trashed,
            Shelf.USABLE: token.state is TokenState.USABLE and not over,
            Shelf.EXPIRED: not trashed and over,
            Shelf.OWED: token.state is TokenState.UNDELIVERED,
            Shelf.TRASH: trashed,
        }[shelf]
