"""A wallet that is added is tried first, and one that is given up takes its privileges along, and no open payment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.engine.connecting import (
    HostRefused,
    StillOpen,
    add,
    arm,
    bring_back,
    connect,
    disconnect,
    examine,
    origin_of,
    prefer,
    remove,
    rename,
    try_out,
)
from l402desk.protocol.amount import Msat
from l402desk.services import Services
from l402desk.store.errors import DiskFull
from l402desk.wallets.errors import BadConnection, NameRefused, NameTaken, NoSuchWallet, WalletError
from tests.engine.shop import Buyer, Shop, a_desk, failing, states, until
from tests.fakes.purchased import claim
from tests.harness.lnbits import Lnbits
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
NOBODY_THERE = "lnbits+http://127.0.0.1:1?key=a"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, Shop()) as services:
        yield services


@pytest.fixture
async def lnbits(tmp_path: Path) -> AsyncIterator[Lnbits]:
    async with Lnbits(Mint(tmp_path), tmp_path / "ledger", balance=21_000).serving() as server:
        yield server


def connection(lnbits: Lnbits, key: str = "") -> str:
    return f"lnbits+{lnbits.url}?key={key or lnbits.key}"


async def test_an_added_wallet_was_tried_and_is_connected(desk: Services, lnbits: Lnbits) -> None:
    added = await add(desk, " Home ", connection(lnbits))
    assert added.trouble is None
    assert added.examination is not None
    assert (added.examination.may_pay, added.examination.balance) == (True, Msat(21_000))
    wallet = desk.wallets.find("Home")
    assert wallet is not None
    assert wallet.capabilities.pays
    assert (await examine(desk, "Home")).balance == Msat(21_000)


async def test_a_key_that_cannot_pay_makes_a_wallet_that_only_looks(desk: Services, lnbits: Lnbits) -> None:
    added = await add(desk, "Home", connection(lnbits, lnbits.inkey))
    assert added.wallet.watch_only
    wallet = desk.wallets.find("Home")
    assert wallet is not None
    assert not wallet.capabilities.pays


async def test_one_that_does_not_answer_now_is_stored_all_the_same(desk: Services) -> None:
    added = await add(desk, "Home", NOBODY_THERE)
    assert isinstance(added.trouble, WalletError)
    assert not added.wallet.watch_only
    assert desk.wallets.find("Home") is not None


async def test_what_cannot_be_stored_is_not_connected(desk: Services, lnbits: Lnbits) -> None:
    await add(desk, "Home", NOBODY_THERE)
    for name, text, error in (
        ("Home", connection(lnbits), NameTaken),
        ("HOME", connection(lnbits), NameTaken),
        ("Fake wallet", connection(lnbits), NameTaken),  # connected, and not stored
        ("phone", connection(lnbits), NameRefused),
        ("Other", "nothing", BadConnection),
    ):
        with pytest.raises(error):
            await add(desk, name, text)
    assert lnbits.counts == {}
    assert [wallet.name for wallet in desk.wallets] == ["Fake wallet", "Home"]


async def test_the_trust_in_a_wallet_ends_with_it(desk: Services) -> None:
    await add(desk, "Home", NOBODY_THERE)
    await arm(desk, "Home", True)
    assert await desk.ledger.armed() == {"Home"}
    await remove(desk, "Home")
    assert desk.wallets.find("Home") is None
    assert await desk.ledger.armed() == frozenset()
    await desk.ledger.arm("Home", True)  # by whatever way it is left behind
    await add(desk, "Home", NOBODY_THERE)
    assert await desk.ledger.armed() == frozenset()


async def test_only_a_stored_wallet_that_pays_may_pay_by_itself(desk: Services) -> None:
    await add(desk, "Watching", NOBODY_THERE + "&watch=1")
    with pytest.raises(NameRefused):
        await arm(desk, "Watching", True)
    with pytest.raises(NoSuchWallet):
        await arm(desk, "Nobody", True)
    await add(desk, "Home", NOBODY_THERE)
    await arm(desk, "Home", True)
    await arm(desk, "Home", False)
    assert await desk.ledger.armed() == frozenset()


async def test_a_renamed_wallet_keeps_its_trust_and_its_connection(desk: Services, lnbits: Lnbits) -> None:
    await add(desk, "Home", connection(lnbits))
    await arm(desk, "Home", True)
    assert (await rename(desk, "Home", "House")).name == "House"
    assert await desk.ledger.armed() == {"House"}
    assert desk.wallets.find("Home") is None
    wallet = desk.wallets.find("House")
    assert wallet is not None
    assert await wallet.balance() == Msat(21_000)
    with pytest.raises(NameTaken):
        await rename(desk, "House", "Fake wallet")


async def test_a_wallet_with_an_open_payment_is_given_up_only_knowingly(desk: Services) -> None:
    await add(desk, "Busy", NOBODY_THERE)
    purchase = (await Buyer(desk).offer()).purchase
    assert purchase is not None
    await claim(desk.ledger, purchase.id, "Busy")
    with pytest.raises(StillOpen, match=r"21 sats to shop\.example is open with “Busy”"):
        await remove(desk, "Busy")
    with pytest.raises(StillOpen):
        await rename(desk, "Busy", "Idle")
    assert desk.wallets.find("Busy") is not None
    await remove(desk, "Busy", despite_open=True)
    assert desk.wallets.find("Busy") is None
    assert await states(desk) == ["submitted"]
    with pytest.raises(NoSuchWallet):
        await remove(desk, "Busy")


async def test_a_connection_is_tried_before_anything_is_kept(desk: Services, lnbits: Lnbits) -> None:
    found = await try_out(desk, connection(lnbits))
    assert (found.may_pay, found.balance) == (True, Msat(21_000))
    assert await desk.wallet_book.list() == ()
    assert [wallet.name for wallet in desk.wallets] == ["Fake wallet"]
    with pytest.raises(WalletError):
        await try_out(desk, NOBODY_THERE)


async def test_what_was_tried_just_now_is_not_tried_again(desk: Services, lnbits: Lnbits) -> None:
    found = await try_out(desk, connection(lnbits))
    before = dict(lnbits.counts)
    added = await add(desk, "Home", connection(lnbits), found=found)
    assert added.examination is found
    assert lnbits.counts == before


async def test_a_wallet_may_be_kept_to_look_alone(desk: Services, lnbits: Lnbits) -> None:
    added = await add(desk, "Home", connection(lnbits), watch_only=True)
    assert added.wallet.watch_only
    wallet = desk.wallets.find("Home")
    assert wallet is not None
    assert not wallet.capabilities.pays


async def test_a_disconnected_wallet_is_kept_and_asked_nothing_until_it_is_connected_again(
    desk: Services, lnbits: Lnbits
) -> None:
    await add(desk, "Home", connection(lnbits))
    assert not (await disconnect(desk, "Home")).is_connected
    assert desk.wallets.find("Home") is None
    assert await desk.wallet_book.open_all() == ()
    await rename(desk, "Home", "House")
    assert desk.wallets.find("House") is None
    assert (await connect(desk, "House")).is_connected
    wallet = desk.wallets.find("House")
    assert wallet is not None
    await connect(desk, "House")
    assert desk.wallets.find("House") is wallet
    with pytest.raises(NoSuchWallet):
        await disconnect(desk, "Nobody")


async def test_no_wallet_is_disconnected_while_a_payment_of_it_is_open(desk: Services) -> None:
    await add(desk, "Busy", NOBODY_THERE)
    purchase = (await Buyer(desk).offer()).purchase
    assert purchase is not None
    await claim(desk.ledger, purchase.id, "Busy")
    with pytest.raises(StillOpen):
        await disconnect(desk, "Busy")
    assert desk.wallets.find("Busy") is not None
    assert (await desk.wallet_book.find("Busy")).is_connected


async def test_a_deed_that_fails_leaves_the_wallet_connected_as_it_was(desk: Services) -> None:
    await add(desk, "Home", NOBODY_THERE)
    before = desk.wallets.find("Home")
    for deed in (disconnect(desk, "Home"), remove(desk, "Home"), rename(desk, "Home", "House")):
        failing(desk).fail_next_write()
        with pytest.raises(DiskFull):
            await deed
        assert desk.wallets.find("Home") is before
    with pytest.raises(NoSuchWallet):  # of the desk, not of the book
        await rename(desk, "Fake wallet", "Other")
    assert desk.wallets.find("Fake wallet") is not None
    desk.wallets.disconnect_stored()
    assert [wallet.name for wallet in desk.wallets] == ["Fake wallet"]


async def test_no_payment_begins_with_a_wallet_that_is_being_given_up(desk: Services) -> None:
    await add(desk, "Home", NOBODY_THERE)
    failing(desk).held = asyncio.Event()
    giving_up = asyncio.ensure_future(disconnect(desk, "Home"))
    await until(lambda: failing(desk).waiting)
    assert desk.wallets.find("Home") is None
    failing(desk).held.set()  # type: ignore[union-attr]
    assert not (await giving_up).is_connected


async def test_a_removal_can_be_taken_back_with_all_that_hung_on_the_wallet(desk: Services, lnbits: Lnbits) -> None:
    await add(desk, "Home", connection(lnbits))
    await add(desk, "Other", connection(lnbits))
    await arm(desk, "Home", True)
    await prefer(desk, "api.example.com", "Home")
    before = await desk.wallet_book.find("Home")
    removed = await remove(desk, "Home")
    assert removed is not None
    assert lnbits.key not in repr(removed)
    await desk.wallet_book.set_default("Other")
    again = await bring_back(desk, removed)
    assert (again.is_default, again.hosts, again.watch_only) == (True, before.hosts, False)
    assert await desk.ledger.armed() == {"Home"}
    wallet = desk.wallets.find("Home")
    assert wallet is not None
    assert await wallet.balance() == Msat(21_000)
    with pytest.raises(NameTaken):
        await bring_back(desk, removed)


async def test_a_disconnected_wallet_comes_back_disconnected(desk: Services) -> None:
    await add(desk, "Home", NOBODY_THERE)
    await disconnect(desk, "Home")
    removed = await remove(desk, "Home")
    assert removed is not None
    assert not (await bring_back(desk, removed)).is_connected
    assert desk.wallets.find("Home") is None


async def test_a_host_is_given_a_wallet_and_taken_from_it(desk: Services) -> None:
    await add(desk, "Home", NOBODY_THERE)
    await add(desk, "Watching", NOBODY_THERE + "&watch=1")
    assert str(await prefer(desk, " https://API.example.com/v1?x=1 ", "Home")) == "https://api.example.com"
    assert (await desk.wallet_book.find("Home")).hosts == ("https://api.example.com",)
    with pytest.raises(NameRefused):
        await prefer(desk, "api.example.com", "Watching")
    await prefer(desk, "api.example.com", None)
    assert (await desk.wallet_book.find("Home")).hosts == ()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("api.example.com", "https://api.example.com"),
        ("127.0.0.1:8402", "http://127.0.0.1:8402"),
        ("localhost:80/x", "http://localhost"),
        ("abc.onion", "http://abc.onion"),
        ("http://api.example.com:8080/", "http://api.example.com:8080"),
    ],
)
def test_a_host_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert str(origin_of(typed)) == read


@pytest.mark.parametrize("typed", ["", "  ", "ftp://x", "https://", "a b", "https://h:99999"])
def test_what_is_no_host_is_refused(typed: str) -> None:
    with pytest.raises(HostRefused):
        origin_of(typed)
