"""Which wallet pays is settled before anything is paid; a connection that is spelled out shows its secret nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.cli.send_options import UsageError
from l402desk.cli.send_wallet import NoWallet, choose, connect, written_out
from l402desk.protocol.origin import Origin
from l402desk.services import Plan, Services, open_services
from l402desk.wallets.connection import Kind
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.wallet import EVERYTHING, FakeWallet

KEY = "0123456789abcdef0123456789abcdef"
HOST = Origin.of("https://api.example.com")
LNBITS = f"lnbits+https://wallet.example:5000/lnbits?key={KEY}"
pytestmark = pytest.mark.anyio


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_services(Plan(tmp_path / "data", tmp_path / "cache", keyring=FakeKeyring())) as services:
        await services.unlock()
        yield services


def watching(name: str) -> FakeWallet:
    return FakeWallet(name, capabilities=replace(EVERYTHING, pays=False))


async def test_the_named_wallet_is_the_one(services: Services) -> None:
    services.wallets.connect(FakeWallet("one"))
    services.wallets.connect(FakeWallet("two"))
    assert await choose(services, "two", HOST) == "two"


async def test_a_name_that_is_not_there_is_no_other_wallet(services: Services) -> None:
    services.wallets.connect(FakeWallet("one"))
    with pytest.raises(NoWallet, match="There is no wallet “two”"):
        await choose(services, "two", HOST)


async def test_a_wallet_that_only_looks_is_not_asked_to_pay(services: Services) -> None:
    services.wallets.connect(watching("eye"))
    with pytest.raises(NoWallet, match="to look payments up, not to pay"):
        await choose(services, "eye", HOST)


async def test_the_default_wallet_pays_where_none_is_named(services: Services) -> None:
    await services.wallet_book.add("spare", LNBITS)
    await services.wallet_book.add("usual", LNBITS)
    await services.wallet_book.set_default("usual")
    for name in ("spare", "usual"):
        services.wallets.connect(await services.wallet_book.open(name))
    assert await choose(services, None, HOST) == "usual"


async def test_a_host_has_a_wallet_of_its_own(services: Services) -> None:
    for name in ("usual", "special"):
        await services.wallet_book.add(name, LNBITS)
        services.wallets.connect(await services.wallet_book.open(name))
    await services.wallet_book.prefer(str(HOST), "special")
    assert await choose(services, None, HOST) == "special"
    assert await choose(services, None, Origin.of("https://other.example")) == "usual"
    assert await choose(services, "usual", HOST) == "usual"
    await services.wallet_book.set_connected("special", False)
    assert await choose(services, None, HOST) == "usual"


async def test_the_only_one_that_can_pay_does(services: Services) -> None:
    services.wallets.connect(watching("eye"))
    services.wallets.connect(FakeWallet("purse"))
    assert await choose(services, None, HOST) == "purse"


async def test_without_a_wallet_the_way_to_one_is_told(services: Services) -> None:
    services.wallets.connect(watching("eye"))
    with pytest.raises(NoWallet, match="l402desk wallets add NAME CONNECTION"):
        await choose(services, None, HOST)


async def test_of_several_none_is_guessed(services: Services) -> None:
    services.wallets.connect(FakeWallet("one"))
    services.wallets.connect(FakeWallet("two"))
    with pytest.raises(NoWallet, match="“one”, “two”"):
        await choose(services, None, HOST)


async def test_a_connection_that_is_spelled_out_has_one_name_in_every_run(services: Services, tmp_path: Path) -> None:
    connection = written_out(LNBITS)
    assert connection is not None
    name = connect(services, connection)
    assert connect(services, connection) == name
    assert KEY not in name
    assert name.startswith("lnbits+https://wallet.example:5000/lnbits #")
    other = written_out(LNBITS.replace(KEY, KEY[::-1]))
    assert other is not None
    assert connect(services, other) != name, "a payment would be looked up in another purse"
    assert await choose(services, name, HOST) == name


async def test_a_watch_only_connection_is_not_asked_to_pay(services: Services) -> None:
    connection = written_out(f"{LNBITS}&watch=1")
    assert connection is not None
    with pytest.raises(NoWallet, match="not to pay"):
        await choose(services, connect(services, connection), HOST)


def test_a_name_is_no_connection() -> None:
    assert written_out(None) is None
    assert written_out("home") is None
    assert written_out("my wallet") is None
    play = written_out("play:")
    assert play is not None
    assert play.kind is Kind.PLAY


@pytest.mark.parametrize("text", [f"lnbits+http://wallet.example?key={KEY}", f"https://h?key={KEY}", f"x:{KEY}"])
def test_a_connection_that_cannot_be_used_is_wrong_usage_and_stays_secret(text: str) -> None:
    with pytest.raises(UsageError) as error:
        written_out(text)
    assert KEY not in str(error.value)
