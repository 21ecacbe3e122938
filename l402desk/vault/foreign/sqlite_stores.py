"""The SQLite stores of L402sdk, of Fewsats' L402-python and of fewsatscli: a table of credentials each.

- L402sdk: ``l402_tokens(endpoint, macaroon, preimage, created_at, expires_at)``, the endpoint being the URL
  (crates/bolt402-sqlite/src/store.rs).
- L402-python: ``credentials(id, location, macaroon, preimage, invoice, created_at)``, the location being the URL and a
  missing preimage a payment that was not made (l402/client/credentials/sqlite_credentials_service.py).
- fewsatscli: ``credentials(external_id, macaroon, preimage, invoice, created_at)``, the id being the last part of a URL
  of Fewsats' own API (store/migrations/0002_credentials.up.sql, storage/download.go, gateway/access.go).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon import Macaroon, read_token
from l402desk.vault.foreign.entries import Entry, EntryRefused, Kind, Problem
from l402desk.vault.foreign.moments import read_moment
from l402desk.vault.foreign.sqlite_file import SqliteFile, Value, text_of
from l402desk.vault.scope import Reach

FEWSATS_API = "https://api.fewsats.com"
_COLUMNS = ("external_id", "location", "endpoint", "macaroon", "preimage", "invoice", "created_at")
_ID = re.compile(r"[A-Za-z0-9._~-]{1,200}")


def kind_of(database: SqliteFile) -> Kind | None:
    """Whose store it is, by its tables; None where it is nobody's we know."""
    if database.holds("l402_tokens", "endpoint", "macaroon", "preimage"):
        return Kind.L402SDK
    if database.holds("credentials", "external_id", "macaroon", "preimage"):
        return Kind.FEWSATSCLI
    if database.holds("credentials", "location", "macaroon", "preimage"):
        return Kind.FEWSATS
    return None


def entries_of(database: SqliteFile, kind: Kind) -> Iterator[Entry | Problem]:
    """Every row as an entry, or as a problem. Raises ImportRefused."""
    table, read = _READERS[kind]
    for number, row in enumerate(database.rows(table, _COLUMNS), 1):
        where = f"row {number}"
        try:
            yield read(where, row)
        except EntryRefused as error:
            yield Problem(where, str(error))


def _l402sdk(where: str, row: dict[str, Value]) -> Entry:
    return _entry(where, row, text_of(row["endpoint"], "address"))


def _fewsats(where: str, row: dict[str, Value]) -> Entry:
    # Python wrote these times without a zone, as the clock on the wall had them.
    return _entry(where, row, text_of(row["location"], "address"), local=True)


def _fewsatscli(where: str, row: dict[str, Value]) -> Entry:
    external_id = text_of(row["external_id"], "id")
    if not _ID.fullmatch(external_id):
        raise EntryRefused("its id is no part of an address.")
    is_file = f"file_id={external_id}" in _caveats(text_of(row["macaroon"], "macaroon"))
    path = "/v0/storage/download" if is_file else "/v0/gateway/access"
    return _entry(where, row, f"{FEWSATS_API}{path}/{external_id}")


def _entry(where: str, row: dict[str, Value], url: str, *, local: bool = False) -> Entry:
    if not url:
        raise EntryRefused("it has no address.")
    return Entry(
        where=where,
        url=url,
        reach=Reach.EXACT,
        credential=text_of(row["macaroon"], "macaroon"),
        preimage=text_of(row["preimage"], "preimage"),
        invoice=text_of(row.get("invoice"), "invoice"),
        at=read_moment(row.get("created_at"), local=local),
    )


def _caveats(credential: str) -> frozenset[str]:
    try:
        token = read_token(credential)
    except MacaroonError:
        return frozenset()
    return frozenset(caveat.text for caveat in token.caveats) if isinstance(token, Macaroon) else frozenset()


_READERS: dict[Kind, tuple[str, Callable[[str, dict[str, Value]], Entry]]] = {
    Kind.L402SDK: ("l402_tokens", _l402sdk),
    Kind.FEWSATS: ("credentials", _fewsats),
    Kind.FEWSATSCLI: ("credentials", _fewsatscli),
}
