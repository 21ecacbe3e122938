"""The mock node: honest as lnd is, and a liar in every way that it says it is."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.certificates import certificate_file, server_context, trusting
from tests.fakes.invoices import mint_invoice
from tests.harness.lnd import MISMATCH, Lnd
from tests.harness.lnd_lies import DROPPING, FOR_ALL, IN_FLIGHT, LIES, REASONS, UNPAID
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
BROKEN_OFF = DROPPING | {"drop-before", "truncated"}
WAITING = (IN_FLIGHT - {"in-transition"}) | {"hang", "hang-before"}


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Lnd]:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", balance=100_000).serving() as lnd:
        yield lnd


async def ask(node: Lnd, method: str, path: str, macaroon: str = "", **more: Any) -> httpx.Response:
    headers = {"Grpc-Metadata-macaroon": macaroon or node.macaroon}
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        return await client.request(method, node.url + path, headers=headers, **more)


async def send(node: Lnd, invoice: str, fee_limit: int = 5_000) -> httpx.Response:
    return await ask(
        node, "POST", "/v2/router/send", json={"payment_request": invoice, "fee_limit_msat": str(fee_limit)}
    )


async def track(node: Lnd, payment_hash: PaymentHash) -> httpx.Response:
    return await ask(node, "GET", f"/v2/router/track/{base64.urlsafe_b64encode(payment_hash.raw).decode()}")


async def test_it_pays_and_tells_the_preimage_fee_and_balance(node: Lnd) -> None:
    invoice, preimage, payment_hash = node.mint.new(21_000)
    told = (await send(node, invoice)).json()["result"]
    assert (told["status"], told["payment_preimage"], told["fee_msat"]) == ("SUCCEEDED", preimage.hex, "1000")
    assert told["payment_hash"] == payment_hash.hex
    assert (await ask(node, "GET", "/v1/balance/channels")).json()["local_balance"]["msat"] == "78000"
    assert node.debits == [payment_hash]
    assert (await track(node, payment_hash)).json()["result"] == told


async def test_a_hash_is_paid_once_and_one_that_failed_again(node: Lnd) -> None:
    invoice, _, payment_hash = node.mint.new()
    assert (await send(node, invoice, fee_limit=0)).json()["result"]["failure_reason"] == "FAILURE_REASON_NO_ROUTE"
    assert (await send(node, invoice)).json()["result"]["status"] == "SUCCEEDED"
    again = await send(node, invoice)
    assert (again.status_code, again.json()["error"]["code"]) == (409, 6)
    assert node.debits == [payment_hash]


async def test_it_refuses_as_lnd_refuses(node: Lnd) -> None:
    invoice, _, payment_hash = node.mint.new()
    denied = await ask(node, "POST", "/v2/router/send", "00", json={"payment_request": invoice})
    assert (denied.status_code, denied.json()["message"]) == (500, MISMATCH)
    assert (await send(node, node.mint.new(100_000)[0])).json()["result"]["failure_reason"].endswith("_BALANCE")
    assert (await send(node, mint_invoice())).json()["error"]["message"].startswith("invoice expired")
    assert (await send(node, "lnbcrt1junk")).json()["error"]["code"] == 3
    unknown = await track(node, payment_hash)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, 5)
    nowhere = await ask(node, "POST", "/v1/channels/transactions", json={"payment_request": invoice})
    assert (nowhere.status_code, nowhere.json()["message"]) == (404, "Not Found")  # removed in 0.21
    assert node.debits == []


@pytest.mark.parametrize("lie", LIES)
async def test_money_leaves_or_stays_as_the_lie_says(node: Lnd, lie: str) -> None:
    invoice, _, payment_hash = node.mint.new()
    node.tell(lie)
    expected = httpx.ReadTimeout if lie in WAITING else httpx.RemoteProtocolError if lie in BROKEN_OFF else None
    order = {"payment_request": invoice, "fee_limit_msat": "5000"}
    if expected is None:
        await ask(node, "POST", "/v2/router/send", json=order)
    else:
        with pytest.raises(expected):
            await ask(node, "POST", "/v2/router/send", json=order, timeout=0.3)
    assert node.debits == ([] if lie in UNPAID else [payment_hash])
    assert node.counts["elsewhere"] == 0


async def test_lies_are_sorted_into_those_that_pay_and_those_that_do_not() -> None:
    assert "in-flight-then-failed" in UNPAID
    assert {"in-flight-then-settled", "deep", "then-error"}.isdisjoint(UNPAID)
    for lies in (UNPAID, FOR_ALL, DROPPING, IN_FLIGHT, REASONS):
        assert set(lies) <= set(LIES)


async def test_a_changing_lie_comes_true_after_two_look_ups(node: Lnd) -> None:
    for lie, after in (("in-transition", "SUCCEEDED"), ("in-flight-then-failed", "FAILED")):
        node.tell(lie)
        invoice, _, payment_hash = node.mint.new()
        if lie == "in-transition":
            await send(node, invoice)
        else:
            with pytest.raises(httpx.ReadTimeout):
                await ask(node, "POST", "/v2/router/send", json={"payment_request": invoice, "fee_limit_msat": "5000"},
                          timeout=0.3)  # fmt: skip
        assert [await first_status(node, payment_hash) for _ in range(3)] == ["IN_FLIGHT", "IN_FLIGHT", after]


async def first_status(node: Lnd, payment_hash: PaymentHash) -> Any:
    path = f"{node.url}/v2/router/track/{base64.urlsafe_b64encode(payment_hash.raw).decode()}"
    headers = {"Grpc-Metadata-macaroon": node.macaroon}
    async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", path, headers=headers) as response:
        return json.loads(await anext(response.aiter_lines()))["result"]["status"]


async def test_the_preimage_is_disguised_as_the_lie_says(node: Lnd) -> None:
    async def preimage_told(lie: str) -> tuple[Any, Preimage]:
        node.tell(lie)
        invoice, preimage, _ = node.mint.new(1_000)
        return (await send(node, invoice)).json()["result"].get("payment_preimage"), preimage

    told, preimage = await preimage_told("upper-preimage")
    assert told == preimage.hex.upper()
    told, preimage = await preimage_told("base64-preimage")
    assert base64.b64decode(told) == preimage.raw
    assert [(await preimage_told(lie))[0] for lie in ("no-preimage", "null-preimage")] == [None, None]
    assert (await preimage_told("zero-preimage"))[0] == "0" * 64
    told, preimage = await preimage_told("wrong-preimage")
    assert len(told) == 64
    assert told != preimage.hex


async def test_what_was_paid_stays_paid_over_a_restart(node: Lnd) -> None:
    invoice, preimage, payment_hash = node.mint.new()
    await send(node, invoice)
    async with Lnd(node.mint, node.paid.file, balance=100_000).serving() as again:
        assert (await track(again, payment_hash)).json()["result"]["payment_preimage"] == preimage.hex
        assert (await send(again, invoice)).status_code == 409
        assert again.balance == 78_000


async def test_it_serves_over_tls(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    node = Lnd(Mint(tmp_path), tmp_path / "ledger")
    async with node.serving(tls=server_context(pem)), httpx.AsyncClient(verify=trusting(pem)) as client:
        told = await client.get(f"{node.url}/v1/getinfo", headers={"Grpc-Metadata-macaroon": node.macaroon})
        assert told.json()["chains"] == [{"chain": "bitcoin", "network": "regtest"}]
