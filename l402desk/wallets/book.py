"""The stored wallets: each a name and a sealed connection, so that a copied file opens nobody's purse."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from l402desk.protocol.text import is_suspicious
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.store.schema import Schema, SealedColumn
from l402desk.store.seal import Seal
from l402desk.wallets import hosts
from l402desk.wallets.catalogue import Adapter, Catalogue
from l402desk.wallets.connection import Connection, read_connection
from l402desk.wallets.errors import BadConnection, NameRefused, NameTaken, NoSuchWallet

LONGEST_NAME = 40
# "phone" is the rail of payments that a person made with another wallet, the play wallet is the window's own sandbox's.
RESERVED = frozenset({"phone", "play wallet"})
SCHEMA = Schema(
    "wallets",
    (
        """
        CREATE TABLE wallets (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            kind TEXT NOT NULL,
            watch_only INTEGER NOT NULL,
            is_default INTEGER NOT NULL DEFAULT 0,
            added_at INTEGER NOT NULL,
            connection BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX wallets_default ON wallets (is_default) WHERE is_default;
        """,
        """
        ALTER TABLE wallets ADD COLUMN is_connected INTEGER NOT NULL DEFAULT 1;
        CREATE TABLE wallet_hosts (
            origin TEXT PRIMARY KEY,
            wallet TEXT NOT NULL REFERENCES wallets (id) ON DELETE CASCADE
        ) STRICT;
        """,
    ),
    sealed=(SealedColumn("wallets", "id", "connection"),),
)


@dataclass(frozen=True, slots=True)
class StoredWallet:
    """A wallet in the book, without its secret. ``added_at`` is unix seconds.

    One that is not ``is_intact`` was tampered with, or belongs to another vault: it is listed and never opened.
    ``place`` shows where it is, secrets left out; empty for a damaged one. One that is not ``is_connected`` is kept and
    asked nothing. ``hosts`` are the origins it pays at where no wallet is named.
    """

    name: str
    kind: str
    watch_only: bool
    is_default: bool
    added_at: int
    place: str
    is_intact: bool
    is_connected: bool = True
    hosts: tuple[str, ...] = ()


class WalletBook:
    """The wallets this vault knows. Removing one keeps its payments: they are the ledger's.

    ``clock`` gives unix seconds. Every method raises StoreError; those that take a name raise NoSuchWallet.
    """

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], float], catalogue: Catalogue) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._catalogue = catalogue

    async def add(self, name: str, text: str, *, watch_only: bool = False, added_at: int | None = None) -> StoredWallet:
        """Seal a connection under a new name; the first that pays becomes the default.

        ``watch_only`` makes it so whatever the text says. ``added_at`` is for one that was here before. Raises
        NameRefused, NameTaken and BadConnection.
        """
        name = checked_name(name)
        connection = read_connection(text)
        watching = watch_only or connection.watch_only

        def work(connection_: sqlite3.Connection) -> StoredWallet:
            _refuse_taken(connection_, name)
            row_id = uuid.uuid4().hex
            first = connection_.execute("SELECT 1 FROM wallets WHERE is_default").fetchone() is None
            connection_.execute(
                "INSERT INTO wallets (id, name, kind, watch_only, is_default, added_at, connection)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    row_id,
                    name,
                    connection.kind,
                    int(watching),
                    int(first and not watching),
                    int(self._clock()) if added_at is None else added_at,
                    self._sealed(row_id, name, connection.text, watching),
                ),
            )
            return self._stored(connection_, _row(connection_, name))

        return await self._database.write(work)

    async def list(self) -> tuple[StoredWallet, ...]:
        """All of them, in the order they were added."""
        sql = "SELECT * FROM wallets ORDER BY number"
        return await self._database.read(lambda c: tuple(self._stored(c, row) for row in c.execute(sql).fetchall()))

    async def find(self, name: str) -> StoredWallet:
        return await self._database.read(lambda connection: self._stored(connection, _row(connection, name)))

    async def default(self) -> StoredWallet | None:
        """The wallet that pays where none is named, if one was chosen."""
        found = [wallet for wallet in await self.list() if wallet.is_default]
        return found[0] if found else None

    async def set_default(self, name: str) -> StoredWallet:
        """Choose the wallet that pays where none is named. Raises NameRefused for one that only looks."""

        def work(connection: sqlite3.Connection) -> StoredWallet:
            _refuse_looking(_row(connection, name), name)
            connection.execute("UPDATE wallets SET is_default = 0 WHERE is_default")
            connection.execute("UPDATE wallets SET is_default = 1 WHERE name = ?", (name,))
            return self._stored(connection, _row(connection, name))

        return await self._database.write(work)

    async def default_for(self, origin: str) -> StoredWallet | None:
        """The connected wallet that pays at this origin where none is named: its own, else the general default."""

        def work(connection: sqlite3.Connection) -> StoredWallet | None:
            row = hosts.wallet_for(connection, origin)
            return None if row is None else self._stored(connection, row)

        return await self._database.read(work)

    async def prefer(self, origin: str, name: str | None) -> None:
        """Choose the wallet that pays at this origin, or None for the general default again.

        Raises NameRefused for a wallet that only looks.
        """

        def work(connection: sqlite3.Connection) -> None:
            if name is not None:
                _refuse_looking(_row(connection, name), name)
            hosts.prefer(connection, origin, None if name is None else _row(connection, name)["id"])

        await self._database.write(work)

    async def set_connected(self, name: str, is_connected: bool) -> StoredWallet:
        """Keep a wallet without asking it anything, or ask it again."""

        def work(connection: sqlite3.Connection) -> StoredWallet:
            row = _row(connection, name)
            connection.execute("UPDATE wallets SET is_connected = ? WHERE id = ?", (int(is_connected), row["id"]))
            return self._stored(connection, _row(connection, name))

        return await self._database.write(work)

    async def rename(self, name: str, new: str) -> StoredWallet:
        """Give a wallet another name. Raises NameRefused, NameTaken and SealBroken.

        Its name is the rail of its payments: while one of them is open, the caller must not rename it.
        """
        new = checked_name(new)

        def work(connection: sqlite3.Connection) -> StoredWallet:
            row = _row(connection, name)
            if new.lower() != name.lower():
                _refuse_taken(connection, new)
            opened = self._opened(row)
            sealed = self._sealed(row["id"], new, opened.text, opened.watch_only)
            connection.execute("UPDATE wallets SET name = ?, connection = ? WHERE id = ?", (new, sealed, row["id"]))
            return self._stored(connection, _row(connection, new))

        return await self._database.write(work)

    async def remove(self, name: str) -> None:
        """Forget a wallet, and its secret on the disk."""

        def work(connection: sqlite3.Connection) -> None:
            hosts.forget(connection, row_id := _row(connection, name)["id"])
            connection.execute("DELETE FROM wallets WHERE id = ?", (row_id,))

        await self._database.write(work)
        await self._database.scrub()

    async def reveal(self, name: str) -> str:
        """The connection itself, secret and all. Raises SealBroken."""
        return await self._database.read(lambda connection: self._opened(_row(connection, name)).text)

    async def open(self, name: str) -> Adapter:
        """The wallet, ready to be asked. Raises SealBroken."""
        connection = await self._database.read(lambda c: self._opened(_row(c, name)))
        return self._catalogue.open(name, connection)

    async def open_all(self) -> tuple[Adapter, ...]:
        """Every wallet that is intact and connected, in the order they were added."""
        wanted = [wallet.name for wallet in await self.list() if wallet.is_intact and wallet.is_connected]
        return tuple([await self.open(name) for name in wanted])

    def _sealed(self, row_id: str, name: str, text: str, watch_only: bool) -> bytes:
        # Name and watch-only are sealed with it: edited columns must not pay from another purse, or from a watched one.
        plain = json.dumps({"name": name, "connection": text, "watch_only": watch_only}).encode()
        return self._seal.seal(plain, table="wallets", row=row_id, column="connection")

    def _opened(self, row: sqlite3.Row) -> Connection:
        """Raises SealBroken, also for what a later version wrote and this one cannot read."""
        plain = json.loads(self._seal.unseal(row["connection"], table="wallets", row=row["id"], column="connection"))
        if (plain["name"], plain["watch_only"]) != (row["name"], bool(row["watch_only"])):
            raise SealBroken
        try:
            connection = read_connection(plain["connection"])
        except BadConnection as error:
            raise SealBroken from error
        return replace(connection, watch_only=plain["watch_only"])

    def _stored(self, connection: sqlite3.Connection, row: sqlite3.Row) -> StoredWallet:
        try:
            place, is_intact = str(self._opened(row)), True
        except SealBroken:
            place, is_intact = "", False
        return StoredWallet(
            name=row["name"],
            kind=row["kind"],
            watch_only=bool(row["watch_only"]),
            is_default=bool(row["is_default"]),
            added_at=row["added_at"],
            place=place,
            is_intact=is_intact,
            is_connected=bool(row["is_connected"]),
            hosts=hosts.of_wallet(connection, row["id"]),
        )


def checked_name(name: str) -> str:
    """A name as it is stored: without white space around it. Raises NameRefused."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or is_suspicious(name):
        raise NameRefused(
            f"A wallet's name is 1 to {LONGEST_NAME} plain characters on one line.", "Give it a shorter, plainer name."
        )
    if ":" in name or name.startswith(
        "-"
    ):  # what has a colon is a connection where a wallet is named on a command line
        raise NameRefused("A wallet's name has no colon in it and does not begin with a dash.", "Give it another name.")
    if name.lower() in RESERVED:
        raise NameRefused(f"“{name}” already means something else here.", "Give it another name.")
    return name


def _refuse_looking(row: sqlite3.Row, name: str) -> None:
    if row["watch_only"]:
        raise NameRefused(f"“{name}” only looks payments up.", "Choose a wallet that pays.")


def _refuse_taken(connection: sqlite3.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM wallets WHERE name = ? COLLATE NOCASE", (name,)).fetchone() is not None:
        raise NameTaken(name)


def _row(connection: sqlite3.Connection, name: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM wallets WHERE name = ? COLLATE BINARY", (name,)).fetchone()
    if row is None:
        raise NoSuchWallet(name)
    assert isinstance(row, sqlite3.Row)
    return row
