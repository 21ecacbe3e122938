"""A wallet that is added is tried first, and one that is given up takes its privileges along, and no open payment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.engine.connecting import StillOpen, add, arm, examine, remove, rename
from l402desk.protocol.amount import Msat
from l402desk.services import Services
from l402desk.wallets.errors import BadConnection, NameRefused, NameTaken, NoSuchWallet, WalletError
from tests.engine.shop import Buyer, Shop, a_desk, states
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
