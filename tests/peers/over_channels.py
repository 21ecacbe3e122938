"""Cases of every wallet that pays as alice, over bob, to carol: derive, and give the fixtures ``bench`` and ``either``.

``bench`` is one way to the wallet; ``either`` is each of its ways in turn, or the one there is.
"""

from __future__ import annotations

import secrets
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, Unknown
from l402desk.wallets.wallet import Wallet
from tests.fakes.invoices import mint_invoice
from tests.peers.electrum.nodes import Network
from tests.peers.killing import App, killed_mid_payment
from tests.peers.matrix import case
from tests.peers.selling import selling
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves

CAPACITY = Msat.of_sats(15_000_000)


@dataclass(slots=True)
class ChannelBench(ABC):
    """Alice pays, and carol asks for money; bob stands between them and earns a sat and some."""

    network: Network

    @property
    @abstractmethod
    def secrets(self) -> tuple[str, ...]:
        """What must show in no repr."""

    @property
    @abstractmethod
    def connection(self) -> str:
        """The wallet, as the app takes it."""

    @abstractmethod
    def connected(self, text: str = "") -> Wallet:
        """An adapter that remembers nothing."""

    @property
    def wallet(self) -> Wallet:
        return self.connected()

    async def payable(self, amount: Msat) -> str:
        return await self.network.payee.invoice(amount.value)

    async def is_settled(self, invoice: str) -> bool:
        """By look-ups of an adapter that never gave the order."""
        return proves(await self.connected().look_up(hash_of(invoice)), invoice)


@dataclass(slots=True)
class OneWallet:
    """The same adapter for a whole test."""

    wallet: Wallet
    secrets: tuple[str, ...]
    network: Network

    async def payable(self, amount: Msat) -> str:
        return await self.network.payee.invoice(amount.value)


@dataclass(slots=True)
class StoppingPayee:
    """Carol, who stands still as soon as her first invoice is out: what pays it gets stuck."""

    network: Network
    has_stopped: bool = False

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        made = await self.network.payee.invoice(msat, expiry_s)
        if not self.has_stopped:
            self.has_stopped = True
            self.network.carol.process.pause()
        return made


class ContractOverChannels(WalletContract):
    """Held to the same law as every wallet."""

    @pytest.fixture
    def bench(self, either: ChannelBench) -> OneWallet:
        return OneWallet(either.connected(), either.secrets, either.network)


class ChannelCases:
    """``subject`` is the row of the matrix."""

    subject: ClassVar[str]
    no_way: ClassVar[str] = ""
    """What the wallet says where there is no route, if it says anything of its own."""
    not_enough: ClassVar[str]
    """What it says where there is too little money."""
    given_up: ClassVar[tuple[ModuleType, str]]
    """Where it is written after how many seconds what nobody knows of is called failed."""
    stuck_wait_s: ClassVar[int]
    """How long a purchase that gets stuck is waited for."""
    pytestmark: ClassVar[list[pytest.MarkDecorator]] = [pytest.mark.anyio, pytest.mark.peers]

    @case("", "paid")
    async def test_a_routed_payment_is_proven_with_its_fee(self, either: ChannelBench) -> None:
        invoice = await either.payable(Msat.of_sats(20_000))
        result = await either.connected().pay(invoice, fee_limit=FEE_LIMIT)
        assert proves(result, invoice)
        assert isinstance(result, Paid)
        assert result.fee == Msat(1_020)  # what bob takes
        assert await either.connected().look_up(hash_of(invoice)) == result
        assert await either.network.carol.paid(hash_of(invoice).hex)

    @case("", "paid")
    async def test_a_purchase_is_delivered_and_its_token_used_again(self, tmp_path: Path, either: ChannelBench) -> None:
        app = App(tmp_path)
        async with selling(either.network.payee) as stall:
            bought = await app.send(f"{stall.url}/thing", either.connection)
            assert bought.status == 0, bought.err
            assert (bought.json["status"], bought.json["paid"]["amount_msat"]) == (200, 21_000)
            again = await app.send(f"{stall.url}/thing", either.connection)
            assert (again.status, again.json["paid"], again.json["token_used"]) == (0, None, True)
            assert len(stall.billed) == 1
        assert app.states("/thing") == ["settled"]

    @case("", "already paid")
    async def test_what_was_paid_before_is_proven_when_asked_again(self, either: ChannelBench) -> None:
        """“Has been paid already” is INTERNAL over NWC."""
        invoice = await either.payable(PRICE)
        first = await either.connected().pay(invoice, fee_limit=FEE_LIMIT)
        had = await either.wallet.balance()
        assert proves(first, invoice)
        assert await either.connected().pay(invoice, fee_limit=FEE_LIMIT) == first
        assert await either.wallet.balance() == had

    @case("", "no route")
    async def test_whom_nobody_can_pay_is_surely_not_paid(
        self, bench: ChannelBench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        had = await bench.wallet.balance()
        strange = mint_invoice(PRICE.value, payment_hash=secrets.token_bytes(32), timestamp=int(time.time()))
        wallet = bench.connected()
        result = await wallet.pay(strange, fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert self.no_way in result.reason
        assert await wallet.look_up(hash_of(strange)) == result
        assert isinstance(await bench.connected().look_up(hash_of(strange)), Unknown)  # who did not see the order waits
        monkeypatch.setattr(*self.given_up, 0.0)
        assert isinstance(await bench.connected().look_up(hash_of(strange)), Failed)
        assert await bench.wallet.balance() == had

    @case("", "insufficient")
    async def test_more_than_there_is_is_surely_not_paid(self, bench: ChannelBench) -> None:
        had = await bench.wallet.balance()
        invoice = await bench.payable(CAPACITY)
        result = await bench.connected().pay(invoice, fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert self.not_enough in result.reason
        assert await bench.wallet.balance() == had

    @case("", "expired")
    async def test_an_invoice_that_ran_out_is_never_offered_for_payment(
        self, tmp_path: Path, bench: ChannelBench
    ) -> None:
        app = App(tmp_path)
        async with selling(bench.network.payee, expiry_s=1) as stall:
            ran = await app.send(f"{stall.url}/late", bench.connection)
            assert ran.status in (3, 6), ran.err
            assert not await bench.network.carol.paid(stall.billed[0].payment_hash.hex)
        assert app.states("/late") in ([], ["offered"])

    @case("", "stuck then settled")
    async def test_a_purchase_that_was_stuck_is_delivered_later(self, tmp_path: Path, bench: ChannelBench) -> None:
        app = App(tmp_path)
        async with selling(StoppingPayee(bench.network)) as stall:
            stuck = await app.send(f"{stall.url}/stuck", bench.connection, wait_s=self.stuck_wait_s)
            assert stuck.status == 4, stuck.err
            bench.network.carol.process.resume()
            moved = await app.send(f"{stall.url}/stuck", bench.connection, wait_s=30)
            assert moved.status == 0, moved.err
            assert moved.json["status"] == 200
            assert [await bench.network.carol.paid(b.payment_hash.hex) for b in stall.bills("/stuck")].count(True) == 1
        assert app.states("/stuck") == ["settled"]

    @case("", "killed mid-payment")
    async def test_killed_while_the_money_is_on_its_way(self, tmp_path: Path, either: ChannelBench) -> None:
        async def go_on() -> None:
            either.network.carol.process.resume()

        async with selling(StoppingPayee(either.network)) as stall:
            await killed_mid_payment(
                App(tmp_path),
                stall,
                either.connection,
                is_paid=either.network.carol.paid,
                is_asked=either.network.alice.unsettled_sats,
                before_restart=go_on,
            )
