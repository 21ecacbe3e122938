"""Reading a foreign store whole: what it is, its entries one by one, and what is admitted of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from l402desk.vault.awaiting import PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.foreign import json_store, lnget, mcp402, sqlite_stores
from l402desk.vault.foreign.admission import Home, admit
from l402desk.vault.foreign.aperture import files_in, read_entry
from l402desk.vault.foreign.detection import REMEDY, Detected, detect
from l402desk.vault.foreign.entries import (
    MOST_ENTRIES,
    Entry,
    EntryRefused,
    ForeignStore,
    History,
    ImportRefused,
    Kind,
    Problem,
)
from l402desk.vault.foreign.files import is_plain_file, is_plain_folder, read_file, real_path, shown
from l402desk.vault.foreign.json_value import read_json
from l402desk.vault.foreign.lnget_events import Event, read_events
from l402desk.vault.foreign.sqlite_file import opened

Entries = Iterable[Entry | Problem]


def read_store(
    path: Path, *, kind: Kind | None = None, home: Home | None = None, key_file: Path | None = None
) -> ForeignStore:
    """Everything in the store at ``path``. Blocking: reads files. Raises ImportRefused where nothing can be read.

    ``kind`` is whose store it is, where the user says so; else it is told by what is there. ``home`` says where tokens
    belong that come without an address; without it they are refused. ``key_file`` opens a sealed store of 402-mcp. A
    sealed export of this app is not read here (`vault.bundle`): it needs a passphrase.
    """
    found = detect(path) if kind is None else Detected(kind, real_path(path))
    if found.kind is Kind.SEALED:
        raise ImportRefused(f"{shown(found.path)} is a sealed export.", "Open it with its passphrase.")
    if found.kind is Kind.APERTURE and home is None:
        words = f"{shown(found.path)} does not say which server its token belongs to."
        raise ImportRefused(words, "Name the server with --origin https://its.host.")
    if found.kind is Kind.LNGET:
        entries, history = _lnget(found.path)
    else:
        entries, history = _READERS[found.kind](found.path, key_file), None
    return _sorted(found.kind, entries, home, history)


def _sorted(kind: Kind, entries: Entries, home: Home | None, history: History | None) -> ForeignStore:
    tokens: list[Carried] = []
    pending: list[PendingToken] = []
    problems: list[Problem] = []
    source = f"imported from {kind.words}"
    for number, entry in enumerate(entries):
        if number >= MOST_ENTRIES:
            problems.append(Problem("the rest", f"Only the first {MOST_ENTRIES} tokens were read."))
            break
        if isinstance(entry, Problem):
            problems.append(_sentence(entry.where, entry.sentence))
            continue
        try:
            admitted = admit(entry, source, home)
        except EntryRefused as error:
            problems.append(_sentence(entry.where, str(error)))
            continue
        if isinstance(admitted, Carried):
            tokens.append(admitted)
        else:
            pending.append(admitted)
    if not (tokens or pending or problems or history):
        raise ImportRefused("There is no token in this store.", REMEDY)
    return ForeignStore(kind, tuple(tokens), tuple(pending), tuple(problems), history)


def _sentence(where: str, said: str) -> Problem:
    return Problem(where, said[:1].upper() + said[1:])


def _aperture(path: Path, _key_file: Path | None) -> Iterator[Entry | Problem]:
    files = files_in(path) if is_plain_folder(path) else [path]
    for file in files:
        where = shown(Path(file.name))
        try:
            yield read_entry(file, where)
        except EntryRefused as error:
            yield Problem(where, str(error))


def _lnget(path: Path) -> tuple[Entries, History | None]:
    """A folder of lnget's, or its events alone."""
    if is_plain_file(path):
        return (), read_events(path)[1]
    events: dict[str, Event] = {}
    history = None
    problems: list[Problem] = []
    file = lnget.events_file(path)
    if is_plain_file(file):
        try:
            events, history = read_events(file)
        except ImportRefused as error:  # the tokens count; what is known of them is an extra
            problems.append(Problem(lnget.EVENTS, error.sentence))
    if lnget.token_folder(path) is None:
        return problems, history
    return [*problems, *lnget.entries_in(path, events)], history


def _database(kind: Kind) -> Callable[[Path, Path | None], Entries]:
    def read(file: Path, _key_file: Path | None) -> Entries:
        with opened(file) as database:
            if sqlite_stores.kind_of(database) is not kind:
                raise ImportRefused(f"{database.name} is no store of {kind.words}.", REMEDY)
            return list(sqlite_stores.entries_of(database, kind))

    return read


def _mcp402(path: Path, key_file: Path | None) -> Entries:
    files = [path / name for name in mcp402.FILES if is_plain_file(path / name)] if is_plain_folder(path) else [path]
    if not files:
        raise ImportRefused(f"There is no store of 402-mcp in {shown(path)}.", "Name its credentials.json.")
    key = None if key_file is None else real_path(key_file)
    entries: list[Entry | Problem] = []
    for file in files:
        value = read_json(read_file(file), shown(file))
        if isinstance(value, dict) and mcp402.is_sealed(value):
            value = mcp402.unseal(value, file, key)
        entries += mcp402.entries_of(value)
    return entries


def _json(file: Path, _key_file: Path | None) -> Entries:
    return json_store.entries_of(read_json(read_file(file), shown(file)))


_READERS: dict[Kind, Callable[[Path, Path | None], Entries]] = {
    Kind.APERTURE: _aperture,
    Kind.L402SDK: _database(Kind.L402SDK),
    Kind.FEWSATS: _database(Kind.FEWSATS),
    Kind.FEWSATSCLI: _database(Kind.FEWSATSCLI),
    Kind.MCP402: _mcp402,
    Kind.JSON: _json,
}
