"""Which wallet pays where, as the book tells it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.store.database import Database
from l402desk.store.seal import Seal
from l402desk.wallets.book import SCHEMA, WalletBook
from l402desk.wallets.catalogue import Catalogue
from l402desk.wallets.errors import NameRefused, NoSuchWallet

pytestmark = pytest.mark.anyio
HERE, THERE = "https://api.example", "https://api.example:8443"


def nobody() -> ssl.SSLContext:
    raise AssertionError("the book asks nobody anything")


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[WalletBook]:
    database = await Database.open(tmp_path / "desk.sqlite3", [SCHEMA])
    made = WalletBook(database, Seal(b"\x01" * 32, b"vault", kept_by="a test"), lambda: 1, Catalogue(nobody, tmp_path))
    for name in ("First", "Second"):
        await made.add(name, f"lnbits+https://{name.lower()}.example?key=a")
    await made.add("Watcher", "lnbits+https://watcher.example")
    yield made
    await database.close()


async def paying(book: WalletBook, origin: str) -> str | None:
    found = await book.default_for(origin)
    return found.name if found else None


async def test_without_a_choice_the_general_default_pays(book: WalletBook) -> None:
    assert await paying(book, HERE) == "First"


async def test_a_host_has_a_wallet_of_its_own_and_another_port_is_another_host(book: WalletBook) -> None:
    await book.prefer(HERE, "Second")
    assert (await paying(book, HERE), await paying(book, THERE)) == ("Second", "First")
    assert (await book.find("Second")).hosts == (HERE,)
    await book.prefer(HERE, None)
    assert await paying(book, HERE) == "First"
    assert (await book.find("Second")).hosts == ()


async def test_a_choice_replaces_the_one_before(book: WalletBook) -> None:
    await book.prefer(HERE, "First")
    await book.prefer(HERE, "Second")
    assert [wallet.hosts for wallet in await book.list()] == [(), (HERE,), ()]


async def test_a_disconnected_wallet_pays_nowhere_and_its_choice_is_kept(book: WalletBook) -> None:
    await book.prefer(HERE, "Second")
    assert not (await book.set_connected("Second", False)).is_connected
    assert await paying(book, HERE) == "First"
    assert [wallet.name for wallet in await book.open_all()] == ["First", "Watcher"]
    await book.set_connected("First", False)
    assert await paying(book, HERE) is None
    await book.set_connected("Second", True)
    assert await paying(book, HERE) == "Second"


async def test_a_removed_wallet_leaves_no_choice_behind(book: WalletBook) -> None:
    await book.prefer(HERE, "Second")
    await book.remove("Second")
    assert await paying(book, HERE) == "First"


async def test_only_a_wallet_that_pays_can_be_chosen(book: WalletBook) -> None:
    with pytest.raises(NameRefused, match="only looks"):
        await book.prefer(HERE, "Watcher")
    with pytest.raises(NoSuchWallet):
        await book.prefer(HERE, "Nobody")
    with pytest.raises(NoSuchWallet):
        await book.set_connected("Nobody", True)


async def test_a_choice_follows_its_wallet_to_another_name(book: WalletBook) -> None:
    await book.prefer(HERE, "Second")
    await book.rename("Second", "Other")
    assert await paying(book, HERE) == "Other"
