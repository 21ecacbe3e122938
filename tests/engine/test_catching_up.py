"""What the terminal did to the stored wallets is so in the window too, and no open payment loses its wallet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.engine.catching_up import CatchingUp
from l402desk.engine.connecting import add, disconnect
from l402desk.services import Services
from l402desk.store.errors import VaultClosed
from l402desk.wallets.catalogue import Adapter
from tests.engine.shop import Buyer, Shop, a_desk
from tests.fakes.purchased import claim

pytestmark = pytest.mark.anyio
NOBODY_THERE = "lnbits+http://127.0.0.1:1?key=a"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, Shop()) as services:
        yield services


def names(services: Services) -> list[str]:
    return [wallet.name for wallet in services.wallets]


async def test_a_wallet_that_another_process_added_is_connected(desk: Services) -> None:
    await desk.wallet_book.add("Home", NOBODY_THERE)
    assert [wallet.name for wallet in await CatchingUp().run(desk)] == ["Home"]
    assert names(desk) == ["Fake wallet", "Home"]


async def test_one_that_is_gone_or_disconnected_is_let_go(desk: Services) -> None:
    catching_up = CatchingUp()
    for name in ("Home", "Other"):
        await add(desk, name, NOBODY_THERE)
    await catching_up.run(desk)
    await desk.wallet_book.remove("Home")
    await desk.wallet_book.set_connected("Other", False)
    assert [wallet.name for wallet in await catching_up.run(desk)] == ["Other"]
    assert names(desk) == ["Fake wallet"]
    await desk.wallet_book.set_connected("Other", True)
    await catching_up.run(desk)
    assert names(desk) == ["Fake wallet", "Other"]


async def test_another_purse_under_the_same_name_is_the_one_that_pays(desk: Services) -> None:
    catching_up = CatchingUp()
    await add(desk, "Home", NOBODY_THERE)
    await catching_up.run(desk)
    before = desk.wallets.find("Home")
    await catching_up.run(desk)
    assert desk.wallets.find("Home") is before
    await desk.wallet_book.remove("Home")
    await desk.wallet_book.add("Home", f"{NOBODY_THERE}b")
    await desk.database.write(lambda connection: connection.execute("UPDATE wallets SET added_at = added_at + 1"))
    await catching_up.run(desk)
    assert desk.wallets.find("Home") not in (None, before)


async def test_a_wallet_with_an_open_payment_stays_to_tell_of_it(desk: Services) -> None:
    catching_up = CatchingUp()
    await add(desk, "Busy", NOBODY_THERE)
    await catching_up.run(desk)
    purchase = (await Buyer(desk).offer()).purchase
    assert purchase is not None
    await claim(desk.ledger, purchase.id, "Busy")
    await desk.wallet_book.remove("Busy")
    await catching_up.run(desk)
    assert "Busy" in names(desk)


async def test_it_does_not_connect_what_is_being_given_up_and_nothing_twice(desk: Services) -> None:
    catching_up = CatchingUp()
    await desk.wallet_book.add("Home", NOBODY_THERE)
    await asyncio.gather(*(catching_up.run(desk) for _ in range(5)))
    assert names(desk) == ["Fake wallet", "Home"]
    await asyncio.gather(catching_up.run(desk), disconnect(desk, "Home"), catching_up.run(desk))
    assert names(desk) == ["Fake wallet"]


async def test_a_vault_that_is_locked_meanwhile_keeps_no_wallet_in_use(
    desk: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.wallet_book.add("Home", NOBODY_THERE)
    opened = desk.wallet_book.open

    async def open_and_lock(name: str) -> Adapter:
        wallet = await opened(name)
        await desk.lock()
        return wallet

    monkeypatch.setattr(desk.wallet_book, "open", open_and_lock)
    with pytest.raises(VaultClosed):
        await CatchingUp().run(desk)
    assert names(desk) == ["Fake wallet"]
