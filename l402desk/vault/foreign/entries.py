"""What a foreign store holds, as values: entries as they stand there, what became of them, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import PaymentHash
from l402desk.vault.awaiting import PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.scope import Reach

MOST_ENTRIES = 10_000
"""Of one store. More than anybody bought, and less than what would hold the app up."""


class Kind(StrEnum):
    """Whose store it is; the value is the word for it on the command line."""

    APERTURE = "aperture"
    LNGET = "lnget"
    L402SDK = "l402sdk"
    FEWSATS = "fewsats"
    FEWSATSCLI = "fewsatscli"
    MCP402 = "402-mcp"
    JSON = "json"
    SEALED = "sealed"

    @property
    def words(self) -> str:
        """The store by its name, as it stands in a token's source."""
        return _WORDS[self]


_WORDS = {
    Kind.APERTURE: "a token file of aperture, loop, pool or litd",
    Kind.LNGET: "lnget",
    Kind.L402SDK: "L402sdk",
    Kind.FEWSATS: "Fewsats L402-python",
    Kind.FEWSATSCLI: "fewsatscli",
    Kind.MCP402: "402-mcp",
    Kind.JSON: "a JSON file",
    Kind.SEALED: "a sealed export",
}


class ImportRefused(Exception):  # noqa: N818 - named for what happened
    """Nothing can be read there. ``sentence`` says what and why, ``remedy`` what to do; neither holds a secret."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


class EntryRefused(ValueError):  # noqa: N818 - named for what happened
    """This one entry cannot be taken in; the sentence says why, without a secret."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One token as it stands in a store, unchecked. ``where`` names it among the others ("row 3").

    ``url`` is where it belongs and ``reach`` how far it went there; an empty one means that the store does not say.
    ``preimage`` is hexadecimal; empty or all zeros while the payment is pending. ``payment_hash`` is what the store
    says, ``at`` unix seconds.
    """

    where: str
    url: str
    reach: Reach
    credential: str = field(repr=False)
    preimage: str = field(repr=False)
    scheme: str = "L402"
    payment_hash: PaymentHash | None = None
    invoice: str = field(default="", repr=False)
    price: Msat | None = None
    at: int | None = None
    title: str = ""
    note: str = ""
    uses: int = 0
    last_used_at: int | None = None
    last_status: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that is not taken in, and why. Both are safe to show."""

    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class History:
    """What a store tells about its payments, to be shown and believed by nobody: counts, and what was spent."""

    payments: int
    failed: int
    hosts: int
    spent: Msat
    fees: Msat


@dataclass(frozen=True, slots=True)
class ForeignStore:
    """All that could be read of a store."""

    kind: Kind
    tokens: tuple[Carried, ...] = ()
    pending: tuple[PendingToken, ...] = ()
    problems: tuple[Problem, ...] = ()
    history: History | None = None
