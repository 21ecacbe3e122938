"""The talk with a wallet service: which encryption, what a request is, and relays that do what they like."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from l402desk.protocol.payment import Failed, Paid
from l402desk.wallets import nwc as wallet_module
from l402desk.wallets import nwc_talk as module
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.nostr import session as session_module
from l402desk.wallets.nostr.event import sign
from l402desk.wallets.nwc import NwcWallet
from l402desk.wallets.nwc_envelope import EXPIRES_S
from l402desk.wallets.nwc_offer import Speech
from l402desk.wallets.nwc_talk import OFFER, Talk
from tests.harness.mint import Mint
from tests.harness.nwc import NIP04, NIP44, NwcService
from tests.harness.relay import LyingRelay
from tests.harness.relay_lies import LIES
from tests.wallets.contract import FEE_LIMIT, proves
from tests.wallets.lying import nobody

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OFFER_S", 1.0)
    monkeypatch.setattr(module, "PROBE_S", 1.0)
    monkeypatch.setattr(module, "HANDING_S", 0.3)
    wait(0.6, monkeypatch)
    monkeypatch.setattr(session_module, "GATHER_S", 0.1)
    monkeypatch.setattr(session_module, "REACH_S", 0.5)


def wait(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long for what comes, however busy the machine is; not at all for what does not."""
    monkeypatch.setattr(wallet_module, "PAY_S", seconds)
    monkeypatch.setattr(wallet_module, "ASK_S", seconds)


@asynccontextmanager
async def a_service(folder: Path, *relays: LyingRelay, **more: Any) -> AsyncIterator[NwcService]:
    async with AsyncExitStack() as stack:
        for relay in relays:
            await stack.enter_async_context(relay)
        service = NwcService(Mint(folder), folder / "ledger", [relay.url for relay in relays], **more)
        yield await stack.enter_async_context(service.serving())


def talk(service: NwcService) -> Talk:
    return Talk(read_connection(service.connection()), nobody)


def wallet(service: NwcService, connection: str = "") -> NwcWallet:
    async def at_once(_: float) -> None: ...

    return NwcWallet("Hub", read_connection(connection or service.connection()), nobody, sleep=at_once)


async def dropped(relay: LyingRelay, service: NwcService) -> None:
    """All connections of the relay break, and the service comes back."""
    before = service.attended
    relay.drop()
    await until(lambda: service.attended > before)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def balance_of(talk: Talk) -> object:
    said = await talk.ask("get_balance", {}, within_s=10)
    assert said.result is not None
    return said.result["balance"]


@pytest.mark.parametrize(
    ("speaks", "shows_info", "spoken"),
    [
        ((NIP44, NIP04), True, [NIP44]),
        ((NIP44,), True, [NIP44]),
        ((NIP04,), True, [NIP04]),
        ((NIP44, NIP04), False, [NIP44, NIP44]),  # the first one asks for what costs nothing
        ((NIP44,), False, [NIP44, NIP44]),
        ((NIP04,), False, [NIP04, NIP04]),
    ],
)
async def test_it_speaks_as_the_service_does(
    tmp_path: Path, speaks: tuple[str, ...], shows_info: bool, spoken: list[str]
) -> None:
    async with a_service(tmp_path, LyingRelay(), speaks=speaks, shows_info=shows_info, balance=5) as service:
        asked = talk(service)
        assert await balance_of(asked) == 5
        assert service.speeches == spoken
        assert await balance_of(asked) == 5  # agreed once
        assert service.speeches == [*spoken, spoken[-1]]


async def test_a_service_that_says_it_does_not_understand_is_asked_in_the_older_way(tmp_path: Path) -> None:
    async with a_service(tmp_path, LyingRelay(), shows_info=False) as service:
        unsupported = {"error": {"code": "UNSUPPORTED_ENCRYPTION", "message": ""}}
        told = service.account.told
        service.account.told = lambda method, params: (  # type: ignore[method-assign]
            unsupported if service.speeches[-1] == NIP44 else told(method, params)
        )
        asked = talk(service)
        await balance_of(asked)
        assert asked.speech is Speech.NIP04


async def test_where_nobody_understands_nothing_but_a_free_question_was_asked(tmp_path: Path) -> None:
    async with a_service(tmp_path, LyingRelay(), speaks=("nip99",), shows_info=False) as service:
        with pytest.raises(NoAnswer, match="The wallet does not answer"):
            await talk(service).ask("pay_invoice", {}, within_s=0.5)
        assert service.counts["pay_invoice"] == 0
    async with a_service(tmp_path, LyingRelay(), speaks=("nip99",)) as service:
        with pytest.raises(NoAnswer, match="ways that this app does not know"):
            await talk(service).ask("pay_invoice", {}, within_s=0.5)
        assert service.requests == []


async def test_a_relay_that_hides_or_falsifies_the_info_event_talks_nobody_into_the_older_encryption(
    tmp_path: Path,
) -> None:
    relay = LyingRelay()
    async with a_service(tmp_path, relay) as service:
        asked = talk(service)
        await balance_of(asked)
        relay.kept.clear()
        await asked.learn()
        await balance_of(asked)
        relay.kept = [sign(service.secret, OFFER, [], "pay_invoice get_balance", 1_600_000_000)]  # its own, of long ago
        await asked.learn()
        await balance_of(asked)
        relay.kept = [sign(b"\x07" * 32, OFFER, [("encryption", "nip04")], "pay_invoice", int(time.time()))]
        await balance_of(talk(service))
        assert set(service.speeches) == {NIP44}


async def test_an_answer_in_the_newer_encryption_settles_that_it_is_understood(tmp_path: Path) -> None:
    async with a_service(tmp_path, LyingRelay(), speaks=(NIP04,)) as service:
        asked = talk(service)
        await balance_of(asked)
        seal = service.seal
        service.seal = lambda text, speech: seal(text, NIP44)  # type: ignore[method-assign]
        await balance_of(asked)
        assert asked.speech is Speech.NIP44
        service.speaks, service.seal = (NIP04, NIP44), seal  # type: ignore[method-assign]
        await balance_of(asked)
        assert service.speeches == [NIP04, NIP04, NIP44]


@pytest.mark.parametrize("speaks", [(NIP44,), (NIP04,)])
async def test_a_request_names_the_wallet_its_end_and_its_encryption_and_hides_the_rest(
    tmp_path: Path, speaks: tuple[str, ...]
) -> None:
    async with a_service(tmp_path, LyingRelay(), speaks=speaks) as service:
        await balance_of(talk(service))
        (request,) = service.requests
        assert request.kind == 23_194
        assert request.pubkey == service.client_key
        assert request.values("p") == (service.key,)
        assert request.values("encryption") == (() if speaks == (NIP04,) else (NIP44,))
        assert int(request.values("expiration")[0]) - request.created_at == EXPIRES_S
        assert abs(request.created_at - time.time()) < 10
        assert "get_balance" not in request.to_json()


async def test_it_listens_for_the_answer_before_it_asks(tmp_path: Path) -> None:
    relay = LyingRelay()
    async with a_service(tmp_path, relay) as service:
        await balance_of(talk(service))
        (request,) = service.requests
        asked = {"kinds": [23_195], "authors": [service.key], "#e": [request.id]}
        assert asked in relay.asked


async def test_one_session_is_kept_for_several_questions_and_none_beyond(tmp_path: Path) -> None:
    relay = LyingRelay()
    async with a_service(tmp_path, relay) as service:
        asked, before = talk(service), relay.connections
        async with asked.kept():
            await balance_of(asked)
            await balance_of(asked)
            await balance_of(other := talk(service))
        assert relay.connections - before == 2
        await asyncio.gather(balance_of(asked), balance_of(other))
        assert relay.connections - before == 4


async def test_kept_and_never_asked_it_connects_nowhere() -> None:
    nowhere = f"nostr+walletconnect://{'ab' * 32}?relay=ws://127.0.0.1:1&secret={'02' * 32}"
    async with Talk(read_connection(nowhere), nobody).kept():
        pass


async def test_over_several_relays_it_is_paid_once_though_some_are_dead_or_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(10.0, monkeypatch)
    good, deaf, forging = LyingRelay(), LyingRelay("silent"), LyingRelay("forged-signature")
    async with a_service(tmp_path, good, forging) as service, deaf:
        connection = f"{service.connection()}&relay=ws://127.0.0.1:1&relay={deaf.url}"
        invoice, _, payment_hash = service.mint.new()
        assert proves(await wallet(service, connection).pay(invoice, fee_limit=FEE_LIMIT), invoice)
        assert service.debits == [payment_hash]
        assert service.counts["pay_invoice"] == 1


@pytest.mark.parametrize("lie", sorted(LIES))
async def test_whatever_a_relay_does_money_leaves_once_and_is_never_called_failed(
    tmp_path: Path, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(10.0, monkeypatch)
    relay = LyingRelay()
    relay.elsewhere = "ws://127.0.0.1:1"
    async with a_service(tmp_path, relay) as service:
        paying = wallet(service)
        await paying.examine()
        invoice, _, payment_hash = service.mint.new()
        relay.lie = lie
        wait(0.6, monkeypatch)
        result = await paying.pay(invoice, fee_limit=FEE_LIMIT)
        if isinstance(result, Failed):
            assert service.counts["pay_invoice"] == 0
        if isinstance(result, Paid):
            assert proves(result, invoice)
        relay.lie = ""
        wait(10.0, monkeypatch)
        await dropped(relay, service)
        found = await wallet(service).look_up(payment_hash)
        assert proves(found, invoice) if service.debits else found is None
        assert len(service.debits) <= 1


HONEST_ENOUGH = sorted(
    {"doubled", "forged-first", "replay", "unasked", "garbage", "binary", "deep", "numbers", "surrogates", "late",
     "never-eose", "never-ok", "duplicate", "foreign-ok", "endless", "endless-forged", "slow-handshake", "auth",
     "auth-late", "auth-for-reading", "never-closes", "silent"}
)  # fmt: skip
"""Lies through which the truth still comes."""


@pytest.mark.parametrize("lie", HONEST_ENOUGH)
async def test_what_comes_through_a_hostile_relay_is_enough_to_pay(
    tmp_path: Path, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(10.0, monkeypatch)
    relay = LyingRelay(delay_s=0.05)
    async with a_service(tmp_path, relay) as service:
        invoice, _, _ = service.mint.new()
        relay.lie = lie
        assert proves(await wallet(service).pay(invoice, fee_limit=FEE_LIMIT), invoice)
        assert service.counts["pay_invoice"] == 1


async def test_a_relay_that_breaks_in_the_middle_is_dialled_again_and_the_payment_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(10.0, monkeypatch)
    monkeypatch.setattr(wallet_module, "PAY_S", 1.5)
    relay = LyingRelay()
    async with a_service(tmp_path, relay) as service:
        paying = wallet(service)
        await paying.balance()
        invoice, _, payment_hash = service.mint.new()
        service.delay = 0.2
        task = asyncio.ensure_future(paying.pay(invoice, fee_limit=FEE_LIMIT))
        await until(lambda: service.counts["pay_invoice"])
        relay.drop()
        assert proves(await task, invoice)
        assert service.debits == [payment_hash]
        assert service.counts["pay_invoice"] == 1


async def test_a_refusing_relay_is_quoted_and_is_no_proof_that_nothing_was_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait(10.0, monkeypatch)
    relay = LyingRelay()
    async with a_service(tmp_path, relay) as service:
        paying = wallet(service)
        await paying.examine()
        relay.lie = "ok-false-but-passes"
        invoice, _, _ = service.mint.new()
        result = await paying.pay(invoice, fee_limit=FEE_LIMIT)
        assert not isinstance(result, Failed)
        relay.lie = "ok-false"
        with pytest.raises(NoAnswer, match="blocked: not you"):
            await paying.balance()


async def test_no_relay_there_is_told_as_such(tmp_path: Path) -> None:
    async with a_service(tmp_path, LyingRelay()) as service:
        connection = read_connection(service.connection())
    with pytest.raises(NotReached, match="nothing listens there"):
        await Talk(connection, nobody).ask("get_info", {}, within_s=1)
    with pytest.raises(WalletError):
        await Talk(connection, nobody).learn()
