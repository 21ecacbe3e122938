"""What an earlier run left: paid tokens are kept, open payments are looked up, and nothing is paid meanwhile."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from l402desk.engine import recovery
from l402desk.engine.recovery import look_for_awaited, recover
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.origin import Origin
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.services import Services
from l402desk.store.errors import StoreError
from l402desk.vault.awaiting import PendingToken
from l402desk.vault.scope import Reach
from l402desk.wallets.errors import WalletError
from tests.engine.crashing import FileKeyring
from tests.engine.shop import (
    NAME,
    URL,
    Buyer,
    Scripted,
    Shop,
    a_desk,
    failing,
    finding,
    rows_now,
    states,
    tokens,
    unanswered,
)
from tests.fakes.purchased import claim

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
STRANGE = Preimage(b"\x02" * 32)


def crash(folder: Path, where: str) -> Preimage:
    command = [sys.executable, "-m", "tests.engine.crashing", str(folder), where]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return Preimage.from_hex((folder / "proof").read_text())


async def claimed(services: Services, shop: Shop, url: str = URL, rail: str = NAME) -> tuple[Purchase, Preimage]:
    """A purchase whose app ended right after the hash was given to the wallet."""
    purchase = (await Buyer(services, url=url).offer()).purchase
    assert purchase is not None
    await claim(services.ledger, purchase.id, rail)
    return purchase, shop.preimages[purchase.payment_hash]


async def test_a_kill_between_proof_and_token_loses_no_token(tmp_path: Path) -> None:
    proof = crash(tmp_path, "keeping")
    assert rows_now(tmp_path, "SELECT state FROM purchases") == [("settled",)]
    assert rows_now(tmp_path, "SELECT * FROM tokens") == []
    shop = Shop()
    async with a_desk(tmp_path, shop, keyring=FileKeyring(tmp_path)) as services:
        assert await recover(services) == ()
        assert await tokens(services) == ["undelivered"]
        view = await Buyer(services).send()
        assert view.answer is not None
        assert view.answer.status == 200
        credential = (tmp_path / "credential").read_text()
        assert [seen.authorizations for seen in shop.seen] == [(f"L402 {credential}:{proof.hex}",)]


async def test_a_kill_between_claim_and_answer_leaves_the_payment_open_and_blocks_the_next(tmp_path: Path) -> None:
    proof = crash(tmp_path, "paying")
    assert rows_now(tmp_path, "SELECT state, rail FROM purchases") == [("submitted", NAME)]
    shop = Shop()
    async with a_desk(tmp_path, shop, keyring=FileKeyring(tmp_path)) as services:
        (still_open,) = await recover(services)
        assert (str(still_open.state), still_open.reason) == ("unknown", recovery.LEFT_OPEN)
        buyer = Buyer(services)
        view = await buyer.offer()
        assert view.phase is Phase.CHALLENGED
        assert view.blocking is not None
        assert view.blocking.id == still_open.id
        await buyer.pay()
        assert shop.wallet.paid == []
        shop.wallet.learn(proof)  # the wallet had paid after all
        await shop.wallet.pay(still_open.invoice, fee_limit=still_open.fee_limit)
        assert await recover(services) == ()
        assert (await states(services), await tokens(services)) == (["settled"], ["undelivered"])
        assert (await Buyer(services).send()).outcome is Outcome.ANSWERED


async def test_without_anything_left_there_is_nothing_to_do(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        assert await recover(services) == ()
        await Buyer(services).buy()
        assert await recover(services) == ()
        assert (await tokens(services), shop.wallet.calls) == (["usable"], ["pay"])


async def test_a_locked_vault_is_left_alone(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop(), locked=True) as services:
        assert await recover(services) == ()


async def test_recovering_twice_at_once_keeps_one_token(tmp_path: Path) -> None:
    shop = Shop()
    wallet = Scripted(pay=unanswered)
    async with a_desk(tmp_path, shop, wallet) as services:
        _, proof = await claimed(services, shop)
        wallet._look_up = finding(Paid(proof))
        assert not any(await asyncio.gather(recover(services), recover(services)))
        assert (await states(services), await tokens(services)) == (["settled"], ["undelivered"])


@pytest.mark.parametrize("found", [None, Unknown("on its way"), WalletError("gone", "wait"), RuntimeError("bug")])
async def test_what_proves_nothing_ends_nothing(tmp_path: Path, found: PaymentResult | Exception | None) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered, look_up=finding(found))) as services:
        await claimed(services, shop)
        for _ in range(3):
            assert len(await recover(services)) == 1
        assert await states(services) == ["unknown"]


@pytest.mark.parametrize("found", [Paid(STRANGE), PaidWithoutProof("no preimage")])
async def test_paid_without_a_proof_stays_open_until_there_is_one(tmp_path: Path, found: PaymentResult) -> None:
    shop = Shop()
    wallet = Scripted(pay=unanswered, look_up=finding(found))
    async with a_desk(tmp_path, shop, wallet) as services:
        _, proof = await claimed(services, shop)
        assert len(await recover(services)) == 1
        wallet._look_up = finding(Failed("now it says this"))
        assert [str(p.state) for p in await recover(services)] == ["paid-without-proof"]
        wallet._look_up = finding(Paid(proof))
        assert await recover(services) == ()


async def test_a_proven_failure_ends_it(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered, look_up=finding(Failed("no route")))) as services:
        await claimed(services, shop)
        assert await recover(services) == ()
        assert await states(services) == ["failed"]


async def test_a_wallet_that_is_not_connected_leaves_it_open(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await claimed(services, shop, rail="A wallet elsewhere")
        (still_open,) = await recover(services)
        assert still_open.rail == "A wallet elsewhere"
        assert shop.wallet.calls == []


async def test_a_wallet_that_hangs_does_not_hold_up_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "PATIENCE_S", 0.05)

    async def hang(_: PaymentHash) -> PaymentResult | None:
        await asyncio.Event().wait()
        return None

    shop = Shop()
    quick = Scripted(pay=unanswered, name="Quick")
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered, look_up=hang), quick) as services:
        first, _ = await claimed(services, shop)
        _, proof = await claimed(services, shop, "https://shop.example/v1/other", "Quick")
        quick._look_up = finding(Paid(proof))
        assert [p.id for p in await recover(services)] == [first.id]


async def test_what_this_run_is_paying_is_not_called_left_over(tmp_path: Path) -> None:
    shop = Shop()
    asked = asyncio.Event()

    async def begin(invoice: str) -> PaymentResult:
        asked.set()
        return await unanswered(invoice)

    async with a_desk(tmp_path, shop, Scripted(pay=begin)) as services:
        buyer = Buyer(services)
        purchase = (await buyer.offer()).purchase
        assert purchase is not None
        paying = asyncio.create_task(buyer.pay())
        await asked.wait()
        (still_open,) = await recover(services)
        paying.cancel()
        await asyncio.gather(paying, return_exceptions=True)
        assert (str(still_open.state), still_open.reason) == ("submitted", "")


async def test_a_row_that_was_tampered_with_keeps_no_other_from_being_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        for url in (URL, "https://shop.example/v1/other"):
            purchase = (await Buyer(services, url=url).offer()).purchase
            assert purchase is not None
            await services.ledger.settle(purchase.id, shop.preimages[purchase.payment_hash])
        sql = "UPDATE purchases SET challenge = zeroblob(60) WHERE number = 1"
        await services.database.write(lambda connection: connection.execute(sql).rowcount)
        assert await recover(services) == ()
        assert [summary.scope.path for summary in await services.vault.list()] == ["/v1/other"]
    assert "SealBroken" in caplog.text


async def test_a_full_disk_leaves_what_is_proven_for_the_next_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Shop()
    wallet = Scripted(pay=unanswered)
    async with a_desk(tmp_path, shop, wallet) as services:
        _, proof = await claimed(services, shop)
        wallet._look_up = finding(Paid(proof))
        failing(services).fail_next_write(after=2)  # it is called unknown, and asked about; then the disk is full
        assert len(await recover(services)) == 1
        assert "DiskFull" in caplog.text
        assert await recover(services) == ()
        failing(services).fail_next_write()
        assert await recover(services) == ()  # nothing is left to write


async def test_a_ledger_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await claimed(services, shop)
        failing(services).fail_next_write()
        with pytest.raises(StoreError):
            await recover(services)


async def test_a_journey_and_a_recovery_of_the_same_payment_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from l402desk.engine import journey, standing

    monkeypatch.setattr(standing, "PATIENCE_S", 0.02)
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,))
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.01)
    shop = Shop()
    wallet = Scripted(pay=unanswered)
    async with a_desk(tmp_path, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        wallet._look_up = finding(None, None, Paid(shop.preimages[buyer.payment_hash]))
        await asyncio.gather(buyer.pay(), *[recover(services) for _ in range(5)])
        assert buyer.view.outcome is Outcome.DELIVERED
        assert (await states(services), await tokens(services)) == (["settled"], ["usable"])
        for task in tuple(services._running):
            task.cancel()


# Imported tokens that wait for their proof.


async def test_an_imported_token_gets_its_proof_from_the_wallet_that_paid_it(tmp_path: Path) -> None:
    shop = Shop()
    proof = Preimage(b"\x07" * 32)
    wallet = Scripted(pay=unanswered, look_up=finding(Paid(proof)))
    async with a_desk(tmp_path, shop, wallet) as services:
        await services.awaiting.keep(pending(proof.payment_hash()))
        await look_for_awaited(services)
        assert await services.awaiting.list() == []
        (kept,) = await services.vault.list()
        assert kept.payment_hash == proof.payment_hash().hex


@pytest.mark.parametrize("found", [None, Unknown("on its way"), Failed("no"), Paid(STRANGE), PaidWithoutProof("none")])
async def test_an_imported_token_is_kept_while_no_wallet_proves_its_payment(
    tmp_path: Path, found: PaymentResult | None
) -> None:
    async with a_desk(tmp_path, Shop(), Scripted(pay=unanswered, look_up=finding(found))) as services:
        await services.awaiting.keep(pending(PaymentHash(b"\x01" * 32)))
        await look_for_awaited(services)
        assert len(await services.awaiting.list()) == 1


async def test_a_token_that_was_deleted_for_ever_is_not_brought_back(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        shop.paid_answers = [httpx.Response(503)]
        await Buyer(services).buy()
        (token,) = await services.vault.list()
        await services.vault.trash(token.id)
        await services.vault.forget(token.id)
        await recover(services)
        assert (await services.vault.list(), await services.vault.list(trashed=True)) == ([], [])


def pending(payment_hash: PaymentHash) -> PendingToken:
    return PendingToken(
        scheme="L402", credential="AgEB", payment_hash=payment_hash, origin=Origin.of(URL), path="/v1/thing",
        reach=Reach.HOST, source="imported from lnget",
    )  # fmt: skip
