"""A store is looked at without anything being taken in; what it does not tell is asked for; then it comes in whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.services import Services
from l402desk.session import import_jobs as jobs
from l402desk.session.import_jobs import CHOOSE_ANOTHER, Ask, Host, Reading, Source
from l402desk.store.errors import StoreError
from l402desk.store.passphrase import Cost
from l402desk.vault import bundle
from l402desk.vault.bundle_contents import Contents
from l402desk.vault.carried import Carried
from l402desk.vault.foreign.entries import ForeignStore, Kind
from l402desk.vault.foreign.mcp402 import KEY_FILE
from tests.engine.shop import Shop, a_desk
from tests.fakes.purchased import NOW, credential_of, new_token, preimage_of
from tests.vault.foreign import stores
from tests.vault.foreign.stores import KEY, paid_file, pending_file
from tests.vault.test_awaiting import pending

pytestmark = pytest.mark.anyio
CHEAP = Cost(1, 64, 1)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def services(tmp_path: Path, shop: Shop) -> AsyncIterator[Services]:
    async with a_desk(tmp_path / "desk", shop) as opened:
        yield opened


async def held(services: Services) -> tuple[int, int]:
    return len(await services.vault.list()), len(await services.awaiting.list())


def without_secrets(reading: Reading) -> str:
    """What a log would show of it."""
    shown = repr(reading)
    for number in range(1, 6):
        assert credential_of(number) not in shown
        assert preimage_of(number).hex not in shown
    return shown


async def test_lngets_folder_is_recognised_and_nothing_is_taken_in(services: Services, tmp_path: Path) -> None:
    for number, host in ((1, "a.example"), (2, "b.example_8443")):
        stores.lnget_host(tmp_path / "lnget" / "tokens", host, paid_file(number))
    stores.lnget_host(tmp_path / "lnget" / "tokens", "a.example", pending_file(3), pending=True)
    stores.lnget_host(tmp_path / "lnget" / "tokens", "c.example", b"damaged")
    reading = await jobs.read(services, source=Source(tmp_path / "lnget"))
    found = reading.found
    assert found is not None
    assert (found.kind, found.ask, found.tokens, found.pending) == (Kind.LNGET, None, 2, 1)
    assert found.hosts == (Host("a.example", 1, 1), Host("b.example:8443", 1, 0))
    assert [problem.where for problem in found.problems] == ["c.example/l402.token"]
    assert await held(services) == (0, 0)
    without_secrets(reading)


async def test_where_the_store_knows_no_server_its_address_is_asked_for(services: Services, tmp_path: Path) -> None:
    (tmp_path / "l402.token").write_bytes(paid_file(1))
    source = Source(tmp_path / "l402.token")
    found = (await jobs.read(services, source=source)).found
    assert found is not None
    assert (found.kind, found.ask, found.refusal, found.is_empty) == (Kind.APERTURE, Ask.ADDRESS, "", True)
    for address in ("http://shop.example", "shop", "ftp://shop.example"):
        found = (await jobs.read(services, source=replace(source, home=address))).found
        assert found is not None
        assert found.ask is Ask.ADDRESS
        assert address in found.refusal
    found = (await jobs.read(services, source=replace(source, home="https://shop.example"))).found
    assert found is not None
    assert (found.ask, found.hosts) == (None, (Host("shop.example", 1, 0),))


async def test_where_only_some_entries_know_no_server_the_others_can_come_in(
    services: Services, tmp_path: Path
) -> None:
    entries: list[dict[str, str]] = [
        {"url": "https://a.example/x", "token": credential_of(1), "preimage": preimage_of(1).hex},
        {"token": credential_of(2), "preimage": preimage_of(2).hex},
    ]
    (tmp_path / "a.json").write_text(json.dumps(entries))
    source = Source(tmp_path / "a.json")
    found = (await jobs.read(services, source=source)).found
    assert found is not None
    assert (found.kind, found.ask, found.tokens, found.homeless) == (Kind.JSON, Ask.ADDRESS, 1, 1)
    found = (await jobs.read(services, source=replace(source, home="https://b.example"))).found
    assert found is not None
    assert (found.ask, found.tokens, found.problems) == (None, 2, ())


async def test_a_sealed_export_asks_for_its_passphrase(services: Services, tmp_path: Path) -> None:
    contents = Contents(NOW, (Carried(new_token(1)),), (pending(2),))
    (tmp_path / "out").write_bytes(await bundle.seal_bundle(contents, "correct horse", CHEAP))
    source = Source(tmp_path / "out")
    found = (await jobs.read(services, source=source)).found
    assert found is not None
    assert (found.kind, found.ask, found.refusal) == (Kind.SEALED, Ask.PASSPHRASE, "")
    wrong = replace(source, passphrase="wrong horse")
    assert "wrong horse" not in repr(wrong)
    found = (await jobs.read(services, source=wrong)).found
    assert found is not None
    assert found.ask is Ask.PASSPHRASE
    assert found.refusal.startswith("This passphrase does not open the sealed export")
    reading = await jobs.read(services, source=replace(source, passphrase="correct horse"))
    assert reading.found is not None
    assert (reading.found.ask, reading.found.tokens, reading.found.pending) == (None, 1, 1)
    assert reading.found.made_at == NOW
    assert "correct horse" not in without_secrets(reading)


async def test_a_sealed_store_of_402_mcp_asks_for_its_key(services: Services, tmp_path: Path) -> None:
    folder = tmp_path / "mcp"
    folder.mkdir()
    sealed = stores.mcp402_sealed({"https://a.example": stores.mcp402_credential(1)})
    (folder / "credentials.json").write_text(sealed)
    wrong, right = tmp_path / "wrong", tmp_path / "right"
    wrong.write_text("0" * 64)
    right.write_text(KEY.hex())
    for path in (folder, folder / "credentials.json"):
        for key_file, words in ((None, f"there is no {KEY_FILE} beside it"), (wrong, "This key does not open")):
            found = (await jobs.read(services, source=Source(path, key_file=key_file))).found
            assert found is not None
            assert (found.kind, found.ask) == (Kind.MCP402, Ask.KEY_FILE)
            assert words in found.refusal
        found = (await jobs.read(services, source=Source(path, key_file=right))).found
        assert found is not None
        assert (found.ask, found.tokens) == (None, 1)


async def test_what_is_no_store_is_refused_in_the_words_of_a_window(services: Services, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG")
    (tmp_path / "empty").mkdir()
    (tmp_path / "open.json").write_text(json.dumps({"https://a.example": {"paymentHash": 1, "preimage": 2}}))
    for name in ("picture", "empty", "absent", "a\0b"):
        reading = await jobs.read(services, source=Source(tmp_path / name))
        assert reading.found is None
        assert reading.refusal
        assert "--" not in reading.refusal
    reading = await jobs.read(services, source=Source(tmp_path / "picture"))
    assert reading.refusal.endswith(CHOOSE_ANOTHER)


async def test_what_was_shown_is_taken_in_once_and_nothing_is_sent(
    services: Services, shop: Shop, tmp_path: Path
) -> None:
    tokens = tuple(Carried(new_token(number)) for number in range(1, 30))
    told: list[object] = []
    store = ForeignStore(Kind.SEALED, tokens, (pending(50),))
    taken = await jobs.take(services, told.append, store=store)
    assert (len(taken.kept), len(taken.known), len(taken.awaited)) == (29, 0, 1)
    assert told == [0, 25]
    again = await jobs.take(services, told.append, store=store)
    assert (len(again.kept), len(again.known), len(again.awaited_known)) == (0, 29, 1)
    assert await held(services) == (29, 1)
    assert shop.seen == []


async def test_a_locked_vault_takes_nothing_in(services: Services) -> None:
    await services.lock()
    with pytest.raises(StoreError):
        await jobs.take(services, print, store=ForeignStore(Kind.SEALED, (Carried(new_token(1)),)))


async def test_a_pending_one_whose_token_is_held_is_not_kept_again(services: Services) -> None:
    await services.vault.keep(new_token(2, "https://api.example/", caveats=()))
    taken = await jobs.take(services, print, store=ForeignStore(Kind.LNGET, (), (pending(2),)))
    assert (taken.paid, taken.awaited) == ((pending(2),), ())
