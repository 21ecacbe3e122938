"""Whole purchases: every dialect and every bad manner of the sandbox, through the real client, vault and ledger."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from l402desk.client.limits import Limits
from l402desk.engine import journey
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.sandbox.dialects import DIALECTS, Dialect
from l402desk.sandbox.endpoints import PRICED, Endpoint
from l402desk.sandbox.quirks import QUIRKS
from l402desk.sandbox.server import Sandbox, open_sandbox
from l402desk.sandbox.wallet import START
from l402desk.services import Plan, Services, open_services
from l402desk.wallets.play import PlayMoney
from tests.engine.shop import Buyer, states, tokens, until
from tests.fakes.keyrings import FakeKeyring

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
PLAY = "Play wallet"
SHORT = Limits(total_s=1.0, idle_s=0.6)
STALLS = ("slow-headers", "slow-body", "hangs")
"""What ends by a limit alone; everything else has the limits of the app, however busy the machine is."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.01)


@asynccontextmanager
async def at_the_sandbox(
    folder: Path, *quirks: str, limits: Limits | None = None
) -> AsyncIterator[tuple[Sandbox, Services]]:
    plan = Plan(folder / "data", folder / "cache", keyring=FakeKeyring(), limits=limits or Limits())
    async with open_sandbox(quirks=frozenset(quirks)) as sandbox, open_services(plan) as services:
        services.wallets.connect(PlayMoney(sandbox.wallet))
        await services.unlock()
        yield sandbox, services


async def spent(sandbox: Sandbox) -> Msat:
    return START - await sandbox.wallet.balance()


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.name)
async def test_every_dialect_is_bought_once_and_used_again(tmp_path: Path, dialect: Dialect) -> None:
    async with at_the_sandbox(tmp_path) as (sandbox, services):
        buyer = Buyer(services, url=sandbox.url + dialect.path)
        await buyer.offer()
        view = await buyer.pay(PLAY)
        assert view.outcome is Outcome.DELIVERED
        assert view.answer is not None
        assert view.answer.status == 200
        assert await spent(sandbox) == Msat.of_sats(2)
        assert (await states(services), await tokens(services)) == (["settled"], ["usable"])
        again = await Buyer(services, url=sandbox.url + dialect.path).send()
        assert again.answer is not None
        assert again.answer.authorization_sent
        assert await spent(sandbox) == Msat.of_sats(2)


ORDINARY = [e for e in PRICED if e.price is not None and e.path not in ("/flaky", "/checkout")]


@pytest.mark.parametrize("endpoint", ORDINARY, ids=lambda e: e.path)
async def test_every_endpoint_is_bought(tmp_path: Path, endpoint: Endpoint) -> None:
    async with at_the_sandbox(tmp_path) as (sandbox, services):
        buyer = Buyer(services, url=sandbox.url + endpoint.example, method=endpoint.method)
        await buyer.offer()
        view = await buyer.pay(PLAY)
        assert (view.outcome, await spent(sandbox)) == (Outcome.DELIVERED, endpoint.price)


async def test_what_fails_once_after_payment_is_delivered_for_free(tmp_path: Path) -> None:
    async with at_the_sandbox(tmp_path) as (sandbox, services):
        buyer = Buyer(services, url=f"{sandbox.url}/flaky")
        await buyer.offer()
        assert (await buyer.pay(PLAY)).outcome is Outcome.UNDELIVERED
        assert (await buyer.deliver_again()).outcome is Outcome.DELIVERED
        assert await spent(sandbox) == Msat.of_sats(2)


@dataclass(frozen=True)
class Expected:
    """Where a journey ends that tries to buy `/weather` from a server with a quirk, and what it may have spent."""

    phase: Phase
    outcome: Outcome | None = None
    sats: int = 0
    can_pay: bool = False


DONE, CHALLENGED = Phase.DONE, Phase.CHALLENGED
REFUSED = Expected(CHALLENGED)
NO_ANSWER = Expected(DONE, Outcome.NETWORK)
SERVER: dict[str, Expected] = {
    "wrong-hash": REFUSED,
    "bad-signature": REFUSED,
    "amountless": REFUSED,
    "expired": REFUSED,
    "mainnet-invoice": REFUSED,
    "402-forever": Expected(DONE, Outcome.NOT_ACCEPTED, 21),
    "refuses-token": Expected(DONE, Outcome.NOT_ACCEPTED, 21),
    "price-doubles": Expected(DONE, Outcome.DELIVERED, 21),
    "slow-headers": NO_ANSWER,
    "slow-body": Expected(DONE, Outcome.UNDELIVERED, 21),
    "gzip-bomb": Expected(DONE, Outcome.DELIVERED, 21),
    "huge-header": NO_ANSWER,
    "redirect-elsewhere": Expected(DONE, Outcome.UNDELIVERED, 21),
    "hangs": NO_ANSWER,
    "challenge-on-200": Expected(DONE, Outcome.ANSWERED),
    "bidi-description": Expected(DONE, Outcome.DELIVERED, 21),
    "table-bomb-description": Expected(DONE, Outcome.DELIVERED, 21),
}
WALLET: dict[str, Expected] = {
    "wallet-fails": Expected(DONE, Outcome.PAYMENT_FAILED, 0),
    "wallet-pending-then-paid": Expected(DONE, Outcome.DELIVERED, 21),
    "wallet-pending-forever": Expected(Phase.UNKNOWN, None, 21),
    "wallet-paid-without-preimage": Expected(Phase.NO_PROOF, None, 21),
    "wallet-wrong-preimage": Expected(Phase.NO_PROOF, None, 21),
}


def test_every_quirk_of_the_sandbox_is_expected_somewhere() -> None:
    assert {*SERVER, *WALLET} == set(QUIRKS)


@pytest.mark.parametrize("quirk", SERVER)
async def test_a_server_with_bad_manners_is_paid_once_at_most(tmp_path: Path, quirk: str) -> None:
    expected = SERVER[quirk]
    async with at_the_sandbox(tmp_path, quirk, limits=SHORT if quirk in STALLS else None) as (sandbox, services):
        buyer = Buyer(services, url=f"{sandbox.url}/weather?city=Oslo")
        await buyer.offer()
        view = await buyer.pay(PLAY)
        assert (view.phase, view.outcome, view.can_pay) == (expected.phase, expected.outcome, expected.can_pay)
        assert await spent(sandbox) == Msat.of_sats(expected.sats)
        await buyer.open()
        await buyer.pay(PLAY)
        if view.can_retry:
            await buyer.deliver_again()
        assert await spent(sandbox) == Msat.of_sats(expected.sats)
        assert len(await tokens(services)) == (1 if expected.sats else 0)


@pytest.mark.parametrize("quirk", WALLET)
async def test_a_wallet_with_bad_manners_pays_once_at_most(tmp_path: Path, quirk: str) -> None:
    expected = WALLET[quirk]
    async with at_the_sandbox(tmp_path, quirk) as (sandbox, services):
        buyer = Buyer(services, url=f"{sandbox.url}/weather")
        await buyer.offer()
        job = asyncio.create_task(buyer.pay(PLAY))
        await until(lambda: (buyer.view.phase, buyer.view.outcome) == (expected.phase, expected.outcome))
        second = Buyer(services, url=f"{sandbox.url}/weather")
        if expected.phase is not DONE:
            assert (await second.offer()).blocking is not None
            await second.pay(PLAY)
        assert await spent(sandbox) == Msat.of_sats(expected.sats)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)


async def test_a_doubled_price_is_told_before_it_is_paid(tmp_path: Path) -> None:
    async with at_the_sandbox(tmp_path, "price-doubles") as (sandbox, services):
        first = Buyer(services, url=f"{sandbox.url}/once")
        await first.offer()
        await first.pay(PLAY)
        second = await Buyer(services, url=f"{sandbox.url}/once").send()
        assert "price-changed" in {finding.code for finding in second.inspections[0].findings}
        assert second.can_pay


async def test_an_elsewhere_never_sees_the_credential(tmp_path: Path) -> None:
    async with at_the_sandbox(tmp_path, "redirect-elsewhere") as (sandbox, services):
        buyer = Buyer(services, url=f"{sandbox.url}/weather")
        await buyer.offer()
        view = await buyer.pay(PLAY)
        assert view.answer is not None
        assert view.answer.status == 302
        assert view.answer.redirect_refused


async def test_what_is_done_too_early_or_too_late_changes_nothing(tmp_path: Path) -> None:
    async with at_the_sandbox(tmp_path) as (sandbox, services):
        buyer = Buyer(services, url=f"{sandbox.url}/weather")
        for _ in range(2):
            for act in (buyer.open, buyer.close, buyer.keep_again, buyer.deliver_again):
                await act()
            await buyer.pay(PLAY)
            await buyer.prove("not a proof")
            if buyer.view.phase is Phase.IDLE:
                await buyer.offer()
                await buyer.pay(PLAY)
        await buyer.send()
        assert (buyer.view.outcome, await spent(sandbox)) == (Outcome.DELIVERED, Msat.of_sats(21))


async def test_every_view_is_newer_than_the_one_before(tmp_path: Path) -> None:
    async with at_the_sandbox(tmp_path) as (sandbox, services):
        buyer = Buyer(services, url=f"{sandbox.url}/weather")
        await buyer.offer()
        await buyer.pay(PLAY)
        numbers = [view.number for view in buyer.views]
        assert numbers == sorted(set(numbers))
        assert buyer.view.number >= numbers[-1]


def test_the_window_can_be_painted_before_the_network_is_loaded() -> None:
    heavy = ("httpx", "sqlite3", "cryptography", "coincurve", "keyring", "starlette")
    script = "import sys, l402desk.session.exchange, l402desk.session.recovery\n"
    script += f"print([name for name in {heavy!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")
