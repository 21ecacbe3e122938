"""Tokens leave the vault sealed, or in clear for lnget; what cannot is named; nothing that is there is touched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from l402desk.services import Services
from l402desk.session import export_jobs as jobs
from l402desk.session.export_jobs import DOES_NOT_OPEN, Exported, Which
from l402desk.store.errors import StoreError
from l402desk.store.passphrase import Cost
from l402desk.vault import bundle
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.foreign.entries import Problem
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.wanted import Wanted
from l402desk.vault.whole_file import NotWritten
from tests.engine.shop import Shop, a_desk
from tests.fakes.purchased import NOW, new_token
from tests.vault.test_awaiting import pending

pytestmark = pytest.mark.anyio
WORDS = "of the export"


@dataclass
class Held:
    usable: TokenSummary
    expired: TokenSummary
    trashed: TokenSummary


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with a_desk(tmp_path / "desk", Shop()) as opened:
        yield opened


@pytest.fixture
async def held(services: Services) -> Held:
    keep = services.vault.keep
    usable = await keep(new_token(1, reach=Reach.HOST, title="weather"))
    expired = await keep(new_token(2, "https://b.example/x", caveats=(f"expires_at={NOW}",), title="b.example"))
    trashed = await keep(new_token(3, "https://c.example/x"))
    await services.vault.trash(trashed.id)
    await services.awaiting.keep(pending(4))
    return Held(usable, expired, trashed)


async def opened(file: Path) -> tuple[list[str], int]:
    contents = await bundle.open_bundle(await asyncio.to_thread(file.read_bytes), WORDS)
    return [str(carried.token.origin) for carried in contents.tokens], len(contents.pending)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_everything_is_sealed_in_one_file(services: Services, held: Held, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = await jobs.seal(services, which=Which(), file=out, passphrase=WORDS)
    assert done == Exported(out, tokens=3, pending=1)
    origins, waiting = await opened(out)
    assert sorted(origins) == ["https://api.example", "https://b.example", "https://c.example"]
    assert waiting == 1


async def test_one_is_sealed_or_those_that_are_listed_in_their_order(
    services: Services, held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    await jobs.seal(services, which=Which(ids=(held.expired.id,)), file=tmp_path / "one", passphrase=WORDS)
    assert await opened(tmp_path / "one") == (["https://b.example"], 0)
    numbers = tuple(await services.vault.numbers(Wanted()))
    which = Which(numbers=(*numbers, 4_711))
    done = await jobs.seal(services, which=which, file=tmp_path / "listed", passphrase=WORDS)
    assert (done.tokens, done.pending) == (2, 0)
    listed = [summary.origin for summary in await services.vault.list()]
    assert (await opened(tmp_path / "listed"))[0] == [str(origin) for origin in listed]


async def test_what_does_not_open_is_named_and_the_rest_is_written(
    services: Services, held: Held, tmp_path: Path
) -> None:
    sql = "UPDATE tokens SET secret = x'00' WHERE id = ?"
    await services.database.write(lambda connection: connection.execute(sql, (held.usable.id,)).rowcount)
    done = await jobs.seal(services, which=Which(), file=tmp_path / "out", passphrase=WORDS)
    assert (done.tokens, done.left) == (2, (Problem("weather · api.example", DOES_NOT_OPEN),))


async def test_a_file_that_is_there_stays_as_it_is(services: Services, held: Held, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    with pytest.raises(NotWritten, match="There is something at"):
        await jobs.seal(services, which=Which(), file=out, passphrase=WORDS)
    assert out.read_text() == "mine"
    with pytest.raises(NotWritten, match="cannot be written"):
        await jobs.seal(services, which=Which(), file=tmp_path / "absent" / "out", passphrase=WORDS)
    assert names_in(tmp_path) == ["desk", "out"]


async def test_lnget_gets_what_it_can_use_and_the_rest_is_named(services: Services, held: Held, tmp_path: Path) -> None:
    folder = tmp_path / "lnget"
    done = await jobs.lay_out_for_lnget(services, which=Which(), folder=folder)
    assert done.for_lnget
    assert (done.tokens, done.pending, done.unproven) == (1, 0, 1)
    assert done.written == (("weather · api.example", "api.example"),)
    assert set(done.left) == {
        Problem("b.example", "It has expired."),
        Problem("Demo · c.example", "It is in the trash."),
    }
    (carried,) = read_store(folder).tokens
    assert carried.token.token == new_token(1).token
    again = await jobs.lay_out_for_lnget(services, which=Which(), folder=folder)
    assert (again.tokens, len(again.left)) == (0, 3)
    named = await jobs.lay_out_for_lnget(services, which=Which(ids=(held.expired.id,)), folder=folder)
    assert named.written == (("b.example", "b.example"),)


async def test_a_token_that_is_gone_by_now_is_an_error_and_nothing_is_written(
    services: Services, held: Held, tmp_path: Path
) -> None:
    await services.vault.forget(held.trashed.id)
    with pytest.raises(NoSuchToken):
        await jobs.seal(services, which=Which(ids=(held.trashed.id,)), file=tmp_path / "out", passphrase=WORDS)
    await services.lock()
    with pytest.raises(StoreError):
        await jobs.lay_out_for_lnget(services, which=Which(), folder=tmp_path / "lnget")
    assert names_in(tmp_path) == ["desk"]
