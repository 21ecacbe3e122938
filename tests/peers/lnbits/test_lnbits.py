"""What LNbits pays, and what it surely does not: the contract, with the money here and with the money elsewhere."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid
from l402desk.wallets.errors import NoAnswer
from tests.fakes.invoices import mint_invoice
from tests.peers.killing import App
from tests.peers.lnbits.bench import NAME, LnbitsBench
from tests.peers.lnbits.server import FUNDS
from tests.peers.matrix import case
from tests.peers.selling import selling
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves

pytestmark = [pytest.mark.anyio, pytest.mark.peers]


@case(NAME, "paid")
class TestContractInside(WalletContract):
    """Held to the same law as every wallet."""

    @pytest.fixture
    def bench(self, near: LnbitsBench) -> LnbitsBench:
        return near


@case(NAME, "paid")
class TestContractElsewhere(WalletContract):
    """And where LNbits itself has to pay somebody else."""

    @pytest.fixture
    def bench(self, far: LnbitsBench) -> LnbitsBench:
        return far


async def test_keys_are_told_apart_and_strangers_fetch_preimages(near: LnbitsBench) -> None:
    admin = await near.connected().examine()
    invoice = await near.connected(near.payer.invoice_key).examine()
    assert (admin.may_pay, invoice.may_pay) == (True, False)
    assert admin.calls_itself == "payer"
    assert any("without a key" in warning for warning in admin.warnings)


@case(NAME, "already paid")
async def test_what_was_paid_before_is_proven_when_asked_again(either: LnbitsBench) -> None:
    """Of its own invoices LNbits says “already paid” with status failed: a new adapter must not believe it."""
    invoice = await either.payable(PRICE)
    first = await either.connected().pay(invoice, fee_limit=FEE_LIMIT)
    had = await either.wallet.balance()
    assert proves(first, invoice)
    assert await either.connected().pay(invoice, fee_limit=FEE_LIMIT) == first
    assert await either.wallet.balance() == had


@case(NAME, "no route")
async def test_whom_nobody_can_pay_is_surely_not_paid(either: LnbitsBench) -> None:
    had = await either.wallet.balance()
    strange = mint_invoice(PRICE.value, prefix="lnbc", payment_hash=secrets.token_bytes(32), timestamp=int(time.time()))
    result = await either.connected().pay(strange, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "Only internal invoices" in result.reason
    assert isinstance(await either.connected().look_up(hash_of(strange)), Failed)
    assert await either.wallet.balance() == had


@case(NAME, "insufficient")
async def test_more_than_there_is_is_surely_not_paid(near: LnbitsBench, far: LnbitsBench) -> None:
    for bench in (near, far):
        result = await bench.connected().pay(await bench.payable(Msat.of_sats(2 * FUNDS)), fee_limit=FEE_LIMIT)
        assert result == Failed("Insufficient balance.")
    had = await far.wallet.balance()
    assert had is not None
    all_of_it = await far.connected().pay(await far.payable(had), fee_limit=FEE_LIMIT)
    assert isinstance(all_of_it, Failed)
    assert "must reserve" in all_of_it.reason


@case(NAME, "expired")
async def test_an_invoice_that_ran_out_is_never_offered_for_payment(tmp_path: Path, near: LnbitsBench) -> None:
    app = App(tmp_path)
    async with selling(near.payee, expiry_s=1) as stall:
        ran = await app.send(f"{stall.url}/late", near.server.connection(near.payer.admin))
        assert ran.status in (3, 6), ran.err
        assert not await near.payee.is_paid(stall.billed[0].payment_hash.hex)
    assert app.states("/late") in ([], ["offered"])


@case(NAME, "expired")
async def test_what_lnbits_does_with_one_that_ran_out_is_told_as_it_is(either: LnbitsBench) -> None:
    """It pays its own invoices whenever it is asked: the app alone sees to the time."""
    invoice = await either.payee.invoice(PRICE.value, 1)
    await asyncio.sleep(2.1)
    had = await either.wallet.balance()
    result = await either.connected().pay(invoice, fee_limit=FEE_LIMIT)
    assert had is not None
    assert proves(result, invoice) or isinstance(result, Failed)
    assert await either.wallet.balance() == (had - PRICE if isinstance(result, Paid) else had)
    assert await either.payee.is_paid(hash_of(invoice).hex) is isinstance(result, Paid)


@case(NAME, "wrong credential")
@pytest.mark.parametrize("which", ["invoice key", "wrong key"])
async def test_a_key_that_may_not_pay_surely_paid_nothing(near: LnbitsBench, which: str) -> None:
    key = near.payer.invoice_key if which == "invoice key" else secrets.token_hex(16)
    invoice = await near.payable(PRICE)
    assert isinstance(await near.connected(key).pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert not await near.payee.is_paid(hash_of(invoice).hex)
    if which == "wrong key":
        with pytest.raises(NoAnswer, match="does not know this key"):
            await near.connected(key).examine()


@case(NAME, "paid")
@case(NAME, "wrong credential")
async def test_it_is_connected_tried_and_paid_from_in_the_terminal(tmp_path: Path, near: LnbitsBench) -> None:
    app, wrong = App(tmp_path), secrets.token_hex(16)
    await app.run("wallets", "add", "real", near.server.connection(near.payer.admin))
    await app.run("wallets", "add", "mistyped", near.server.connection(wrong))
    good, bad = await app.run("wallets", "test", "real"), await app.run("wallets", "test", "mistyped")
    assert good.status == 0, good
    assert bad.status == 1, bad
    assert "does not know this key" in bad.out + bad.err
    assert wrong not in bad.out + bad.err
    async with selling(near.payee) as stall:
        unpaid = await app.send(f"{stall.url}/thing", "mistyped")
        assert unpaid.status == 3, unpaid
        paid = await app.send(f"{stall.url}/thing", "real")
        assert (paid.status, paid.json["status"]) == (0, 200), paid
        assert [await near.payee.is_paid(bill.payment_hash.hex) for bill in stall.billed] == [False, True]
