"""What lives on the loop: opened in order, unlocked by file, passphrase or keyring, closed without losing anything."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk import services as services_module
from l402desk.services import Plan, Services, VaultLocked, open_services
from l402desk.store.errors import (
    KeyringUnavailable,
    KeyUnavailable,
    PassphraseNeeded,
    ReadOnly,
    StoreError,
    WrongPassphrase,
)
from l402desk.store.passphrase_file import PassphraseFileUnreadable
from l402desk.store.run_folder import LEFT_BEHIND_S
from l402desk.store.unlock import YOUR_PASSPHRASE
from l402desk.wallets.beacon import places
from tests.fakes.keyrings import LOCKED, FakeKeyring

pytestmark = pytest.mark.anyio
WORDS = "correct horse battery staple"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services_module, "SETTLE_DOWN_S", 0.1)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(tmp_path / "data", tmp_path / "cache", keyring=FakeKeyring())


@pytest.fixture
async def services(plan: Plan) -> AsyncIterator[Services]:
    async with open_services(plan) as opened:
        yield opened


async def test_opening_asks_nobody_for_a_key(plan: Plan, services: Services) -> None:
    assert isinstance(plan.keyring, FakeKeyring)
    assert (plan.keyring.calls, services.is_unlocked, services.keys.kept_by) == ([], False, "")
    assert not await services.vault_exists()
    with pytest.raises(VaultLocked):
        _ = services.vault
    with pytest.raises(VaultLocked):
        _ = services.ledger


async def test_a_keyring_opens_the_vault_once(plan: Plan, services: Services) -> None:
    await asyncio.gather(*[services.unlock() for _ in range(5)])
    assert isinstance(plan.keyring, FakeKeyring)
    assert (services.is_unlocked, services.keys.kept_by) == (True, "Fake keyring")
    assert plan.keyring.calls.count("write") == 1
    assert await services.vault_exists()
    vault, ledger = services.vault, services.ledger
    await services.unlock()
    assert (services.vault, services.ledger) == (vault, ledger)


async def test_a_locked_keyring_leaves_the_vault_closed_and_can_be_tried_again(plan: Plan, services: Services) -> None:
    assert isinstance(plan.keyring, FakeKeyring)
    plan.keyring.trouble = LOCKED
    with pytest.raises(KeyUnavailable):
        await services.unlock()
    assert not services.is_unlocked
    plan.keyring.trouble = None
    await services.unlock()
    assert services.is_unlocked


async def test_a_typed_passphrase_opens_the_vault_again_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "data", tmp_path / "cache", keyring=None)
    async with open_services(plan) as first:
        with pytest.raises(PassphraseNeeded):
            await first.unlock()
        await first.unlock(WORDS)
        assert first.keys.kept_by == YOUR_PASSPHRASE
    async with open_services(plan) as second:
        with pytest.raises(WrongPassphrase):
            await second.unlock("wrong")
        assert not second.is_unlocked
        await second.unlock(WORDS)
        assert second.is_unlocked


@pytest.mark.parametrize("ending", ["\n", "\r\n", "", "\nsecond line\n"])
async def test_the_first_line_of_the_passphrase_file_opens_the_vault(tmp_path: Path, ending: str) -> None:
    file, keyring = tmp_path / "pass", FakeKeyring()
    file.write_bytes(f"{WORDS}{ending}".encode())
    plan = Plan(tmp_path / "data", tmp_path / "cache", passphrase_file=file, keyring=keyring)
    async with open_services(plan) as services:
        await services.unlock()
        assert services.keys.kept_by == YOUR_PASSPHRASE
    assert keyring.calls == []  # where a file is named the keyring is not asked
    async with open_services(Plan(tmp_path / "data", tmp_path / "cache", keyring=None)) as services:
        await services.unlock(WORDS)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
async def test_a_passphrase_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "pass"
    if content is not None:
        file.write_bytes(content)
    plan = Plan(tmp_path / "data", tmp_path / "cache", passphrase_file=file, keyring=FakeKeyring())
    async with open_services(plan) as services:
        with pytest.raises(PassphraseFileUnreadable) as told:
            await services.unlock()
    assert str(file) in told.value.sentence


async def test_an_empty_passphrase_file_makes_no_vault(tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("\n")
    plan = Plan(tmp_path / "data", tmp_path / "cache", passphrase_file=tmp_path / "pass")
    async with open_services(plan) as services:
        with pytest.raises(KeyUnavailable):
            await services.unlock()
        assert not await services.vault_exists()


async def test_a_vault_of_a_keyring_is_not_made_anew_where_there_is_none(plan: Plan, tmp_path: Path) -> None:
    async with open_services(plan) as first:
        await first.unlock()
    async with open_services(Plan(tmp_path / "data", tmp_path / "cache", keyring=None)) as second:
        with pytest.raises(KeyringUnavailable):
            await second.unlock()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "desk.sqlite3").write_text("a letter to my mother " * 99)
    with pytest.raises(StoreError):
        async with open_services(Plan(tmp_path / "data", tmp_path / "cache")):
            pass


async def test_the_sandbox_brings_its_wallet_along(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "data", tmp_path / "cache", sandbox_port=0)
    async with open_services(plan) as services:
        assert services.sandbox is not None
        assert [wallet.name for wallet in services.wallets] == ["Play wallet"]
    assert services.sandbox is not None


async def test_a_taken_port_gives_the_sandbox_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with open_services(Plan(tmp_path / "data", tmp_path / "cache", sandbox_port=port)) as services:
            assert services.sandbox is not None
            assert services.sandbox.origin.port != port


async def test_work_that_ends_soon_is_waited_for_with_what_it_begins(services: Services) -> None:
    done = []

    async def second() -> None:
        await asyncio.sleep(0.02)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.02)
        services.keep_running(second())
        done.append("first")

    services.keep_running(first())
    await services.settle_down()
    assert done == ["first", "second"]


async def test_work_that_does_not_end_is_broken_off(services: Services) -> None:
    task = services.keep_running(asyncio.sleep(60))
    began = asyncio.get_running_loop().time()
    await services.settle_down()
    assert task.cancelled()
    assert asyncio.get_running_loop().time() - began < 2


async def test_work_outlives_the_job_that_began_it(services: Services) -> None:
    ended = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.02)
        ended.set()

    async def job() -> None:
        await asyncio.shield(services.keep_running(work()))

    task = asyncio.create_task(job())
    await asyncio.sleep(0.005)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(ended.wait(), 2)


async def test_an_error_in_such_work_is_told_to_who_waits_and_to_no_log(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError("secret=abc")

    task = services.keep_running(broken())
    await asyncio.wait({task})
    assert isinstance(task.exception(), RuntimeError)
    del task
    await services.settle_down()
    assert caplog.text == ""


async def test_closing_leaves_no_task_behind(plan: Plan) -> None:
    before = asyncio.all_tasks()
    async with open_services(plan) as services:
        await services.unlock()
        services.keep_running(asyncio.sleep(60))
    assert asyncio.all_tasks() == before


async def test_time_is_whole_seconds_of_the_clock(services: Services) -> None:
    services.clock = lambda: 1_700_000_000.9
    assert services.now() == 1_700_000_000


async def test_answers_lie_in_a_folder_of_this_run_that_goes_with_it(plan: Plan) -> None:
    bodies = plan.cache_folder / "bodies"
    left_behind, in_use = bodies / "run-crashed", bodies / "run-other"
    for folder in (left_behind, in_use):
        folder.mkdir(parents=True)
        (folder / "body").write_bytes(b"x")
    yesterday = time.time() - LEFT_BEHIND_S - 60
    os.utime(left_behind, (yesterday, yesterday))
    async with open_services(plan):
        assert not left_behind.exists()
        own = [folder for folder in bodies.iterdir() if folder != in_use]
        assert [folder.stat().st_mode & 0o777 for folder in own] == [0o700]
    assert list(bodies.iterdir()) == [in_use]


async def test_a_cache_that_cannot_be_written_is_named(plan: Plan) -> None:
    plan.cache_folder.mkdir(parents=True)
    (plan.cache_folder / "bodies").write_text("in the way")
    with pytest.raises(ReadOnly, match="bodies"):
        async with open_services(plan):
            pass


async def test_stored_wallets_are_sealed_connected_at_unlock_and_forgotten_together(plan: Plan) -> None:
    async with open_services(plan) as first:
        with pytest.raises(VaultLocked):
            _ = first.wallet_book
        await first.unlock()
        await first.wallet_book.add("Home", "lnbits+https://pay.example?key=a")
    async with open_services(plan) as second:
        assert list(second.wallets) == []
        await second.unlock()
        assert [wallet.name for wallet in second.wallets.payers()] == ["Home"]
        second.wallets.disconnect_stored()
        assert list(second.wallets) == []


async def test_a_sandbox_beside_the_window_is_found_by_others_while_it_runs(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "data", tmp_path / "cache", keyring=None, sandbox_port=0)
    async with open_services(plan) as services:
        assert services.sandbox is not None
        assert places(plan.cache_folder)[0] == services.sandbox.url
    assert len(places(plan.cache_folder)) == 1
