"""Every endpoint of the table answers, and every priced one makes the whole journey."""

from __future__ import annotations

import bolt11
import pytest

from l402desk.protocol.challenge import read_demand
from l402desk.protocol.inspection import Circumstances, Verdict, inspect_demand
from l402desk.protocol.network import Network
from l402desk.sandbox.app import Parts
from l402desk.sandbox.endpoints import ENDPOINTS, Endpoint
from tests.sandbox.buyer import NOW, Clock, a_buyer, bill_of

pytestmark = pytest.mark.anyio
PRICED = [endpoint for endpoint in ENDPOINTS if endpoint.price is not None]
STUMBLES_OR_MOVES = {"/flaky": 503, "/checkout": 404}
priced = pytest.mark.parametrize("endpoint", PRICED, ids=lambda endpoint: endpoint.path)


@priced
async def test_the_journey_402_pay_200(endpoint: Endpoint) -> None:
    async with a_buyer() as buyer:
        bill, header = await buyer.buy(endpoint.example, endpoint.method)
        assert endpoint.price is not None
        assert bolt11.decode(bill.invoice).amount_msat == endpoint.price.value
        answer = await buyer.client.request(endpoint.method, endpoint.example, headers=header)
        assert answer.status_code == STUMBLES_OR_MOVES.get(endpoint.path, 200)
        if answer.status_code == 200:
            assert answer.headers["content-type"].partition(";")[0] == endpoint.content_type


@priced
async def test_the_app_would_advise_to_pay(endpoint: Endpoint) -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.request(endpoint.method, endpoint.example)
        demand = read_demand(402, answer.headers.multi_items(), answer.content)
        best = inspect_demand(demand, Circumstances(now=int(NOW), status=402, network=Network.REGTEST))[0]
        assert best.verdict is not Verdict.REFUSE, best.findings
        assert best.amount == endpoint.price


@pytest.mark.parametrize("path", ["/", "/free", "/openapi.json", "/elsewhere", "/wallet/balance"])
async def test_free_answers_are_free(path: str) -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.get(path)
        assert answer.status_code == 200
        assert "www-authenticate" not in answer.headers


async def test_the_index_lists_urls_that_can_be_asked() -> None:
    async with a_buyer() as buyer:
        rows = (await buyer.client.get("/")).json()["endpoints"]
        assert len(rows) == len(ENDPOINTS)
        weather = next(row for row in rows if "weather" in row["url"])
        assert weather["url"] == "http://127.0.0.1:8402/weather?city=Lisbon"
        assert (weather["price_sats"], weather["promise"]) == (21, "valid for one hour")


async def test_elsewhere_tells_whether_a_credential_arrived() -> None:
    async with a_buyer() as buyer:
        assert (await buyer.client.get("/elsewhere")).json()["credential_arrived"] is False
        header = {"Authorization": "L402 a:b"}
        assert (await buyer.client.get("/elsewhere", headers=header)).json()["credential_arrived"] is True


async def test_what_is_not_there_is_404_and_the_wrong_method_405() -> None:
    async with a_buyer() as buyer:
        assert (await buyer.client.get("/nothing")).status_code == 404
        assert (await buyer.client.post("/weather")).status_code == 405
        assert (await buyer.client.get("/echo")).status_code == 405


async def test_a_token_is_good_for_its_own_endpoint_only() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/weather")
        answer = await buyer.client.get("/quote", headers=header)
        assert (answer.status_code, answer.json()["error"]) == (401, "other-service")


async def test_the_parts_share_one_mint_and_the_wallets_quirk() -> None:
    parts = Parts.make(Clock(), frozenset({"wallet-fails", "amountless"}))
    assert parts.wallet.quirk == "fails"
    async with a_buyer() as buyer:
        bill = bill_of(await buyer.client.get("/weather"))
        assert buyer.parts.mint.find_invoice(bill.invoice) is not None
