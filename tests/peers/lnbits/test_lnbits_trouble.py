"""Payments of LNbits that get stuck, are killed, or meet an LNbits that is down or another one than before."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from l402desk.client.trust import os_trust
from l402desk.protocol.payment import Failed, Paid, Unknown
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import Distrust, NotReached, NotTrusted
from l402desk.wallets.lnbits import LnbitsWallet
from l402desk.wallets.pinning import Pin
from tests.fakes.certificates import certificate_file
from tests.peers.killing import App, killed_mid_payment, until
from tests.peers.lnbits.bench import NAME, LnbitsBench
from tests.peers.matrix import case
from tests.peers.selling import selling
from tests.peers.valve import Valve
from tests.wallets.contract import FEE_LIMIT, PRICE, hash_of, proves

pytestmark = [pytest.mark.anyio, pytest.mark.peers]


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
