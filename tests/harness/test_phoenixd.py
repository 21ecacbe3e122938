"""The mock server: honest as phoenixd is, and a liar in every way that it says it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness.mint import Mint
from tests.harness.phoenixd import Phoenixd, fee_of
from tests.harness.phoenixd_lies import DROPPING, LIES, PENDING, REASONS, UNPAID

pytestmark = pytest.mark.anyio
SILENT = {*DROPPING, "truncated", "drop-before"}
HANGING = {"hang", "hang-before"}
IMPATIENT = httpx.Timeout(20, read=0.3)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Phoenixd]:
    async with Phoenixd(Mint(tmp_path), tmp_path / "ledger", balance=100_000).serving() as server:
        yield server


async def ask(server: Phoenixd, method: str, path: str, password: str = "", **more: Any) -> httpx.Response:
    patience = IMPATIENT if server.lie in HANGING else 20
    async with httpx.AsyncClient(trust_env=False, timeout=patience, auth=("", password or server.password)) as client:
        return await client.request(method, server.url + path, **more)


async def pay(server: Phoenixd, invoice: str, password: str = "", **more: str) -> httpx.Response:
    return await ask(server, "POST", "/payinvoice", password, data={"invoice": invoice, **more})


async def test_it_pays_and_tells_the_preimage_the_fee_and_the_balance(server: Phoenixd) -> None:
    invoice, preimage, payment_hash = server.mint.new(21_000)
    paid = await pay(server, invoice)
    told = paid.json()
    assert (paid.status_code, told["paymentHash"], told["paymentPreimage"]) == (200, payment_hash.hex, preimage.hex)
    assert (told["recipientAmountSat"], told["routingFeeSat"]) == (21, 4)
    found = (await ask(server, "GET", f"/payments/outgoingbyhash/{payment_hash.hex}")).json()
    assert (found["isPaid"], found["preimage"], found["fees"], found["sent"]) == (True, preimage.hex, 4_084, 25)
    balance = (await ask(server, "GET", "/getbalance")).json()["balanceSat"]
    assert balance == (100_000 - 21_000 - fee_of(21_000)) // 1_000
    assert server.debits == [payment_hash]


async def test_an_amount_goes_before_the_invoices_own(server: Phoenixd) -> None:
    """Which is why nobody should name one."""
    await pay(server, server.mint.new(21_000)[0], amountSat="40")
    assert (await ask(server, "GET", "/getbalance")).json()["balanceSat"] == (100_000 - 40_000 - 4_160) // 1_000


async def test_a_hash_is_paid_once(server: Phoenixd) -> None:
    invoice, _, payment_hash = server.mint.new()
    assert "paymentPreimage" in (await pay(server, invoice)).json()
    again = await pay(server, invoice)
    assert (again.status_code, again.json()["reason"]) == (200, REASONS["already-paid"])
    server.tell("pending-forever")
    other = server.mint.new()[0]
    with pytest.raises(httpx.RemoteProtocolError):
        await pay(server, other)
    assert (await pay(server, other)).json()["reason"] == REASONS["in-progress"]
    assert server.debits[0] == payment_hash
    assert len(server.debits) == 2


async def test_it_refuses_as_phoenixd_refuses(server: Phoenixd) -> None:
    invoice, _, payment_hash = server.mint.new()
    for password in ("x", server.limited):
        refused = await pay(server, invoice, password)
        assert (refused.status_code, refused.text.partition(" (")[0]) == (401, "Invalid authentication")
    assert (await ask(server, "GET", "/getinfo", server.limited)).json()["chain"] == "regtest"
    for data in ({}, {"x": "y"}, {"invoice": ""}, {"invoice": "lnbcrt1junk"}):
        refused = await ask(server, "POST", "/payinvoice", data=data)
        assert refused.status_code == (400 if data else 415)
        assert not data or refused.text.startswith("Request parameter invoice")
    assert (await pay(server, server.mint.new(99_000)[0])).json()["reason"] == REASONS["insufficient"]
    unknown = await ask(server, "GET", f"/payments/outgoingbyhash/{payment_hash.hex}")
    assert (unknown.status_code, unknown.text) == (404, "Not found")
    assert (await ask(server, "GET", "/nothing")).text == "Unknown endpoint (check api doc)"
    assert server.debits == []


@pytest.mark.parametrize("lie", LIES)
async def test_money_leaves_or_stays_as_the_lie_says(server: Phoenixd, lie: str) -> None:
    invoice, _, payment_hash = server.mint.new()
    server.tell(lie)
    expected = httpx.ReadTimeout if lie in HANGING else httpx.RemoteProtocolError if lie in SILENT else None
    if expected is None:
        await pay(server, invoice)
    else:
        with pytest.raises(expected):
            await ask(
                server, "POST", "/payinvoice", data={"invoice": invoice}, timeout=IMPATIENT if lie in HANGING else 20
            )
    assert server.debits == ([] if lie in UNPAID else [payment_hash])
    assert server.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(PENDING - {"pending-forever"}))
async def test_a_changing_lie_comes_true_after_two_look_ups(server: Phoenixd, lie: str) -> None:
    server.tell(lie)
    invoice, _, payment_hash = server.mint.new()
    if lie in DROPPING:
        with pytest.raises(httpx.RemoteProtocolError):
            await pay(server, invoice)
    else:
        await pay(server, invoice)
    asked = [(await ask(server, "GET", f"/payments/outgoingbyhash/{payment_hash.hex}")).json() for _ in range(3)]
    assert [one["isPaid"] for one in asked] == [False, False, lie not in UNPAID]
    assert ["completedAt" in one for one in asked] == [False, False, True]


async def test_what_was_paid_stays_paid_over_a_kill(tmp_path: Path) -> None:
    mint, ledger = Mint(tmp_path), tmp_path / "ledger"
    invoice, preimage, payment_hash = mint.new()
    async with Phoenixd(mint, ledger, lie="drop-after").serving() as server:
        with pytest.raises(httpx.RemoteProtocolError):
            await pay(server, invoice)
    async with Phoenixd(mint, ledger).serving() as server:
        found = (await ask(server, "GET", f"/payments/outgoingbyhash/{payment_hash.hex}")).json()
        assert found["preimage"] == preimage.hex
        assert (await pay(server, invoice)).json()["reason"] == REASONS["already-paid"]
        assert server.debits == [payment_hash]
