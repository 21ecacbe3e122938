"""Play money of a sandbox that is reached by HTTP, as the terminal reaches one that runs in another process."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.sandbox import open_sandbox
from l402desk.sandbox.server import Sandbox
from l402desk.wallets.errors import WalletError
from l402desk.wallets.play_elsewhere import PlayElsewhere
from l402desk.wallets.wallet import Wallet
from tests.fakes.invoices import mint_invoice
from tests.fakes.raw_server import Pause, RawServer, response
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves

pytestmark = pytest.mark.anyio


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


def reaching(*urls: str) -> PlayElsewhere:
    return PlayElsewhere("Play", lambda: urls, nobody)


class SandboxBench:
    secrets = ()

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.wallet: Wallet = reaching(sandbox.url)

    async def payable(self, amount: Msat = PRICE) -> str:
        """Any priced address of the sandbox sells at 21 sats or so; the contract asks for 21."""
        assert amount == PRICE
        async with httpx.AsyncClient(trust_env=False) as client:
            asked = await client.get(f"{self.sandbox.url}/weather?city=Lisbon")
        found = re.search(r'invoice="([^"]+)"', asked.headers["www-authenticate"])
        assert found is not None
        return found[1]


@pytest.fixture
async def bench() -> AsyncIterator[SandboxBench]:
    async with open_sandbox() as sandbox:
        yield SandboxBench(sandbox)


class TestPlayElsewhere(WalletContract):
    async def test_its_money_is_play_money(self, bench: SandboxBench) -> None:
        assert bench.wallet.capabilities.is_play
        found = await reaching(bench.sandbox.url).examine()
        assert (found.may_pay, found.balance) == (True, Msat.of_sats(100_000))
        assert bench.sandbox.url.removeprefix("http://") in found.calls_itself


async def test_of_several_sandboxes_the_one_pays_whose_invoice_it_is() -> None:
    async with open_sandbox() as first, open_sandbox() as second, RawServer([response(b"", status="404 No")]) as other:
        wallet = reaching("http://127.0.0.1:1", other.url, first.url, second.url)
        for sandbox in (second, first):
            invoice = await SandboxBench(sandbox).payable()
            assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
            assert proves(await wallet.look_up(hash_of(invoice)), invoice)
        assert await first.wallet.balance() == await second.wallet.balance() == Msat.of_sats(100_000 - 21)
        refused = await wallet.pay(mint_invoice(timestamp=int(time.time())), fee_limit=FEE_LIMIT)
    assert isinstance(refused, Failed)
    assert "only pays the sandbox's own invoices" in refused.reason


async def test_without_a_sandbox_it_says_how_to_start_one() -> None:
    wallet = reaching("http://127.0.0.1:1")
    refused = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
    assert isinstance(refused, Failed)
    assert "No sandbox runs" in refused.reason
    for question in (wallet.balance(), wallet.look_up(PaymentHash(b"\x01" * 32)), wallet.examine()):
        with pytest.raises(WalletError, match="l402desk sandbox"):
            await question


@pytest.mark.parametrize(
    ("quirk", "kind"),
    [
        ("wallet-fails", Failed),
        ("wallet-paid-without-preimage", PaidWithoutProof),
        ("wallet-wrong-preimage", PaidWithoutProof),
        ("wallet-pending-forever", Unknown),
    ],
)
async def test_a_wallet_that_misbehaves_is_believed_no_more_than_it_proves(quirk: str, kind: type) -> None:
    async with open_sandbox(quirks=frozenset({quirk})) as sandbox:
        wallet = reaching(sandbox.url)
        invoice = await SandboxBench(sandbox).payable()
        assert isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), kind)
        assert isinstance(await wallet.look_up(hash_of(invoice)), kind)


async def test_a_payment_that_arrives_late_is_found() -> None:
    async with open_sandbox(quirks=frozenset({"wallet-pending-then-paid"})) as sandbox:
        wallet = reaching(sandbox.url)
        invoice = await SandboxBench(sandbox).payable()
        results = [await wallet.pay(invoice, fee_limit=FEE_LIMIT)]
        results += [r for _ in range(3) if (r := await wallet.look_up(hash_of(invoice))) is not None]
    assert isinstance(results[0], Unknown)
    assert isinstance(results[-1], Paid)


async def test_one_that_hangs_may_have_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("l402desk.wallets.play_elsewhere.WITHIN_S", 0.1)
    async with RawServer([Pause(30)]) as hanging, open_sandbox() as sandbox:
        wallet = reaching(hanging.url, sandbox.url)
        invoice = await SandboxBench(sandbox).payable()
        assert isinstance(await asyncio.wait_for(wallet.pay(invoice, fee_limit=FEE_LIMIT), 5), Unknown)
        assert await sandbox.wallet.balance() == Msat.of_sats(100_000)
