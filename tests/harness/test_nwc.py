"""The mock wallet service: understood by a client that nobody here wrote, and the same wallet again after a kill."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from l402desk.protocol.payment import Paid
from l402desk.wallets.connection import read_connection
from l402desk.wallets.nwc import NwcWallet
from tests.conftest import ROOT
from tests.harness.mint import Mint
from tests.harness.nwc import NIP04, NIP44, NwcService
from tests.harness.nwc_account import Account
from tests.harness.nwc_lies import ERRORS, LIES, SILENT, STATES, UNPAID
from tests.harness.relay import LyingRelay
from tests.wallets.contract import FEE_LIMIT
from tests.wallets.lying import nobody


@pytest.fixture(params=[(NIP44, NIP04), (NIP04,)], ids=["nip44", "nip04"])
async def service(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[NwcService]:
    async with LyingRelay() as relay:
        made = NwcService(Mint(tmp_path), tmp_path / "ledger", [relay.url], balance=100_000, speaks=request.param)
        async with made.serving():
            yield made


@pytest.mark.anyio
async def test_rust_nostr_is_paid_for_by_it_in_both_encryptions(service: NwcService) -> None:
    nostr_sdk: Any = pytest.importorskip("nostr_sdk", reason="nostr-sdk has no wheel for this machine")
    uri = nostr_sdk.NostrWalletConnectUri.parse(service.connection())
    client = nostr_sdk.NostrWalletConnect(uri)
    try:
        assert (await client.get_balance()).balance == 100_000
        invoice, preimage, payment_hash = service.mint.new(21_000)
        asked = nostr_sdk.PayInvoiceRequest(invoice=invoice, id=None, amount=None)
        assert (await client.pay_invoice(asked)).preimage == preimage.hex
        asked = nostr_sdk.LookupInvoiceRequest(payment_hash=payment_hash.hex, invoice=None)
        found = await client.lookup_invoice(asked)
        assert (found.preimage, found.fees_paid, found.amount) == (preimage.hex, 1_000, 21_000)
        assert service.debits == [payment_hash]
        assert set(service.speeches) == {service.speaks[0]}
    finally:
        await client.client().shutdown()


def test_every_lie_is_one_it_knows() -> None:
    for named in (ERRORS, STATES, SILENT, UNPAID):
        assert set(named) <= set(LIES)
    with pytest.raises(ValueError, match="no lie is called"):
        Account(Mint(Path()), Path("nowhere"), lie="truth", fee=0, balance=0)


@pytest.mark.anyio
async def test_killed_and_started_again_it_is_the_same_wallet_and_knows_what_it_paid(tmp_path: Path) -> None:
    mint = Mint(tmp_path / "mint")
    invoice, preimage, payment_hash = mint.new()
    async with LyingRelay() as relay:
        command = [sys.executable, "-m", "tests.harness.nwc", "--mint", str(tmp_path / "mint")]
        command += ["--ledger", str(tmp_path / "ledger"), "--relay", relay.url]
        first, connection, keys = await asyncio.to_thread(started, command)
        try:
            wallet = NwcWallet("Hub", read_connection(connection), nobody)
            assert isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Paid)
        finally:
            ended(first)
        second, again, _ = await asyncio.to_thread(started, [*command, "--keys", keys])
        try:
            assert again == connection
            found = await NwcWallet("Hub", read_connection(again), nobody).look_up(payment_hash)
            assert isinstance(found, Paid)
            assert found.preimage == preimage
        finally:
            ended(second)


def started(command: list[str]) -> tuple[subprocess.Popen[str], str, str]:
    """It, the connection to it, and its keys."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    return process, told["connection"], told["keys"]


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
