"""LNbits as a wallet: its row of the matrix, and the contract, with the money here and with the money elsewhere."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from l402desk.client.trust import os_trust
from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, Unknown
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import Distrust, NoAnswer, NotReached, NotTrusted
from l402desk.wallets.lnbits import LnbitsWallet
from l402desk.wallets.pinning import Pin
from l402desk.wallets.wallet import Wallet
from tests.fakes.certificates import certificate_file
from tests.fakes.invoices import mint_invoice
from tests.peers.killing import App, killed_mid_payment, until
from tests.peers.lnbits.server import FUNDS, Account, LnbitsPayee, LnbitsServer, lnbits_on, version
from tests.peers.matrix import case, versions
from tests.peers.selling import selling
from tests.peers.valve import Valve
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves

pytestmark = [pytest.mark.anyio, pytest.mark.peers]
NAME = "LNbits"


@dataclass(slots=True)
class LnbitsBench:
    """A wallet that pays at one LNbits, and a payee who may be at another."""

    server: LnbitsServer
    payer: Account
    payee: LnbitsPayee
    valve: Valve
    """Between the payer's LNbits and its money, where that is at another one."""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.payer.admin, self.payer.invoice_key)

    @property
    def wallet(self) -> Wallet:
        return self.connected()

    def connected(self, key: str | None = None) -> LnbitsWallet:
        """An adapter that remembers nothing."""
        connection = read_connection(self.server.connection(self.payer.admin if key is None else key))
        return LnbitsWallet("Real", connection, os_trust)

    async def payable(self, amount: Msat) -> str:
        return await self.payee.invoice(amount.value)


@pytest.fixture(scope="module")
def near(an_lnbits: LnbitsServer) -> Iterator[LnbitsBench]:
    """Payer and payee at one LNbits: a payment inside."""
    versions(NAME, f"{version()} on FakeWallet, and another on the first")
    payer, payee = an_lnbits.account("payer", FUNDS), an_lnbits.account("payee")
    with Valve(an_lnbits.port) as valve:
        yield LnbitsBench(an_lnbits, payer, an_lnbits.payee(payee), valve)


@pytest.fixture(scope="module")
def far(an_lnbits: LnbitsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LnbitsBench]:
    """The payer's LNbits has its money at the payee's: a payment to elsewhere."""
    payee = an_lnbits.payee(an_lnbits.account("payee"))
    with (
        Valve(an_lnbits.port) as valve,
        lnbits_on(an_lnbits, tmp_path_factory.mktemp("over"), valve.url) as other,
    ):
        yield LnbitsBench(other, other.account("payer", FUNDS), payee, valve)


@pytest.fixture(params=["near", "far"])
def either(request: pytest.FixtureRequest, near: LnbitsBench, far: LnbitsBench) -> LnbitsBench:
    return near if request.param == "near" else far


@pytest.fixture(autouse=True)
def flowing(near: LnbitsBench, far: LnbitsBench) -> Iterator[None]:
    """Whatever a test did to the valves, the next one finds them open."""
    yield
    for valve in (near.valve, far.valve):
        valve.release()
        valve.open()


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


@case(NAME, "stuck then settled")
async def test_what_is_stuck_is_open_and_settles_when_it_moves(far: LnbitsBench) -> None:
    invoice = await far.payable(PRICE)
    far.valve.hold()
    stuck = await far.connected().pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(stuck, Unknown)
    assert isinstance(await far.connected().look_up(hash_of(invoice)), (Unknown, type(None)))
    assert isinstance(await far.connected().pay(invoice, fee_limit=FEE_LIMIT), Unknown)  # “Payment is still pending.”
    far.valve.release()

    async def settled() -> bool:
        return proves(await far.connected().look_up(hash_of(invoice)), invoice)

    await until(settled)
    assert await far.payee.is_paid(hash_of(invoice).hex)


@case(NAME, "stuck then settled")
async def test_a_purchase_that_was_stuck_is_delivered_later(tmp_path: Path, far: LnbitsBench) -> None:
    app = App(tmp_path)
    async with selling(far.payee) as stall:
        far.valve.hold()
        stuck = await app.send(f"{stall.url}/stuck", far.server.connection(far.payer.admin), wait_s=1)
        assert stuck.status == 4, stuck.err
        far.valve.release()
        moved = await app.send(f"{stall.url}/stuck", far.server.connection(far.payer.admin), wait_s=30)
        assert moved.status == 0, moved.err
        assert moved.json["status"] == 200
        assert [await far.payee.is_paid(bill.payment_hash.hex) for bill in stall.billed] == [True]
    assert app.states("/stuck") == ["settled"]


@case(NAME, "killed mid-payment")
@pytest.mark.parametrize("after_s", [0.0, 0.1])
async def test_killed_before_lnbits_could_answer(tmp_path: Path, near: LnbitsBench, after_s: float) -> None:
    near.valve.hold()

    async def go_on() -> None:
        near.valve.release()

    asked_before = len(near.valve.asked)
    async with selling(near.payee) as stall:
        await killed_mid_payment(
            App(tmp_path),
            stall,
            f"lnbits+{near.valve.url}?key={near.payer.admin}",
            is_paid=near.payee.is_paid,
            is_asked=lambda: any(b"POST /api/v1/payments" in bytes(a) for a in near.valve.asked[asked_before:]),
            before_restart=go_on,
            after_s=after_s,
        )


@case(NAME, "killed mid-payment")
async def test_killed_while_the_money_is_on_its_way(tmp_path: Path, far: LnbitsBench) -> None:
    far.valve.hold()

    async def go_on() -> None:
        far.valve.release()

    async with selling(far.payee) as stall:
        await killed_mid_payment(
            App(tmp_path),
            stall,
            far.server.connection(far.payer.admin),
            is_paid=far.payee.is_paid,
            is_asked=lambda: any(far.valve.has_asked(bill.invoice.encode()) for bill in stall.billed),
            before_restart=go_on,
        )


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


@case(NAME, "backend down")
async def test_an_lnbits_that_is_not_there_surely_paid_nothing(near: LnbitsBench) -> None:
    invoice = await near.payable(PRICE)
    wallet = through(near.valve, near)
    near.valve.close()
    result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "Nothing was sent" in result.reason
    with pytest.raises(NotReached):
        await through(near.valve, near).look_up(hash_of(invoice))
    assert not await near.payee.is_paid(hash_of(invoice).hex)
    near.valve.open()
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


@case(NAME, "backend down")
async def test_one_that_went_down_while_it_was_asked_leaves_the_payment_open(near: LnbitsBench) -> None:
    invoice = await near.payable(PRICE)
    wallet = through(near.valve, near)
    near.valve.hold()
    paying = asyncio.ensure_future(wallet.pay(invoice, fee_limit=FEE_LIMIT))
    await until(lambda: near.payee.is_paid(hash_of(invoice).hex))
    near.valve.close()
    assert isinstance(await paying, Unknown)
    near.valve.open()
    near.valve.release()
    assert proves(await wallet.look_up(hash_of(invoice)), invoice)


@case(NAME, "TLS changed")
async def test_another_certificate_is_told_nothing(tmp_path: Path, near: LnbitsBench) -> None:
    known, other = (certificate_file(tmp_path, to_days=days) for days in (5, 6))
    pin, seen = Pin.read(known.read_bytes()), Pin.read(other.read_bytes())
    with Valve(near.server.port, known) as valve:
        text = f"lnbits+{valve.url}?key={near.payer.admin}&cert={pin.as_parameter()}"
        wallet = LnbitsWallet("Real", read_connection(text), os_trust)
        invoice = await near.payable(PRICE)
        assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)

        valve.show(other)
        told = len(b"".join(valve.asked))
        second = await near.payable(PRICE)
        wallet = LnbitsWallet("Real", read_connection(text), os_trust)
        assert isinstance(await wallet.pay(second, fee_limit=FEE_LIMIT), Failed)
        with pytest.raises(NotTrusted) as refused:
            await wallet.examine()
        assert refused.value.reason is Distrust.PIN_MISMATCH
        assert refused.value.seen is not None
        assert refused.value.seen.fingerprint == seen.fingerprint
        assert len(b"".join(valve.asked)) == told
        assert not await near.payee.is_paid(hash_of(second).hex)

        valve.show(known)
        assert isinstance(await wallet.pay(second, fee_limit=FEE_LIMIT), Paid)


def through(valve: Valve, bench: LnbitsBench) -> LnbitsWallet:
    return LnbitsWallet("Real", read_connection(f"lnbits+{valve.url}?key={bench.payer.admin}"), os_trust)
