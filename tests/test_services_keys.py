"""Locking, moving, replacing, backing up and restoring with everything open: no key stays, and no proof is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk import services as services_module
from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Paid, PaymentResult
from l402desk.protocol.proof import PaymentHash
from l402desk.services import PaymentInHand, Plan, Services, VaultLocked, open_services
from l402desk.store import backup as backup_module
from l402desk.store import vault_key as vault_key_module
from l402desk.store.errors import (
    InUse,
    KeyringLocked,
    PassphraseNeeded,
    VaultClosed,
    WrongBackupPassphrase,
    WrongPassphrase,
    WrongRecoveryCode,
)
from l402desk.store.passphrase import Cost
from l402desk.store.vault_key import Kind
from tests.engine.shop import NAME, Buyer, Scripted, Shop, a_desk, tokens, until
from tests.fakes.keyrings import LOCKED, FakeKeyring
from tests.fakes.purchased import new_token

pytestmark = pytest.mark.anyio
WORDS = "correct horse battery staple"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_module, "SETTLE_DOWN_S", 0.05)
    monkeypatch.setattr(vault_key_module, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))
    monkeypatch.setattr(backup_module.make, "__kwdefaults__", {"replace": False, "cost": Cost(1, 64, 1)})


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def plan(tmp_path: Path, keyring: FakeKeyring) -> Plan:
    return Plan(tmp_path / "data", tmp_path / "cache", keyring=keyring)


@pytest.fixture
async def services(plan: Plan) -> AsyncIterator[Services]:
    async with open_services(plan) as opened:
        await opened.unlock()
        yield opened


async def test_locking_drops_the_key_and_all_that_needs_it(services: Services, keyring: FakeKeyring) -> None:
    await services.wallet_book.add("Home", "lnbits+https://pay.example?key=a")
    await services.lock()
    await services.unlock()
    assert [wallet.name for wallet in services.wallets] == ["Home"]
    kept = await services.vault.keep(new_token(1))
    vault = services.vault
    await services.lock()
    assert (services.is_unlocked, services.keys.kept_by, list(services.wallets)) == (False, "", [])
    for part in ("vault", "ledger", "awaiting", "wallet_book"):
        with pytest.raises(VaultLocked):
            getattr(services, part)
    with pytest.raises(VaultClosed):  # what somebody still holds opens nothing
        await vault.reveal(kept.id)
    await services.lock()
    reads = keyring.calls.count("read")
    await services.unlock()
    assert keyring.calls.count("read") == reads + 1
    assert (await services.vault.reveal(kept.id)).preimage == new_token(1).token.preimage


async def test_a_locked_keyring_keeps_the_vault_closed_after_locking(services: Services, keyring: FakeKeyring) -> None:
    await services.lock()
    keyring.trouble = LOCKED
    with pytest.raises(KeyringLocked):
        await services.unlock()
    keyring.trouble = None
    await services.unlock()
    assert services.is_unlocked


async def test_the_vault_stays_open_while_a_wallet_has_an_invoice_and_the_proof_is_kept(
    shop: Shop, tmp_path: Path
) -> None:
    answer, asked = asyncio.Event(), asyncio.Event()

    async def slow(invoice: str) -> PaymentResult:
        asked.set()
        await answer.wait()
        return await shop.wallet.pay(invoice, fee_limit=Msat.of_sats(10))

    async with a_desk(tmp_path, shop, Scripted(pay=slow)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay(NAME))
        await asked.wait()
        with pytest.raises(PaymentInHand) as told:
            await services.lock()
        assert "proof" in told.value.sentence
        assert services.is_unlocked
        answer.set()
        await paying
        assert await tokens(services) == ["usable"]
        await services.lock()
        assert not services.is_unlocked


async def test_a_payment_that_ends_in_a_moment_is_waited_for(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_module, "SETTLE_DOWN_S", 5.0)
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay(NAME))
        await until(lambda: services.in_hand)
        try:
            await services.lock()
        except PaymentInHand:  # between two steps of the journey: locked when it is asked again
            await paying
            await services.lock()
        await asyncio.gather(paying, return_exceptions=True)
        await services.unlock()
        assert len(await tokens(services)) == 1


async def test_a_question_that_hangs_does_not_keep_the_vault_open(shop: Shop, tmp_path: Path) -> None:
    hanging = asyncio.Event()

    async def never(_hash: PaymentHash) -> PaymentResult | None:
        await hanging.wait()
        return None

    async with a_desk(tmp_path, shop, Scripted(pay=shop.wallet.pay, look_up=never)) as services:  # type: ignore[arg-type]
        question = services.keep_running(hanging.wait(), only_asks=True)
        await services.lock()
        assert not services.is_unlocked
        question.cancel()


async def test_a_proof_pasted_while_it_is_locked_is_told_and_kept_in_memory_until_it_is_open(
    shop: Shop, tmp_path: Path
) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        await services.lock()
        paid = await shop.wallet.pay(shop.bills[-1][1], fee_limit=Msat.of_sats(10))
        assert isinstance(paid, Paid)
        view = await buyer.prove(paid.preimage.hex)
        assert view.unkept_proof == paid.preimage
        assert view.notice is not None
        assert "locked" in view.notice.sentence + view.notice.remedy
        await services.unlock()
        await buyer.keep_again()
        assert await tokens(services) == ["usable"]


async def test_the_key_is_replaced_under_an_open_vault(services: Services) -> None:
    kept = await services.vault.keep(new_token(1))
    await services.wallet_book.add("Home", "lnbits+https://pay.example?key=a")
    vault = services.vault
    done = await services.rotate_key()
    assert (done.damaged, done.resealed) == ((), 3)
    assert (await vault.reveal(kept.id)).preimage == new_token(1).token.preimage
    await services.lock()
    await services.unlock()
    assert (await services.vault.reveal(kept.id)).preimage == new_token(1).token.preimage
    assert await services.wallet_book.reveal("Home")


async def test_another_process_keeps_the_key_and_the_file_as_they_are(
    services: Services, plan: Plan, tmp_path: Path
) -> None:
    await services.keys.back_up(tmp_path / "backup", WORDS)
    async with open_services(plan):
        with pytest.raises(InUse):
            await services.rotate_key()
        with pytest.raises(InUse):
            await services.restore(tmp_path / "backup", WORDS)
    assert services.is_unlocked
    await services.rotate_key()


async def test_a_vault_whose_key_comes_from_a_passphrase_file_is_rotated_by_it(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text(f"{WORDS}\n")
    plan = Plan(tmp_path / "data", tmp_path / "cache", passphrase_file=tmp_path / "pass", keyring=None)
    async with open_services(plan) as services:
        await services.unlock()
        await services.rotate_key()
        await services.lock()
        await services.unlock()
        with pytest.raises(WrongPassphrase):
            await services.rotate_key("wrong")


async def test_a_forgotten_passphrase_is_replaced_after_the_recovery_code(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "data", tmp_path / "cache", keyring=None)
    async with open_services(plan) as services:
        await services.unlock("forgotten soon")
        kept = await services.vault.keep(new_token(1))
        with pytest.raises(PassphraseNeeded):
            await services.keys.new_code()
        code = await services.keys.new_code(proof="forgotten soon")
        with pytest.raises(PassphraseNeeded):
            await services.keys.keep_by_passphrase(WORDS)
        await services.lock()
        with pytest.raises(WrongRecoveryCode):
            await services.unlock_by_code("0" * 35)
        await services.unlock_by_code(code)
        await services.keys.keep_by_passphrase(WORDS)
        with pytest.raises(PassphraseNeeded):  # that was once: from now on the passphrase is asked for again
            await services.keys.keep_by_passphrase("a third one")
        await services.lock()
        await services.unlock(WORDS)
        assert (await services.vault.reveal(kept.id)).preimage == new_token(1).token.preimage


async def test_a_lost_keyring_item_is_replaced_after_the_recovery_code(
    services: Services, keyring: FakeKeyring
) -> None:
    code = await services.keys.new_code()
    await services.lock()
    keyring.items.clear()
    await services.unlock_by_code(code)
    await services.keys.keep_by_keyring()
    await services.lock()
    await services.unlock()
    assert len(keyring.items) == 1


async def test_a_backup_is_restored_in_the_open_window_and_the_keyring_keeps_the_key_again(
    services: Services, keyring: FakeKeyring, tmp_path: Path
) -> None:
    old = await services.vault.keep(new_token(1))
    await services.keys.back_up(tmp_path / "backup", WORDS)
    later = await services.vault.keep(new_token(2, "https://api.example/later"))
    done = await services.restore(tmp_path / "backup", WORDS)
    assert done.aside is not None
    assert [token.id for token in await services.vault.list()] == [old.id]
    assert services.keys.kept_by == "Fake keyring"
    status = await services.keys.status()
    assert status is not None
    assert status.kind is Kind.KEYRING
    # Both open: each wrapping has its own item in the keyring.
    assert len(keyring.items) == 2
    done.aside.replace(tmp_path / "aside.sqlite3")
    (tmp_path / "other").mkdir(mode=0o700)
    (tmp_path / "aside.sqlite3").replace(tmp_path / "other" / "desk.sqlite3")
    async with open_services(Plan(tmp_path / "other", tmp_path / "cache2", keyring=keyring)) as other:
        await other.unlock()
        assert {token.id for token in await other.vault.list()} == {old.id, later.id}


async def test_a_keyring_that_takes_nothing_leaves_the_restored_vault_under_the_backups_passphrase(
    services: Services, keyring: FakeKeyring, tmp_path: Path
) -> None:
    await services.keys.back_up(tmp_path / "backup", WORDS)
    keyring.trouble = LOCKED
    await services.restore(tmp_path / "backup", WORDS)
    assert services.is_unlocked
    await services.lock()
    await services.unlock(WORDS)


async def test_a_backup_that_does_not_open_leaves_everything_and_the_vault_open(
    services: Services, tmp_path: Path
) -> None:
    kept = await services.vault.keep(new_token(1))
    await services.keys.back_up(tmp_path / "backup", WORDS)
    with pytest.raises(WrongBackupPassphrase):
        await services.restore(tmp_path / "backup", "wrong")
    assert [token.id for token in await services.vault.list()] == [kept.id]


async def test_what_needs_the_key_says_that_the_vault_is_locked(services: Services, tmp_path: Path) -> None:
    await services.lock()
    for question in (
        services.keys.new_code(),
        services.keys.rotate(),
        services.keys.keep_by_keyring(),
        services.keys.keep_by_passphrase(WORDS),
        services.keys.back_up(tmp_path / "backup", WORDS),
    ):
        with pytest.raises(VaultClosed):
            await question
    assert not (tmp_path / "backup").exists()
