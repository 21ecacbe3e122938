"""The fake is held to the same contract as the real wallets, and to what it promises tests besides."""

from __future__ import annotations

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities, Wallet
from tests.fakes.purchased import invoice_of, preimage_of
from tests.fakes.wallet import FakeWallet
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves


class FakeBench:
    def __init__(self, wallet: FakeWallet) -> None:
        self.fake = wallet

    @property
    def wallet(self) -> Wallet:
        return self.fake

    async def payable(self, amount: Msat) -> str:
        return self.fake.issue(amount)

    secrets = ()


class TestFakeWallet(WalletContract):
    @pytest.fixture
    def bench(self) -> FakeBench:
        return FakeBench(FakeWallet())

    async def test_it_answers_as_told_before_it_tells_the_truth(self) -> None:
        fake = FakeWallet(answers=[Failed("no route"), PaidWithoutProof("lost it")])
        invoice, other = fake.issue(), fake.issue()
        assert await fake.pay(invoice, fee_limit=FEE_LIMIT) == Failed("no route")
        assert await fake.balance() == Msat(1_000_000)
        assert await fake.pay(other, fee_limit=FEE_LIMIT) == PaidWithoutProof("lost it")
        assert proves(await fake.pay(invoice, fee_limit=FEE_LIMIT), invoice)
        assert fake.paid == [hash_of(other), hash_of(invoice)]

    async def test_a_payment_in_flight_arrives_when_it_is_told_to(self) -> None:
        fake = FakeWallet(answers=[Unknown("in flight")])
        invoice = fake.issue()
        assert await fake.pay(invoice, fee_limit=FEE_LIMIT) == Unknown("in flight")
        assert await fake.look_up(hash_of(invoice)) == Unknown("in flight")
        fake.arrive(hash_of(invoice))
        assert proves(await fake.look_up(hash_of(invoice)), invoice)
        assert fake.paid == [hash_of(invoice)]

    async def test_an_unreachable_one_knows_nothing(self) -> None:
        fake = FakeWallet()
        fake.is_reachable = False
        assert isinstance(await fake.pay(fake.issue(), fee_limit=FEE_LIMIT), Unknown)
        for question in (fake.balance(), fake.look_up(hash_of(fake.issue()))):
            with pytest.raises(WalletError):
                await question

    async def test_it_refuses_what_a_wallet_refuses(self) -> None:
        watching = FakeWallet(capabilities=Capabilities(pays=False, looks_up=True, fee_limit=True, tells_balance=False))
        poor = FakeWallet(balance=PRICE)
        assert isinstance(await watching.pay(watching.issue(), fee_limit=FEE_LIMIT), Failed)
        assert await watching.balance() is None
        assert isinstance(await poor.pay(poor.issue(PRICE), fee_limit=FEE_LIMIT), Failed)
        assert isinstance(await FakeWallet().pay(invoice_of(1), fee_limit=FEE_LIMIT), Failed)
        dear = FakeWallet(fee=Msat(20_000))
        assert isinstance(await dear.pay(dear.issue(), fee_limit=FEE_LIMIT), Failed)
        assert isinstance(await dear.pay(dear.issue(None), fee_limit=Msat(20_000)), Failed)

    async def test_it_can_be_taught_to_pay_somebody_elses_invoice(self) -> None:
        fake = FakeWallet()
        fake.learn(preimage_of(1))
        assert isinstance(await fake.pay(invoice_of(1), fee_limit=FEE_LIMIT), Paid)
