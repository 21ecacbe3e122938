"""Stored wallets: named, sealed, opened again, and worth nothing to whoever copies or edits the file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from l402desk.protocol.amount import ZERO
from l402desk.protocol.payment import Failed
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.store.schema import undeclared
from l402desk.store.seal import Seal
from l402desk.wallets.book import LONGEST_NAME, SCHEMA, StoredWallet, WalletBook
from l402desk.wallets.catalogue import Catalogue
from l402desk.wallets.errors import BadConnection, NameRefused, NameTaken, NoSuchWallet
from tests.fakes.invoices import mint_invoice

pytestmark = pytest.mark.anyio
KEY = "5ec2e75ec2e75ec2e7"
LNBITS = f"lnbits+https://pay.example?key={KEY}"
NOW = 1_700_000_000


def nobody() -> ssl.SSLContext:
    raise AssertionError("the book asks nobody anything")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "data" / "desk.sqlite3", [SCHEMA])
    yield opened
    await opened.close()


@pytest.fixture
def open_book(database: Database, tmp_path: Path) -> Callable[..., WalletBook]:
    def opened(key: bytes = b"\x01" * 32) -> WalletBook:
        seal = Seal(key, b"vault", kept_by="a test")
        return WalletBook(database, seal, lambda: NOW, Catalogue(nobody, tmp_path))

    return opened


@pytest.fixture
def book(open_book: Callable[..., WalletBook]) -> WalletBook:
    return open_book()


async def change(database: Database, sql: str, *values: object) -> None:
    def work(connection: sqlite3.Connection) -> None:
        connection.execute(sql, values)

    await database.write(work)


async def test_a_wallet_is_stored_listed_and_opened_again(
    book: WalletBook, open_book: Callable[..., WalletBook]
) -> None:
    stored = await book.add(" Home ", f" {LNBITS}\n")
    assert stored == StoredWallet("Home", "lnbits", False, True, NOW, "lnbits+https://pay.example?key=…", True)
    again = open_book()
    assert await again.list() == (stored,)
    assert await again.find("Home") == stored
    assert await again.reveal("Home") == LNBITS
    (wallet,) = await again.open_all()
    assert (wallet.name, wallet.capabilities.pays) == ("Home", True)


async def test_neither_the_file_nor_a_value_shows_the_secret(book: WalletBook, database: Database) -> None:
    stored = await book.add("Home", LNBITS)
    assert KEY not in repr(stored) + repr(await book.open("Home"))
    for file in database.path.parent.iterdir():
        assert KEY.encode() not in file.read_bytes()


async def test_the_first_that_pays_is_the_default_and_another_can_be_chosen(book: WalletBook) -> None:
    assert await book.default() is None
    watching = await book.add("Watching", LNBITS + "&watch=1")
    assert (watching.watch_only, watching.is_default) == (True, False)
    assert (await book.add("Home", LNBITS)).is_default
    assert not (await book.add("Play", "play:")).is_default
    await book.set_default("Play")
    default = await book.default()
    assert default is not None
    assert default.name == "Play"
    assert [wallet.name for wallet in await book.list() if wallet.is_default] == ["Play"]
    with pytest.raises(NameRefused, match="only looks"):
        await book.set_default("Watching")
    await book.remove("Play")
    assert await book.default() is None


async def test_it_can_be_made_to_watch_only_whatever_its_text_says(book: WalletBook) -> None:
    assert (await book.add("Home", LNBITS, watch_only=True)).watch_only
    wallet = await book.open("Home")
    assert not wallet.capabilities.pays
    assert isinstance(await wallet.pay(mint_invoice(), fee_limit=ZERO), Failed)


@pytest.mark.parametrize(
    "name", ["", "  ", "a" * (LONGEST_NAME + 1), "two\nlines", "phone", "Play Wallet", "a\u202eb", "play:1", "-json"]
)
async def test_a_name_that_would_confuse_is_refused(book: WalletBook, name: str) -> None:
    with pytest.raises(NameRefused):
        await book.add(name, LNBITS)
    await book.add("Home", LNBITS)
    with pytest.raises(NameRefused):
        await book.rename("Home", name)


async def test_two_wallets_never_share_a_name(book: WalletBook) -> None:
    added = await asyncio.gather(*(book.add("Home", LNBITS) for _ in range(3)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in added) == ["NameTaken", "NameTaken", "StoredWallet"]
    with pytest.raises(NameTaken):
        await book.add("HOME", LNBITS)
    await book.add("Other", LNBITS)
    with pytest.raises(NameTaken):
        await book.rename("Other", "home")


async def test_a_bad_connection_is_not_stored(book: WalletBook) -> None:
    with pytest.raises(BadConnection):
        await book.add("Home", "lndconnect://host:8080?macaroon=x")
    assert await book.list() == ()


async def test_a_renamed_wallet_is_the_same_wallet(book: WalletBook) -> None:
    await book.add("Home", LNBITS + "&watch=1")
    renamed = await book.rename("Home", "Küche ⚡")
    assert (renamed.name, renamed.watch_only, renamed.is_intact) == ("Küche ⚡", True, True)
    assert await book.rename("Küche ⚡", "KÜCHE ⚡") == await book.find("KÜCHE ⚡")
    assert not (await book.open("KÜCHE ⚡")).capabilities.pays
    with pytest.raises(NoSuchWallet):
        await book.find("Home")


async def test_a_removed_wallet_is_gone_and_its_secret_from_the_disk(book: WalletBook, database: Database) -> None:
    await book.add("Home", LNBITS)
    sealed = await database.read(lambda c: bytes(c.execute("SELECT connection FROM wallets").fetchone()[0]))
    await book.remove("Home")
    assert await book.list() == ()
    for file in database.path.parent.iterdir():
        assert sealed not in file.read_bytes()
    for question in (book.remove("Home"), book.open("Home"), book.reveal("Home"), book.set_default("Home")):
        with pytest.raises(NoSuchWallet, match="Home"):
            await question


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE wallets SET name = 'Haus' WHERE name = 'Home'",
        "UPDATE wallets SET watch_only = 0 WHERE name = 'Home'",
        "UPDATE wallets SET id = 'other' WHERE name = 'Home'",
        "UPDATE wallets SET connection = zeroblob(80) WHERE name = 'Home'",
        "UPDATE wallets SET connection = (SELECT connection FROM wallets WHERE name = 'Other') WHERE name = 'Home'",
    ],
)
async def test_what_was_tampered_with_is_listed_and_never_opened(
    book: WalletBook, database: Database, sql: str
) -> None:
    await book.add("Home", LNBITS + "&watch=1")
    await book.add("Other", LNBITS)
    await change(database, sql)
    damaged, sound = await book.list()
    assert (damaged.is_intact, damaged.place) == (False, "")
    assert sound.is_intact
    assert [wallet.name for wallet in await book.open_all()] == ["Other"]
    for question in (book.open(damaged.name), book.reveal(damaged.name), book.rename(damaged.name, "New")):
        with pytest.raises(SealBroken):
            await question
    await book.remove(damaged.name)


async def test_another_key_opens_none(book: WalletBook, open_book: Callable[..., WalletBook]) -> None:
    await book.add("Home", LNBITS)
    other = open_book(os.urandom(32))
    assert [wallet.is_intact for wallet in await other.list()] == [False]
    assert await other.open_all() == ()


async def test_every_sealed_column_is_declared(database: Database) -> None:
    assert await database.read(lambda connection: undeclared(connection, [SCHEMA])) == []
