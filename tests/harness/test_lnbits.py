"""The mock wallet server: honest as LNbits is, and a liar in every way that it says it is."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from l402desk.protocol.proof import Preimage
from tests.conftest import ROOT
from tests.harness.lnbits import LIES, UNPAID, Lnbits
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
SILENT = {"drop-after", "drop-before", "not-found", "look-up-500", "look-up-hang", "look-up-vague", "truncated"}
HANGING = {"hang", "hang-before"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Lnbits]:
    async with Lnbits(Mint(tmp_path), tmp_path / "ledger", balance=100_000).serving() as lnbits:
        yield lnbits


async def ask(server: Lnbits, method: str, path: str, key: str | None = "", **more: Any) -> httpx.Response:
    headers = {} if key is None else {"X-Api-Key": key or server.key}
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        return await client.request(method, server.url + path, headers=headers, **more)


async def pay(server: Lnbits, invoice: str, key: str = "") -> httpx.Response:
    return await ask(server, "POST", "/api/v1/payments", key, json={"out": True, "bolt11": invoice})


async def test_it_pays_and_tells_the_preimage_fee_and_balance(server: Lnbits) -> None:
    invoice, preimage, payment_hash = server.mint.new(21_000)
    paid = await pay(server, invoice.upper())
    told = paid.json()
    assert paid.status_code == 201
    assert (told["status"], told["preimage"], told["payment_hash"]) == ("success", preimage.hex, payment_hash.hex)
    assert (told["amount"], told["fee"]) == (-21_000, -1_000)
    assert (await ask(server, "GET", "/api/v1/wallet")).json()["balance"] == 78_000
    assert server.debits == [payment_hash]
    status = (await ask(server, "GET", f"/api/v1/payments/{payment_hash.hex}")).json()
    assert (status["paid"], status["preimage"]) == (True, preimage.hex)


async def test_the_status_of_a_payment_needs_no_key_and_tells_the_preimage(server: Lnbits) -> None:
    invoice, preimage, payment_hash = server.mint.new()
    await pay(server, invoice)
    status = (await ask(server, "GET", f"/api/v1/payments/{payment_hash.hex}", key=None)).json()
    assert status["preimage"] == preimage.hex
    assert "details" not in status


async def test_a_hash_is_paid_once_and_others_besides(server: Lnbits) -> None:
    first, _, first_hash = server.mint.new()
    second, _, second_hash = server.mint.new()
    assert (await pay(server, first)).status_code == 201
    again = await pay(server, first)
    assert (again.status_code, again.json()) == (520, {"detail": "Payment already paid.", "status": "success"})
    assert (await pay(server, second)).status_code == 201
    assert server.debits == [first_hash, second_hash]


async def test_it_refuses_as_lnbits_refuses(server: Lnbits) -> None:
    invoice, _, payment_hash = server.mint.new()
    for key, status, detail in (
        ("x" * 32, 404, "Wallet not found."),
        (server.inkey, 403, "Invoice (or Admin) key required."),
    ):
        refused = await pay(server, invoice, key)
        assert (refused.status_code, refused.json()) == (status, {"detail": detail})
    assert (await ask(server, "GET", "/api/v1/wallet", server.inkey)).json() == {"name": "Harness", "balance": 100_000}
    assert (await pay(server, server.mint.new(100_001)[0])).json()["detail"] == "Insufficient balance."
    assert (await pay(server, server.mint.new(99_000)[0])).json()["detail"].startswith("You must reserve at least (2 ")
    assert (await pay(server, "lnbcrt1junk")).json()["detail"] == "Bolt11 decoding failed."
    unknown = await ask(server, "GET", f"/api/v1/payments/{payment_hash.hex}")
    assert (unknown.status_code, unknown.json()) == (404, {"detail": "Payment does not exist."})
    assert server.debits == []


@pytest.mark.parametrize("lie", LIES)
async def test_money_leaves_or_stays_as_the_lie_says(server: Lnbits, lie: str) -> None:
    invoice, _, payment_hash = server.mint.new()
    server.tell(lie)
    expected = httpx.ReadTimeout if lie in HANGING else httpx.RemoteProtocolError if lie in SILENT else None
    if expected is None:
        await pay(server, invoice)
    else:
        with pytest.raises(expected):
            await ask(server, "POST", "/api/v1/payments", json={"out": True, "bolt11": invoice}, timeout=0.3)
    assert server.debits == ([] if lie in UNPAID else [payment_hash])
    assert server.counts["elsewhere"] == 0


async def test_a_changing_lie_comes_true_after_two_look_ups(server: Lnbits) -> None:
    for lie, before, after in (
        ("pending-then-paid", "pending", "success"),
        ("failed-then-paid", "failed", "success"),
        ("pending-then-failed", "pending", "failed"),
    ):
        server.tell(lie)
        invoice, _, payment_hash = server.mint.new()
        await pay(server, invoice)
        said = [(await ask(server, "GET", f"/api/v1/payments/{payment_hash.hex}")).json()["status"] for _ in range(3)]
        assert said == [before, before, after]


async def test_the_preimage_is_disguised_as_the_lie_says(server: Lnbits) -> None:
    async def preimage_told(lie: str) -> tuple[Any, Preimage]:
        server.tell(lie)
        invoice, preimage, _ = server.mint.new(1_000)
        return (await pay(server, invoice)).json()["preimage"], preimage

    told, preimage = await preimage_told("upper-preimage")
    assert told == preimage.hex.upper()
    told, preimage = await preimage_told("base64-preimage")
    assert base64.b64decode(told) == preimage.raw
    assert (await preimage_told("null-preimage"))[0] is None
    assert (await preimage_told("zero-preimage"))[0] == "0" * 64
    told, preimage = await preimage_told("wrong-preimage")
    assert len(told) == 64
    assert told != preimage.hex


async def test_the_lie_is_changed_and_told_over_http(server: Lnbits) -> None:
    assert (await ask(server, "POST", "/lie", json={"lie": "html"})).json()["lie"] == "html"
    assert (await ask(server, "POST", "/lie", json={"lie": "no such"})).status_code == 400
    assert (await ask(server, "GET", "/lie")).json()["lie"] == "html"


def test_a_process_of_its_own_remembers_over_a_kill_what_it_paid(tmp_path: Path) -> None:
    mint, ledger = Mint(tmp_path / "mint"), tmp_path / "ledger"
    invoice, preimage, payment_hash = mint.new()
    command = [sys.executable, "-m", "tests.harness.lnbits", "--mint", str(mint.folder), "--ledger", str(ledger)]

    def asked_in_a_new_process(lie: str, how: Any) -> Any:
        with subprocess.Popen([*command, "--lie", lie], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                told = json.loads(process.stdout.readline())
                with httpx.Client(base_url=told["url"], trust_env=False, headers={"X-Api-Key": told["key"]}) as client:
                    return how(client)
            finally:
                process.kill()

    def drop(client: httpx.Client) -> None:
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/api/v1/payments", json={"out": True, "bolt11": invoice})

    asked_in_a_new_process("drop-after", drop)
    status = asked_in_a_new_process("", lambda client: client.get(f"/api/v1/payments/{payment_hash.hex}").json())
    assert (status["paid"], status["preimage"]) == (True, preimage.hex)
    again = asked_in_a_new_process("", lambda c: c.post("/api/v1/payments", json={"out": True, "bolt11": invoice}))
    assert again.json()["detail"] == "Payment already paid."
    assert len(ledger.read_text().splitlines()) == 1
