"""The mock Electrum: honest as the real one is, and a liar in every way that it says it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from l402desk.protocol.proof import PaymentHash
from tests.fakes.invoices import mint_invoice
from tests.harness.electrum import EXPIRED, FAILED, IN_FLIGHT, NEW, SETTLED, Electrum
from tests.harness.electrum_lies import DROPPING, LIES, UNPAID, WAITING
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
BROKEN_OFF = DROPPING | {"drop-after", "drop-before", "truncated"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Electrum]:
    async with Electrum(Mint(tmp_path), tmp_path / "ledger", balance=100_000).serving() as electrum:
        yield electrum


async def post(
    server: Electrum, method: str, login: tuple[str, str] | None = ("", ""), within_s: float = 2.0, **params: Any
) -> httpx.Response:
    auth = httpx.BasicAuth(*(login if login != ("", "") else (server.user, server.password))) if login else None
    body = {"id": 1, "jsonrpc": "2.0", "method": method, "params": params}
    async with httpx.AsyncClient(trust_env=False, timeout=within_s) as client:
        return await client.post(server.url, json=body, auth=auth or httpx.USE_CLIENT_DEFAULT)


async def told(server: Electrum, method: str, **params: Any) -> Any:
    return (await post(server, method, **params)).json()["result"]


async def said(server: Electrum, method: str, **params: Any) -> str:
    return str((await post(server, method, **params)).json()["error"]["message"])


async def standing(server: Electrum, payment_hash: PaymentHash) -> int:
    return int((await told(server, "get_invoice", invoice_id=payment_hash.hex))["status"])


async def test_it_pays_and_tells_the_preimage_fee_and_balance(server: Electrum) -> None:
    invoice, preimage, payment_hash = server.mint.new(21_000)
    paid = await told(server, "lnpay", invoice=invoice.upper())
    assert (paid["success"], paid["preimage"], paid["payment_hash"]) == (True, preimage.hex, payment_hash.hex)
    assert (await told(server, "getbalance"))["lightning"] == "0.00000078"
    assert server.debits == [payment_hash]
    assert await standing(server, payment_hash) == SETTLED
    item = (await told(server, "lightning_history"))[-1]
    assert (item["amount_msat"], item["fee_msat"], item["preimage"]) == (-22_000, 1_000, preimage.hex)


async def test_a_hash_is_paid_once_and_one_that_failed_again(server: Electrum) -> None:
    invoice, _, payment_hash = server.mint.new()
    server.tell("no-route")
    assert (await told(server, "lnpay", invoice=invoice))["success"] is False
    assert await standing(server, payment_hash) == FAILED
    server.tell("")
    assert (await told(server, "lnpay", invoice=invoice))["success"] is True
    assert await said(server, "lnpay", invoice=invoice) == "This invoice has been paid already"
    assert server.debits == [payment_hash]


async def test_it_refuses_as_electrum_refuses(server: Electrum) -> None:
    invoice, _, payment_hash = server.mint.new()
    assert (await post(server, "lnpay", login=None, invoice=invoice)).status_code == 401
    assert (await post(server, "lnpay", login=("user", "x"), invoice=invoice)).status_code == 403
    assert (await told(server, "lnpay", invoice=server.mint.new(100_000)[0]))["success"] is False
    assert await said(server, "lnpay", invoice=mint_invoice()) == "This invoice has expired"
    assert await said(server, "lnpay", invoice="lnbcrt1junk") == "Bad bech32 checksum"
    assert await said(server, "get_invoice", invoice_id=payment_hash.hex) == "Request not found"
    missing = await post(server, "export_lightning_preimage", payment_hash=payment_hash.hex)
    assert (missing.status_code, missing.text) == (500, "Invalid Request")
    assert "max_fee_msat" in await said(server, "lnpay", invoice=invoice, max_fee_msat=1)
    assert server.debits == []


async def test_a_new_one_takes_a_limit_and_exports_preimages(tmp_path: Path) -> None:
    async with Electrum(Mint(tmp_path), tmp_path / "ledger", version=NEW).serving() as server:
        invoice, preimage, payment_hash = server.mint.new()
        assert (await told(server, "lnpay", invoice=invoice, max_fee_msat=999))["success"] is False
        assert (await told(server, "lnpay", invoice=invoice, max_fee_msat=1_000, max_cltv=9))["success"] is True
        assert await told(server, "export_lightning_preimage", payment_hash=payment_hash.hex) == preimage.hex


@pytest.mark.parametrize("lie", LIES)
async def test_money_leaves_or_stays_as_the_lie_says(server: Electrum, lie: str) -> None:
    invoice, _, payment_hash = server.mint.new()
    server.tell(lie)
    expected = httpx.ReadTimeout if lie in WAITING else httpx.RemoteProtocolError if lie in BROKEN_OFF else None
    if expected is None:
        await post(server, "lnpay", within_s=10, invoice=invoice)
    else:
        with pytest.raises(expected):
            await post(server, "lnpay", within_s=0.5 if lie in WAITING else 10, invoice=invoice)
    assert server.debits == ([] if lie in UNPAID else [payment_hash])
    assert server.counts["elsewhere"] == 0


@pytest.mark.parametrize(
    ("lie", "first", "then"),
    [
        ("in-flight-then-settled", IN_FLIGHT, SETTLED),
        ("in-flight-then-failed", IN_FLIGHT, FAILED),
        ("parts-on-their-way", FAILED, SETTLED),
        ("peer-away", EXPIRED, SETTLED),
    ],
)
async def test_a_changing_lie_comes_true_after_two_look_ups(server: Electrum, lie: str, first: int, then: int) -> None:
    invoice, _, payment_hash = server.mint.new()
    server.tell(lie)
    if lie == "parts-on-their-way":
        await post(server, "lnpay", invoice=invoice)
    else:
        with pytest.raises((httpx.ReadTimeout, httpx.RemoteProtocolError)):
            await post(server, "lnpay", within_s=0.5, invoice=invoice)
    (channel, *_) = await told(server, "list_channels")
    seen = (channel["local_unsettled_sent"], channel["peer_state"])
    assert seen == ((0, "DISCONNECTED") if lie == "peer-away" else (21, "GOOD"))
    assert [await standing(server, payment_hash) for _ in range(3)] == [first, first, then]
    (channel, *_) = await told(server, "list_channels")
    assert (channel["local_unsettled_sent"], channel["peer_state"]) == (0, "GOOD")


async def test_what_was_paid_stays_paid_over_a_restart(tmp_path: Path) -> None:
    mint = Mint(tmp_path)
    invoice, _, payment_hash = mint.new()
    async with Electrum(mint, tmp_path / "ledger", lie="drop-after").serving() as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await post(server, "lnpay", invoice=invoice)
    async with Electrum(mint, tmp_path / "ledger").serving() as server:
        assert await standing(server, payment_hash) == SETTLED
        assert await said(server, "lnpay", invoice=invoice) == "This invoice has been paid already"
        assert server.debits == [payment_hash]
