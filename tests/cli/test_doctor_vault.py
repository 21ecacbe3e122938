"""The app's file is looked at from inside: its pages, its key, its payments, its wallets."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.cli import doctor_vault as inside
from l402desk.protocol.exchange import Phase
from l402desk.services import Plan, Services, open_services
from l402desk.store.errors import Damaged
from tests.engine.shop import Buyer, Scripted, Shop, a_desk, until
from tests.fakes.keyrings import FakeKeyring
from tests.harness.market import running

KEY = "0123456789abcdef0123456789abcdef"
pytestmark = pytest.mark.anyio


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(tmp_path / "data", tmp_path / "cache", keyring=FakeKeyring())


@pytest.fixture
async def services(plan: Plan) -> AsyncIterator[Services]:
    async with open_services(plan) as services:
        await services.unlock()
        yield services


async def test_a_session_without_a_keyring_says_so_at_once() -> None:
    section = await inside.keyring()
    assert section.data["backend"] is None
    assert "no usable keyring" in str(section.data["reason"])


async def test_a_sound_file_is_told_with_its_tables(services: Services) -> None:
    section = await inside.database(services.database)
    assert section.data["integrity"] == "ok"
    assert isinstance(section.data["schemas"], dict)
    assert {"vault", "ledger", "wallets"} <= set(section.data["schemas"])
    assert section.problems == []


async def test_broken_pages_are_told(services: Services) -> None:
    await services.database.write(
        lambda c: [c.execute("CREATE TABLE broken (a TEXT NOT NULL)"), c.execute("INSERT INTO broken VALUES ('x')")]
    )
    await services.database.write(
        lambda c: [
            c.execute("PRAGMA writable_schema = ON"),
            c.execute("UPDATE sqlite_schema SET sql = 'CREATE TABLE broken (a TEXT NOT NULL, b INTEGER NOT NULL)'"
                      " WHERE name = 'broken'"),
            c.execute("PRAGMA writable_schema = RESET"),
        ]
    )  # fmt: skip
    section = await inside.database(services.database)
    assert section.data["integrity"] != "ok"
    assert "put your last backup in its place" in section.problems[0].remedy


async def test_an_open_vault_says_who_keeps_its_key(services: Services) -> None:
    section = await inside.vault(services)
    assert (section.data["state"], section.data["sealed_by"]) == ("open", services.keys.kept_by)
    assert section.problems == []
    assert "recovery code" in section.hints[0].what


async def test_without_a_vault_there_is_none_and_none_is_made(plan: Plan) -> None:
    async with open_services(plan) as services:
        assert (await inside.vault(services)).data["state"] == "none"
        assert not await services.vault_exists()


async def test_a_vault_under_a_passphrase_is_locked_and_well(tmp_path: Path) -> None:
    plan = Plan(tmp_path / "data", tmp_path / "cache", keyring=None)
    async with open_services(plan) as services:
        await services.unlock("correct horse battery staple")
    async with open_services(plan) as services:
        section = await inside.vault(services)
        assert (section.data["state"], section.problems) == ("locked", [])


async def test_a_vault_whose_keyring_is_gone_is_unwell(plan: Plan, tmp_path: Path) -> None:
    async with open_services(plan) as services:
        await services.unlock()
    other = Plan(plan.data_folder, plan.cache_folder, keyring=FakeKeyring())
    async with open_services(other) as services:
        section = await inside.vault(services)
        assert section.data["state"] == "locked"
        assert section.problems[0].remedy


async def test_what_is_open_and_what_is_undelivered_is_counted(tmp_path: Path) -> None:
    shop = Shop()

    async def drop(_invoice: str) -> None:
        raise ConnectionResetError

    silent = Scripted(pay=drop)  # type: ignore[arg-type]
    async with a_desk(tmp_path, shop, silent) as services:
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay())
        await until(lambda: buyer.view.phase is Phase.UNKNOWN)
        section = await inside.ledger(services)
        assert (section.data["open"], section.data["undelivered"], section.data["tokens"]) == (1, 0, 0)
        assert "The end of one payment is not known yet." in section.hints[0].words
        paying.cancel()
        await asyncio.wait({paying})


async def test_wallets_are_told_without_their_secrets_and_tried(services: Services, tmp_path: Path) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        await services.wallet_book.add("gone", f"lnbits+http://127.0.0.1:{unheard.getsockname()[1]}?key={KEY}")
        with running(["tests.harness.lnbits", "--mint", str(tmp_path), "--ledger", str(tmp_path / "l")]) as line:
            told = json.loads(line)
            await services.wallet_book.add("here", f"lnbits+{told['url']}?key={told['key']}&watch=1")
            section = await inside.wallets(services)
    stored = section.data["stored"]
    assert isinstance(stored, list)
    gone, here = stored
    assert (gone["name"], gone["reachable"], gone["default"]) == ("gone", False, True)
    assert (here["name"], here["reachable"], here["watch_only"], here["reason"]) == ("here", True, True, None)
    (problem,) = section.problems
    assert "“gone” cannot be used" in problem.what
    assert KEY not in str(section)
    assert told["key"] not in str(section)


async def test_play_money_that_is_not_there_is_only_a_hint(services: Services) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        await services.wallet_book.add("play", f"play:{unheard.getsockname()[1]}")
        section = await inside.wallets(services)
    assert section.problems == []
    assert "“play” cannot be used" in section.hints[0].what


async def test_a_wallet_that_never_answers_is_not_waited_for(services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        await services.wallet_book.add("silent", f"lnbits+http://127.0.0.1:{silent.getsockname()[1]}?key={KEY}")
        section = await inside.wallets(services, patience_s=0.05)
    assert "did not answer within 0.05 seconds" in section.problems[0].what


async def test_a_disconnected_wallet_is_asked_nothing_and_is_no_problem(services: Services) -> None:
    await services.wallet_book.add("Home", "lnbits+http://127.0.0.1:1?key=5ec2e7")
    await services.wallet_book.prefer("https://api.example.com", "Home")
    await services.wallet_book.set_connected("Home", False)
    section = await inside.wallets(services)
    assert section.problems == []
    stored = section.data["stored"]
    assert isinstance(stored, list)
    (told,) = stored
    assert (told["connected"], told["reachable"], told["hosts"]) == (False, None, ["https://api.example.com"])
    assert "disconnected, the default, the default at 1 host(s)" in section.rows[0][1]


async def test_without_wallets_that_is_a_hint(services: Services) -> None:
    section = await inside.wallets(services)
    assert (section.data["stored"], section.problems) == ([], [])
    assert "No wallet is connected." in section.hints[0].what


def test_a_file_that_does_not_open_is_told_with_its_remedy() -> None:
    section = inside.not_open(Damaged("/somewhere"))
    assert section.data["integrity"] is None
    assert "/somewhere" in section.problems[0].what
