"""What a file or folder is: which client's store, told by what is in it and never by its name alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from l402desk.vault.bundle import is_bundle
from l402desk.vault.foreign import json_store, lnget, mcp402, sqlite_stores
from l402desk.vault.foreign.aperture import MOST_BYTES as MOST_TOKEN_BYTES
from l402desk.vault.foreign.aperture import files_in, unpack
from l402desk.vault.foreign.entries import EntryRefused, ImportRefused, Kind
from l402desk.vault.foreign.files import is_plain_file, is_plain_folder, read_file, real_path, shown
from l402desk.vault.foreign.json_value import read_json
from l402desk.vault.foreign.lnget_events import is_events
from l402desk.vault.foreign.sqlite_file import MAGIC, opened

REMEDY = "Name the file or folder of another client, and with --from which one it is."


@dataclass(frozen=True, slots=True)
class Detected:
    """``path`` is where to read: the user's, its links followed, or the store within the folder it names."""

    kind: Kind
    path: Path


def detect(path: Path) -> Detected:
    """Say what is there. Raises ImportRefused where it is nothing we know."""
    real = real_path(path)
    if is_plain_folder(real):
        return _folder(real)
    if not is_plain_file(real):
        raise ImportRefused(f"{shown(real)} is neither a file nor a folder.", REMEDY)
    return Detected(_file(real), real)


def _folder(folder: Path) -> Detected:
    if not is_plain_file(folder / lnget.DOMAIN) and files_in(folder):
        return Detected(Kind.APERTURE, folder)
    if any(is_plain_file(folder / name) for name in mcp402.FILES):
        return Detected(Kind.MCP402, folder)
    if lnget.token_folder(folder) is not None or is_plain_file(folder / lnget.EVENTS):
        return Detected(Kind.LNGET, folder)
    raise ImportRefused(f"There is no token store in {shown(folder)}.", REMEDY)


def _file(file: Path) -> Kind:
    raw = read_file(file)
    if is_bundle(raw):
        return Kind.SEALED
    if raw.startswith(MAGIC):
        return _database(file)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json(raw, file)
    if _is_token_file(raw):
        return Kind.APERTURE
    raise ImportRefused(f"{shown(file)} is no token store this app knows.", REMEDY)


def _database(file: Path) -> Kind:
    with opened(file) as database:
        kind = sqlite_stores.kind_of(database)
        if kind is None and is_events(database):
            return Kind.LNGET
    if kind is None:
        raise ImportRefused(f"{shown(file)} is a SQLite file without tokens of a client this app knows.", REMEDY)
    return kind


def _json(raw: bytes, file: Path) -> Kind:
    value = read_json(raw, shown(file))
    if mcp402.is_sealed(value) or mcp402.is_store(value):
        return Kind.MCP402
    if json_store.is_store(value):
        return Kind.JSON
    raise ImportRefused(f"{shown(file)} is JSON without a token in it.", REMEDY)


def _is_token_file(raw: bytes) -> bool:
    if len(raw) > MOST_TOKEN_BYTES:
        return False
    try:
        unpack(raw)
    except EntryRefused as error:
        return "proof of work" in str(error)
    return True
