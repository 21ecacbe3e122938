"""Paid at one URL, redeemed at another."""

from __future__ import annotations

import pytest

from tests.sandbox.buyer import a_buyer, bill_of

pytestmark = pytest.mark.anyio


async def test_an_order_is_paid_at_checkout_and_redeemed_at_claim() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/checkout", "POST")
        retry = await buyer.client.post("/checkout", headers=header)
        assert retry.status_code == 404
        assert "POST /claim" in retry.json()["message"]
        assert "www-authenticate" not in retry.headers
        claimed = await buyer.client.post("/claim", headers=header)
        assert claimed.status_code == 200
        assert claimed.json()["order_id"].startswith("ord_")
        again = await buyer.client.post("/claim", headers=header)
        assert again.json() == claimed.json()


async def test_every_order_has_an_id_of_its_own() -> None:
    async with a_buyer() as buyer:
        ids = set()
        for _ in range(2):
            _, header = await buyer.buy("/checkout", "POST")
            ids.add((await buyer.client.post("/claim", headers=header)).json()["order_id"])
        assert len(ids) == 2


async def test_nothing_is_claimed_without_paying() -> None:
    async with a_buyer() as buyer:
        bare = await buyer.client.post("/claim")
        assert bare.status_code == 401
        assert bare.headers["www-authenticate"] == "L402"
        bill = bill_of(await buyer.client.post("/checkout"))
        header = {"Authorization": f"L402 {bill.token}:{'ab' * 32}"}
        assert (await buyer.client.post("/claim", headers=header)).status_code == 401


async def test_a_token_for_something_else_claims_nothing() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/weather")
        assert (await buyer.client.post("/claim", headers=header)).status_code == 401
