"""The mock node: honest as Core Lightning is, and a liar in every way that it says it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness.cln import Cln, make_rune
from tests.harness.cln_lies import DROPPING, LIES, PENDING, UNPAID
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
SILENT = {*DROPPING, "truncated", "drop-before"}
HANGING = {"hang", "hang-before"}
IMPATIENT = httpx.Timeout(20, read=0.3)


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Cln]:
    async with Cln(Mint(tmp_path), tmp_path / "ledger", balance=100_000).serving() as node:
        yield node


async def ask(node: Cln, method: str, rune: str = "", **parameters: Any) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=IMPATIENT if node.lie in HANGING else 20) as client:
        return await client.post(f"{node.url}/v1/{method}", headers={"Rune": rune or node.rune}, json=parameters)


async def test_it_pays_and_tells_the_preimage_the_fee_and_the_balance(node: Cln) -> None:
    invoice, preimage, payment_hash = node.mint.new(21_000)
    paid = await ask(node, "xpay", invstring=invoice, maxfee=1_000)
    assert (paid.status_code, paid.json()) == (
        201,
        {"payment_preimage": preimage.hex, "amount_msat": 21_000, "amount_sent_msat": 22_000, "failed_parts": 0,
         "successful_parts": 1},
    )  # fmt: skip
    (listed,) = (await ask(node, "listpays", payment_hash=payment_hash.hex)).json()["pays"]
    assert (listed["status"], listed["preimage"], listed["amount_sent_msat"]) == ("complete", preimage.hex, 22_000)
    assert (await ask(node, "listpeerchannels")).json()["channels"][0]["spendable_msat"] == 78_000
    assert node.debits == [payment_hash]


async def test_it_refuses_as_core_lightning_refuses(node: Cln) -> None:
    async def code(method: str, rune: str = "", **parameters: Any) -> tuple[int, object]:
        refused = await ask(node, method, rune, **parameters)
        return refused.status_code, refused.json()["code"]

    invoice = node.mint.new(21_000)[0]
    assert await code("getinfo", make_rune()) == (401, 1501)
    assert await code("withdraw") == (401, 1502)
    assert await code("xpay") == (401, 1502)  # without an invoice its amount is not below the limit
    assert await code("xpay", invstring=node.mint.new(2_000_000)[0]) == (401, 1502)
    assert await code("xpay", invstring=invoice, label="x") == (500, -32602)
    assert await code("xpay", invstring=invoice, maxfee=999) == (500, 206)
    assert await code("xpay", invstring=node.mint.new(99_500)[0]) == (500, 205)
    assert await code("xpay", invstring=node.mint.new(1_000, timestamp=1_700_000_000)[0]) == (500, 207)
    await ask(node, "xpay", invstring=invoice)
    assert await code("xpay", invstring=invoice) == (500, 219)
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.post(f"{node.url}/v1/getinfo", json={})).status_code == 403


async def test_what_hangs_is_paid_again_when_asked_again_as_xpay_does(node: Cln) -> None:
    node.tell("pending-forever")
    invoice, _, payment_hash = node.mint.new(1_000)
    for _ in range(2):
        await ask(node, "xpay", invstring=invoice)
    assert node.debits == [payment_hash, payment_hash]


async def test_a_node_of_before_24_11_has_no_xpay_and_writes_texts(node: Cln) -> None:
    node.tell("old-texts")
    invoice, preimage, payment_hash = node.mint.new(21_000)
    refused = await ask(node, "xpay", invstring=invoice)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, -32601)
    paid = (await ask(node, "pay", bolt11=invoice)).json()
    assert (paid["status"], paid["payment_hash"]) == ("complete", payment_hash.hex)
    assert (paid["amount_msat"], paid["payment_preimage"]) == ("21000msat", preimage.hex)


@pytest.mark.parametrize("lie", LIES)
async def test_money_leaves_or_stays_as_the_lie_says(node: Cln, lie: str) -> None:
    invoice, _, payment_hash = node.mint.new()
    node.tell(lie)
    for method, named in (("xpay", "invstring"), ("pay", "bolt11")):
        try:
            said = await ask(node, method, **{named: invoice})
        except httpx.RemoteProtocolError:
            assert lie in SILENT
            break
        except httpx.ReadTimeout:
            assert lie in HANGING
            break
        if said.status_code != 404 or lie == "begun-and-unknown":
            assert lie not in SILENT | HANGING
            break
    assert node.debits == ([] if lie in UNPAID else [payment_hash])
    assert node.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(PENDING - {"pending-forever", "pay-pending"}))
async def test_a_changing_lie_comes_true_after_two_look_ups(node: Cln, lie: str) -> None:
    node.tell(lie)
    invoice, _, payment_hash = node.mint.new()
    await ask(node, "xpay", invstring=invoice)
    said = [(await ask(node, "listpays", payment_hash=payment_hash.hex)).json()["pays"] for _ in range(3)]
    assert [one[-1]["status"] for one in said] == ["pending", "pending", "failed" if lie in UNPAID else "complete"]


async def test_what_was_paid_stays_paid_over_a_kill(tmp_path: Path) -> None:
    mint, ledger = Mint(tmp_path), tmp_path / "ledger"
    invoice, preimage, payment_hash = mint.new()
    async with Cln(mint, ledger, lie="drop-after").serving() as node:
        with pytest.raises(httpx.RemoteProtocolError):
            await ask(node, "xpay", invstring=invoice)
    async with Cln(mint, ledger).serving() as node:
        (listed,) = (await ask(node, "listpays", payment_hash=payment_hash.hex)).json()["pays"]
        assert (listed["status"], listed["preimage"]) == ("complete", preimage.hex)
        assert (await ask(node, "xpay", invstring=invoice)).json()["code"] == 219
        assert node.debits == [payment_hash]


def test_a_lie_that_is_none_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no lie"):
        Cln(Mint(tmp_path), tmp_path / "ledger").tell("no such")
