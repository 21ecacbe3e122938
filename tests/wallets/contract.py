"""What every wallet must do, the fake included: derive, and give a fixture ``bench`` that can ask for invoices."""

from __future__ import annotations

import asyncio
import secrets
from typing import Protocol

import pytest

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.wallet import Capabilities, Wallet
from tests.fakes.invoices import mint_invoice

PRICE = Msat.of_sats(21)
FEE_LIMIT = Msat.of_sats(10)


class Bench(Protocol):
    """A wallet that can pay, and somebody for it to pay."""

    @property
    def wallet(self) -> Wallet: ...

    async def payable(self, amount: Msat) -> str:
        """A fresh invoice that the wallet can pay."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must show in no repr: keys, passwords, connection strings."""
        ...


def hash_of(invoice: str) -> PaymentHash:
    return read_invoice(invoice).payment_hash


def proves(result: PaymentResult | None, invoice: str) -> bool:
    return isinstance(result, Paid) and result.preimage.proves(hash_of(invoice))


class WalletContract:
    """The laws of payment as a wallet has to keep them. Every test here is about one of them."""

    pytestmark = pytest.mark.anyio

    async def test_it_has_a_name_a_network_and_says_what_it_can(self, bench: Bench) -> None:
        wallet = bench.wallet
        assert wallet.name.isprintable()
        assert wallet.name.strip() == wallet.name != ""
        assert wallet.network is None or isinstance(wallet.network, Network)
        assert isinstance(wallet.capabilities, Capabilities)

    async def test_what_it_paid_is_proven_by_the_preimage(self, bench: Bench) -> None:
        invoice = await bench.payable(PRICE)
        assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)

    async def test_the_fee_stays_within_the_limit(self, bench: Bench) -> None:
        if not bench.wallet.capabilities.fee_limit:
            pytest.skip("this wallet alone decides its fees")
        result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
        assert isinstance(result, Paid)
        assert result.fee is None or result.fee <= FEE_LIMIT

    async def test_a_payment_is_found_again_by_its_hash(self, bench: Bench) -> None:
        if not bench.wallet.capabilities.looks_up:
            pytest.skip("this wallet looks nothing up")
        invoice = await bench.payable(PRICE)
        await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
        assert proves(await bench.wallet.look_up(hash_of(invoice)), invoice)

    async def test_a_payment_it_never_heard_of_is_neither_paid_nor_failed(self, bench: Bench) -> None:
        unheard_of = PaymentHash(secrets.token_bytes(32))
        result = await bench.wallet.look_up(unheard_of)
        assert not isinstance(result, (Paid, Failed))

    async def test_an_invoice_that_was_not_paid_yet_is_neither_paid_nor_failed(self, bench: Bench) -> None:
        result = await bench.wallet.look_up(hash_of(await bench.payable(PRICE)))
        assert not isinstance(result, (Paid, Failed))

    async def test_asked_to_pay_twice_it_pays_once(self, bench: Bench) -> None:
        invoice = await bench.payable(PRICE)
        first = await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
        after_first = await bench.wallet.balance()
        again = await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
        assert proves(first, invoice)
        assert not isinstance(again, Failed)  # the money did leave
        assert await bench.wallet.balance() == after_first

    async def test_asked_twice_at_once_it_pays_once(self, bench: Bench) -> None:
        before = await bench.wallet.balance()
        invoice = await bench.payable(PRICE)
        results = await asyncio.gather(*(bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) for _ in range(3)))
        assert any(proves(result, invoice) for result in results)
        assert not any(isinstance(result, Failed) for result in results)
        if before is not None:
            after = await bench.wallet.balance()
            assert after is not None
            assert before - after <= PRICE + FEE_LIMIT

    async def test_the_balance_is_told_if_it_says_so(self, bench: Bench) -> None:
        balance = await bench.wallet.balance()
        assert isinstance(balance, Msat) is bench.wallet.capabilities.tells_balance

    async def test_the_balance_falls_by_what_was_paid(self, bench: Bench) -> None:
        before = await bench.wallet.balance()
        if before is None:
            pytest.skip("this wallet does not tell its balance")
        assert isinstance(await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT), Paid)
        after = await bench.wallet.balance()
        assert after is not None
        assert PRICE <= before - after <= PRICE + FEE_LIMIT

    @pytest.mark.parametrize("junk", ["", "lnbc", "not an invoice", "lnbcrt1" + "q" * 400, "\u20ac\0\n", "a" * 20_000])
    async def test_what_is_no_invoice_costs_nothing_and_raises_nothing(self, bench: Bench, junk: str) -> None:
        before = await bench.wallet.balance()
        assert not isinstance(await bench.wallet.pay(junk, fee_limit=FEE_LIMIT), Paid)
        assert await bench.wallet.balance() == before

    async def test_an_invoice_nobody_can_be_paid_for_is_not_called_paid(self, bench: Bench) -> None:
        before = await bench.wallet.balance()
        nobodys = mint_invoice(PRICE.value, payment_hash=secrets.token_bytes(32))
        assert not isinstance(await bench.wallet.pay(nobodys, fee_limit=ZERO), Paid)
        assert await bench.wallet.balance() == before

    async def test_no_repr_shows_a_secret(self, bench: Bench) -> None:
        result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
        assert isinstance(result, Paid)
        shown = repr(result) + repr(bench.wallet) + str(bench.wallet)
        for secret in (*bench.secrets, result.preimage.hex):
            assert secret not in shown
