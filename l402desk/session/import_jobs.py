"""Tokens that come from elsewhere, as jobs for the I/O thread: say what is there, then take it in; both as values."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from l402desk.session.io import Report
from l402desk.vault.bundle import MOST_BYTES, open_bundle
from l402desk.vault.carried import Carried
from l402desk.vault.foreign import mcp402
from l402desk.vault.foreign.admission import HOMELESS, Home
from l402desk.vault.foreign.detection import Detected, detect
from l402desk.vault.foreign.entries import ForeignStore, History, ImportRefused, Kind, Problem
from l402desk.vault.foreign.files import is_plain_file, is_plain_folder, read_file, shown
from l402desk.vault.foreign.json_value import read_json
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.intake import Intake, Taken

if TYPE_CHECKING:
    from l402desk.services import Services

TELL_EVERY = 25
CHOOSE_ANOTHER = "Choose the file or the folder in which another client keeps its tokens, or a sealed export."


class Ask(StrEnum):
    """What a store does not tell, and only the user can."""

    ADDRESS = "address"
    PASSPHRASE = "passphrase"
    KEY_FILE = "key-file"


@dataclass(frozen=True, slots=True)
class Source:
    """A store as the user names it. ``home`` is the address of tokens that come without one."""

    path: Path
    home: str = ""
    passphrase: str = field(default="", repr=False)
    key_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Host:
    """A server, and how many tokens there are for it; ``pending`` are those without a proof of payment."""

    name: str
    tokens: int
    pending: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a store is and holds, without a secret. ``ask`` is what is missing to read it, or, beside tokens, the rest.

    ``refusal`` says why the answer to ``ask`` did not do; ``homeless`` counts the entries that want an address.
    ``made_at`` is unix seconds, of a sealed export.
    """

    kind: Kind
    ask: Ask | None = None
    refusal: str = ""
    hosts: tuple[Host, ...] = ()
    tokens: int = 0
    pending: int = 0
    homeless: int = 0
    problems: tuple[Problem, ...] = ()
    history: History | None = None
    made_at: int | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing can be taken in."""
        return not (self.tokens or self.pending)


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to one source: what was found, or why nothing was. ``store`` holds the secrets themselves."""

    source: Source
    found: Found | None = None
    refusal: str = ""
    store: ForeignStore | None = field(default=None, repr=False)


async def read(services: Services, *, source: Source) -> Reading:
    """Say what is there, and read it as far as that can be done; nothing is taken in."""
    try:
        detected = await asyncio.to_thread(detect, source.path)
        if detected.kind is Kind.SEALED:
            return await _read_sealed(source, detected)
        return await asyncio.to_thread(_read_foreign, source, detected)
    except ImportRefused as error:
        return Reading(source, refusal=_words(error))


async def _read_sealed(source: Source, detected: Detected) -> Reading:
    if not source.passphrase:
        return Reading(source, Found(Kind.SEALED, Ask.PASSPHRASE))
    try:
        raw = await asyncio.to_thread(read_file, detected.path, MOST_BYTES)
        contents = await open_bundle(raw, source.passphrase)
    except ImportRefused as error:
        return Reading(source, Found(Kind.SEALED, Ask.PASSPHRASE, _words(error)))
    store = ForeignStore(Kind.SEALED, contents.tokens, contents.pending)
    return Reading(source, _found(store, contents.made_at), store=store)


def _read_foreign(source: Source, detected: Detected) -> Reading:
    """Raises ImportRefused. Blocking."""
    kind = detected.kind
    try:
        home = Home.of(source.home) if source.home else None
    except ImportRefused as error:
        return Reading(source, Found(kind, Ask.ADDRESS, _words(error)))
    if kind is Kind.APERTURE and home is None:
        return Reading(source, Found(kind, Ask.ADDRESS))
    try:
        store = read_store(detected.path, kind=kind, home=home, key_file=source.key_file)
    except ImportRefused as error:
        if kind is Kind.MCP402 and _is_sealed(detected.path):
            return Reading(source, Found(kind, Ask.KEY_FILE, error.sentence))
        raise
    return Reading(source, _found(store), store=store)


def _is_sealed(path: Path) -> bool:
    """Does this store of 402-mcp open with a key only? Raises ImportRefused. Blocking."""
    files = [path / name for name in mcp402.FILES if is_plain_file(path / name)] if is_plain_folder(path) else [path]
    return any(mcp402.is_sealed(read_json(read_file(file), shown(file))) for file in files)


def _found(store: ForeignStore, made_at: int | None = None) -> Found:
    tokens = Counter(carried.token.origin.authority for carried in store.tokens)
    pending = Counter(waiting.origin.authority for waiting in store.pending)
    names = sorted(tokens.keys() | pending.keys())
    homeless = sum(problem.sentence == HOMELESS for problem in store.problems)
    return Found(
        store.kind,
        Ask.ADDRESS if homeless else None,
        hosts=tuple(Host(name, tokens[name], pending[name]) for name in names),
        tokens=len(store.tokens),
        pending=len(store.pending),
        homeless=homeless,
        problems=store.problems,
        history=store.history,
        made_at=made_at,
    )


def _words(error: ImportRefused) -> str:
    """Its remedy may name an option of the command line, where the window has a button."""
    return f"{error.sentence} {CHOOSE_ANOTHER if '--' in error.remedy else error.remedy}"


async def take(services: Services, report: Report, *, store: ForeignStore) -> Taken:
    """Keep what is new, and report how many tokens were gone through. Raises StoreError; once more is harmless."""
    intake = Intake(services.database, services.vault, services.awaiting, services.clock)
    return await intake.take(_counted(store.tokens, report), store.pending)


def _counted(tokens: Iterable[Carried], report: Report) -> Iterator[Carried]:
    for number, carried in enumerate(tokens):
        if number % TELL_EVERY == 0:
            report(number)
        yield carried
