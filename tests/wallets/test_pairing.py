from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from l402desk.protocol.amount import Msat
from l402desk.wallets.connection import Kind, read_connection
from l402desk.wallets.errors import BadConnection, NotReached
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nwc import NwcWallet
from l402desk.wallets.nwc_talk import OFFER
from l402desk.wallets.pairing import METHODS, RELAYS, Pairing, Wish
from tests.harness.mint import Mint
from tests.harness.nwc import NwcService
from tests.harness.relay import LyingRelay
from tests.wallets.contract import FEE_LIMIT, proves
from tests.wallets.lying import nobody

STRANGER = b"\x07" * 32


def asked(uri: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(uri).query, strict_parsing=True)


def test_the_wish_says_who_asks_for_what_and_holds_no_secret() -> None:
    wish = Wish(budget=Msat.of_sats(10_000), renews="daily", expires_at=1_900_000_000)
    pairing = Pairing(nobody, wish, ("wss://one.example/", "wss://two.example"))
    assert pairing.uri.startswith(f"nostr+walletauth://{pairing.key}?")
    assert asked(pairing.uri) == {
        "name": ["L402 Desk"],
        "request_methods": ["pay_invoice lookup_invoice get_info get_balance list_transactions"],
        "notification_types": ["payment_sent"],
        "max_amount": ["10000000"],
        "budget_renewal": ["daily"],
        "expires_at": ["1900000000"],
        "relay": ["wss://one.example", "wss://two.example"],
    }
    assert "+" not in pairing.uri.partition("?")[2]  # a space is %20 everywhere
    for shown in (pairing.uri, pairing.uri_for("alby"), pairing.hub_url("https://hub.example/apps/new"), repr(pairing)):
        assert pairing.secret.hex() not in shown
    assert pairing.key == public_key(pairing.secret)


def test_each_pairing_has_a_key_of_its_own() -> None:
    assert Pairing(nobody).key != Pairing(nobody).key
    assert asked(Pairing(nobody).uri)["relay"] == list(RELAYS)


def test_one_that_only_looks_asks_for_no_budget_and_not_to_pay() -> None:
    wish = Wish(budget=Msat.of_sats(10), watch_only=True)
    assert "pay_invoice" not in asked(Pairing(nobody, wish).uri)["request_methods"][0]
    assert "max_amount" not in asked(Pairing(nobody, wish).uri)
    assert wish.methods == METHODS[1:]


def test_a_wallet_can_be_named() -> None:
    assert Pairing(nobody).uri_for("alby").startswith("nostr+walletauth+alby://")


def test_a_hub_is_asked_on_its_page() -> None:
    pairing = Pairing(nobody, Wish(budget=Msat.of_sats(5)))
    url = pairing.hub_url("https://my.albyhub.com/apps/new")
    assert url.startswith(f"https://my.albyhub.com/apps/new?pubkey={pairing.key}&name=L402%20Desk&")
    assert asked(url)["max_amount"] == ["5000"]
    assert "relay" not in asked(url)
    assert pairing.hub_url("http://localhost:8080/apps/new?x=1").startswith(
        "http://localhost:8080/apps/new?x=1&pubkey="
    )


@pytest.mark.parametrize(
    "page", ["", "hub", "http://hub.example/apps/new", "https://me:p@hub.example", "https://hub.example/#/apps/new"]
)
def test_a_page_that_is_no_hubs_is_refused(page: str) -> None:
    with pytest.raises(BadConnection):
        Pairing(nobody).hub_url(page)


@pytest.mark.parametrize("relays", [(), ("ws://relay.example",), ("relay.example",), ("wss://a.example", "x")])
def test_relays_that_cannot_be_used_are_refused(relays: tuple[str, ...]) -> None:
    with pytest.raises(BadConnection):
        Pairing(nobody, relays=relays)


def test_a_wish_that_nobody_could_grant_is_none() -> None:
    for wrong in ({"renews": "hourly"}, {"budget": Msat(0)}):
        with pytest.raises(ValueError):
            Wish(**wrong)


@asynccontextmanager
async def waiting(relay: LyingRelay, wish: Wish | None = None) -> AsyncIterator[tuple[Pairing, asyncio.Task[str]]]:
    pairing = Pairing(nobody, wish or Wish(), (relay.url,))
    task = asyncio.ensure_future(pairing.wait())
    try:
        await until(lambda: {"kinds": [OFFER], "#p": [pairing.key]} in relay.asked)
        yield pairing, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


def offer(secret: bytes, key: str, content: str = "pay_invoice", *, kind: int = OFFER) -> Event:
    return sign(secret, kind, [("p", key), ("encryption", "nip44_v2")], content, int(time.time()))


@pytest.mark.anyio
async def test_the_wallet_that_answers_is_connected_and_pays(tmp_path: Path) -> None:
    async with LyingRelay() as relay, waiting(relay) as (pairing, task):
        keys = (STRANGER, pairing.secret)  # the service knows our public key alone; the mock derives it
        service = NwcService(Mint(tmp_path), tmp_path / "ledger", [relay.url], keys=keys, shows_info=False)
        async with service.serving():
            await service.publish(service.offer(paired=True))
            async with asyncio.timeout(5):
                text = await task
            connection = read_connection(text)
            assert (connection.kind, connection.peer, connection.relays) == (Kind.NWC, service.key, (relay.url,))
            assert not connection.watch_only
            invoice, _, _ = service.mint.new()
            assert proves(await NwcWallet("Hub", connection, nobody).pay(invoice, fee_limit=FEE_LIMIT), invoice)


@pytest.mark.anyio
async def test_one_that_only_looks_is_stored_as_such() -> None:
    async with LyingRelay() as relay, waiting(relay, Wish(watch_only=True)) as (pairing, task):
        await relay.pass_on(offer(STRANGER, pairing.key, "lookup_invoice"))
        async with asyncio.timeout(5):
            assert read_connection(await task).watch_only


@pytest.mark.anyio
async def test_an_answer_that_came_before_anybody_listened_counts() -> None:
    async with LyingRelay() as relay:
        pairing = Pairing(nobody, relays=(relay.url,))
        relay.kept.append(offer(STRANGER, pairing.key))
        async with asyncio.timeout(5):
            assert read_connection(await pairing.wait()).peer == public_key(STRANGER)


@pytest.mark.anyio
@pytest.mark.parametrize("lie", ["forged-signature", "changed-content", "own-id", "wrong-id", "foreign-subscription"])
async def test_a_forged_answer_connects_nobody(lie: str) -> None:
    async with LyingRelay() as relay, waiting(relay) as (pairing, task):
        relay.lie = lie
        await relay.pass_on(offer(STRANGER, pairing.key))
        relay.lie = ""
        await relay.pass_on(offer(b"\x08" * 32, "ab" * 32))  # to somebody else
        await relay.pass_on(offer(b"\x08" * 32, pairing.key, kind=23_195))
        await relay.pass_on(offer(b"\x08" * 32, pairing.key, ""))  # offers nothing
        await relay.pass_on(offer(pairing.secret, pairing.key))  # our own
        await asyncio.sleep(0.05)
        assert not task.done()
        await relay.pass_on(offer(b"\x09" * 32, pairing.key))
        async with asyncio.timeout(5):
            assert read_connection(await task).peer == public_key(b"\x09" * 32)


@pytest.mark.anyio
async def test_the_first_answer_counts_and_a_later_one_changes_nothing() -> None:
    async with LyingRelay() as relay, waiting(relay) as (pairing, task):
        await relay.pass_on(offer(STRANGER, pairing.key))
        await relay.pass_on(offer(b"\x08" * 32, pairing.key))
        async with asyncio.timeout(5):
            assert read_connection(await task).peer == public_key(STRANGER)


@pytest.mark.anyio
async def test_a_relay_that_breaks_is_dialled_again_while_it_waits() -> None:
    async with LyingRelay() as relay, waiting(relay) as (pairing, task):
        before = relay.connections
        relay.drop()
        relay.kept.append(offer(STRANGER, pairing.key))  # answered while nobody listened
        async with asyncio.timeout(5):
            assert read_connection(await task).peer == public_key(STRANGER)
        assert relay.connections > before


@pytest.mark.anyio
async def test_where_no_relay_is_it_says_so() -> None:
    with pytest.raises(NotReached, match="nothing listens there"):
        await Pairing(nobody, relays=("ws://127.0.0.1:1",)).wait()
