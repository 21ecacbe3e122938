"""What was paid for and never given is found at its own request, until it was given, replaced or thrown away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from l402desk.cli.send_owed import is_owed, newest_paid, token_of
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.origin import Origin
from l402desk.services import Services
from tests.engine.shop import URL, Buyer, Shop, a_desk

ORIGIN, PATH = Origin.of(URL), "/v1/thing"
pytestmark = pytest.mark.anyio


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def services(tmp_path: Path, shop: Shop) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, shop) as services:
        yield services


async def owed(services: Services, *, method: str = "GET", path: str = PATH, also_refused: bool = True) -> str | None:
    found = await newest_paid(services, method, ORIGIN, path)
    if found is None or not await is_owed(services, found, also_refused=also_refused):
        return None
    return found.id


async def bought(services: Services, shop: Shop, answer: httpx.Response | Exception, url: str = URL) -> Purchase:
    shop.paid_answers = [answer]
    view = await Buyer(services, url).buy()
    assert view.purchase is not None
    return view.purchase


async def test_nothing_is_owed_where_nothing_was_bought(services: Services) -> None:
    assert await owed(services) is None


async def test_what_was_delivered_is_not_owed(services: Services, shop: Shop) -> None:
    purchase = await bought(services, shop, httpx.Response(200))
    assert await owed(services) is None
    newest = await newest_paid(services, "get", ORIGIN, PATH)
    assert newest is not None
    assert newest.id == purchase.id


async def test_what_is_not_paid_is_not_the_newest_that_was(services: Services, shop: Shop) -> None:
    await Buyer(services).offer()
    assert await newest_paid(services, "GET", ORIGIN, PATH) is None


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.ReadError("gone")])
async def test_what_was_not_delivered_is_owed(services: Services, shop: Shop, answer: httpx.Response) -> None:
    purchase = await bought(services, shop, answer)
    assert await owed(services) == purchase.id
    assert await owed(services, also_refused=False) == purchase.id


@pytest.mark.parametrize("status", [401, 402])
async def test_what_was_refused_is_owed_unless_its_token_is_left_out(
    services: Services, shop: Shop, status: int
) -> None:
    purchase = await bought(services, shop, httpx.Response(status))
    assert await owed(services) == purchase.id
    assert await owed(services, also_refused=False) is None


async def test_it_is_owed_to_its_own_request_alone(services: Services, shop: Shop) -> None:
    await bought(services, shop, httpx.Response(500))
    assert await owed(services, method="POST") is None
    assert await owed(services, path="/v1") is None
    assert await owed(services, path="/v1/thing/2") is None


async def test_the_newest_purchase_decides(services: Services, shop: Shop) -> None:
    await bought(services, shop, httpx.Response(402))
    await bought(services, shop, httpx.Response(200))
    assert await owed(services) is None


async def test_the_same_path_at_another_place_hides_nothing(services: Services, shop: Shop) -> None:
    purchase = await bought(services, shop, httpx.Response(500))
    await bought(services, shop, httpx.Response(200), f"{URL}/more")
    assert await owed(services) == purchase.id


async def test_a_token_that_the_user_deleted_is_not_owed(services: Services, shop: Shop) -> None:
    purchase = await bought(services, shop, httpx.Response(402))
    token_id = await token_of(services, purchase)
    assert token_id is not None
    await services.vault.trash(token_id)
    await services.vault.forget(token_id)
    assert await owed(services) is None


async def test_the_token_of_a_purchase_is_the_one_in_the_vault(services: Services, shop: Shop) -> None:
    purchase = await bought(services, shop, httpx.Response(500))
    (kept,) = await services.vault.list()
    assert await token_of(services, purchase) == kept.id
    assert len(await services.vault.list()) == 1
