"""What happens between the door and the thing: 402, 401, 400, and bad manners."""

from __future__ import annotations

import pytest

from tests.sandbox.buyer import a_buyer, bill_of

pytestmark = pytest.mark.anyio


async def test_the_402_says_price_and_reason_and_must_not_be_stored() -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.get("/weather")
        assert answer.status_code == 402
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert body.keys() == {"error", "price_sats", "message"}
        assert (body["error"], body["price_sats"]) == ("payment-required", 21)
        assert bill_of(answer).scheme == "L402"


async def test_a_broken_credential_is_401_without_an_offer() -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.get("/weather", headers={"Authorization": "L402 nonsense"})
        assert answer.status_code == 401
        assert answer.headers.get_list("www-authenticate") == ["L402"]
        assert answer.json()["error"] == "credential-unreadable"


async def test_a_bad_parameter_is_400_before_anything_is_asked_for() -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.get("/big.json?mb=201")
        assert answer.status_code == 400
        assert "from 1 to 200" in answer.json()["message"]


async def test_paid_answers_are_not_to_be_stored_either() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/weather")
        assert (await buyer.client.get("/weather", headers=header)).headers["cache-control"] == "no-store"


async def test_402_forever_asks_again_with_another_invoice() -> None:
    async with a_buyer(["402-forever"]) as buyer:
        bill, header = await buyer.buy("/weather")
        answer = await buyer.client.get("/weather", headers=header)
        assert answer.status_code == 402
        assert bill_of(answer).invoice != bill.invoice


async def test_a_giving_shop_still_asks_who_brings_a_broken_credential() -> None:
    async with a_buyer(["challenge-on-200"]) as buyer:
        answer = await buyer.client.get("/weather", headers={"Authorization": "L402 nonsense"})
        assert answer.status_code == 401


async def test_a_redirect_leads_to_another_origin_from_either_name() -> None:
    async with a_buyer(["redirect-elsewhere"]) as buyer:
        _, header = await buyer.buy("/weather")
        answer = await buyer.client.get("/weather?city=x", headers=header)
        assert answer.status_code == 302
        assert answer.headers["location"] == "http://localhost:8402/elsewhere"
        header |= {"Host": "localhost:8402"}
        answer = await buyer.client.get("/weather", headers=header)
        assert answer.headers["location"] == "http://127.0.0.1:8402/elsewhere"
