"""A shop behind the real client, with scripted answers, and a desk of real parts to buy there with."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from l402desk.client.client import HttpClient
from l402desk.client.limits import Limits
from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.engine.view import JourneyView
from l402desk.protocol.network import Network
from l402desk.protocol.payment import PaymentResult
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.services import SCHEMAS, Plan, Services
from l402desk.store.database import Database
from l402desk.store.errors import DiskFull
from l402desk.wallets.connected import ConnectedWallets
from l402desk.wallets.wallet import Capabilities, Wallet
from tests.fakes.challenges import mint_token
from tests.fakes.invoices import mint_invoice
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.wallet import EVERYTHING, FakeWallet

URL = "https://shop.example/v1/thing"
NAME = "Fake wallet"
Hook = Callable[[], Awaitable[object] | None]


@dataclass(frozen=True)
class Seen:
    """One request as it reached the shop."""

    method: str
    url: str
    authorizations: tuple[str, ...]


class Shop:
    """Asks for money, and gives what `paid_answers` say to those who bring a token (200 when they have run out)."""

    def __init__(self) -> None:
        self.wallet = FakeWallet(NAME)
        self.scheme = "L402"
        self.msat: int | None = 21_000
        self.expiry: int | None = None
        self.timestamp: int | None = None
        self.prefix = "lnbcrt"
        self.wrong_hash = False
        self.same_challenge = False
        self.paid_answers: list[httpx.Response | Exception] = []
        self.redirects: dict[str, str] = {}
        self.redirect_status = 302
        self.on_token: Hook | None = None
        self.slow: asyncio.Event | None = None
        self.seen: list[Seen] = []
        self.bills: list[tuple[str, str]] = []
        self.preimages: dict[PaymentHash, Preimage] = {}

    @property
    def paid_requests(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.authorizations]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        tokens = tuple(request.headers.get_list("authorization"))
        self.seen.append(Seen(request.method, str(request.url), tokens))
        if str(request.url) in self.redirects:
            return httpx.Response(self.redirect_status, headers={"Location": self.redirects[str(request.url)]})
        if tokens and self.on_token is not None:
            await _awaited(self.on_token())
        if self.slow is not None:
            await self.slow.wait()
        if not tokens:
            return self.bill()
        answer = self.paid_answers.pop(0) if self.paid_answers else httpx.Response(200, json={"message": "here"})
        if isinstance(answer, Exception):
            raise answer
        return answer

    def bill(self) -> httpx.Response:
        """A 402 with a fresh challenge, or the last one again."""
        if not (self.same_challenge and self.bills):
            preimage = Preimage(secrets.token_bytes(32))
            self.preimages[preimage.payment_hash()] = preimage
            self.wallet.learn(preimage)
            invoice = mint_invoice(
                self.msat,
                prefix=self.prefix,
                preimage=preimage.raw,
                timestamp=self.timestamp or int(time.time()),
                expiry=self.expiry,
            )
            bound = Preimage(b"\x05" * 32) if self.wrong_hash else preimage
            self.bills.append((mint_token(bound.payment_hash(), b"services=thing:0"), invoice))
        token, invoice = self.bills[-1]
        header = f'{self.scheme} macaroon="{token}", invoice="{invoice}"'
        return httpx.Response(402, headers={"WWW-Authenticate": header}, text="pay first")


class Scripted:
    """A wallet that answers payments and look-ups as its script says; `asked` lists the invoices it was given."""

    def __init__(
        self,
        *,
        pay: Callable[[str], Awaitable[PaymentResult]],
        look_up: Callable[[PaymentHash], Awaitable[PaymentResult | None]] | None = None,
        name: str = NAME,
        network: Network | None = Network.REGTEST,
        capabilities: Capabilities = EVERYTHING,
    ) -> None:
        self.name = name
        self.network = network
        self.capabilities = capabilities
        self.asked: list[str] = []
        self.looked_up = 0
        self._pay = pay
        self._look_up = look_up

    async def pay(self, invoice: str, *, fee_limit: object) -> PaymentResult:
        self.asked.append(invoice)
        return await self._pay(invoice)

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        self.looked_up += 1
        return None if self._look_up is None else await self._look_up(payment_hash)

    async def balance(self) -> None:
        return None


class FailingDatabase(Database):
    """A database whose next writes fail, as many as `failures`, after `passes` more that work."""

    failures = 0
    passes = 0
    held: asyncio.Event | None = None
    waiting = 0

    async def write(  # type: ignore[override]
        self, work: Callable[[sqlite3.Connection], object], *, then: Callable[[], None] | None = None
    ) -> object:
        if self.failures and self.passes:
            self.passes -= 1
        elif self.failures:
            self.failures -= 1
            raise DiskFull
        if self.held is not None:
            self.waiting += 1
            await self.held.wait()
        return await super().write(work, then=then)

    def fail_next_write(self, *, after: int = 0, times: int = 1) -> None:
        self.failures, self.passes = times, after


@asynccontextmanager
async def a_desk(
    folder: Path, shop: Shop, *wallets: Wallet, locked: bool = False, keyring: FakeKeyring | None = None
) -> AsyncIterator[Services]:
    """Services of real parts over the scripted shop; with the shop's own wallet unless others are given."""
    database = await FailingDatabase.open(folder / "app" / "desk.sqlite3", SCHEMAS)
    client = HttpClient(Limits(), folder / "bodies", transport=httpx.MockTransport(shop))
    connected = ConnectedWallets()
    for wallet in wallets or (shop.wallet,):
        connected.connect(wallet)
    plan = Plan(folder / "app", folder / "cache", keyring=keyring or KEYRINGS.setdefault(folder, FakeKeyring()))
    services = Services(plan, client=client, database=database, wallets=connected)
    try:
        if not locked:
            await services.unlock()
        yield services
    finally:
        await services.settle_down()
        await client.aclose()
        await database.close()


KEYRINGS: dict[Path, FakeKeyring] = {}
"""One keyring per folder, so that a desk can be opened there again."""


def failing(services: Services) -> FailingDatabase:
    assert isinstance(services.database, FailingDatabase)
    return services.database


class Buyer:
    """One journey at a desk, and every view it reported."""

    def __init__(
        self, services: Services, url: str = URL, method: str = "GET", *, draft: RequestDraft | None = None
    ) -> None:
        self.services = services
        self.journey = Journey(draft or RequestDraft(method=method, url=url))
        self.views: list[JourneyView] = []

    @property
    def view(self) -> JourneyView:
        return self.journey.latest

    def report(self, view: object) -> None:
        assert isinstance(view, JourneyView)
        self.views.append(view)

    async def send(self, *, use_token: bool = True) -> JourneyView:
        return await self.journey.send(self.services, self.report, use_token=use_token)

    async def open(self, *, despite: bool = False) -> JourneyView:
        return await self.journey.open_payment(self.services, self.report, despite_open=despite)

    async def offer(self, *, despite: bool = False) -> JourneyView:
        await self.send(use_token=False)
        return await self.open(despite=despite)

    async def pay(self, wallet: str = NAME) -> JourneyView:
        return await self.journey.pay_with(self.services, self.report, wallet=wallet)

    async def buy(self) -> JourneyView:
        await self.offer()
        return await self.pay()

    async def prove(self, text: str) -> JourneyView:
        return await self.journey.prove(self.services, self.report, text=text)

    async def keep_again(self) -> JourneyView:
        return await self.journey.keep_again(self.services, self.report)

    async def deliver_again(self) -> JourneyView:
        return await self.journey.deliver_again(self.services, self.report)

    async def close(self) -> JourneyView:
        return await self.journey.close_payment(self.services, self.report)

    @property
    def payment_hash(self) -> PaymentHash:
        assert self.view.chosen is not None
        assert self.view.chosen.payment_hash is not None
        return self.view.chosen.payment_hash


async def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Let the loop run until this is so."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it waits for is a state of many parts
            await asyncio.sleep(0.005)


async def states(services: Services) -> list[str]:
    """The states in the ledger, the oldest first."""
    return [str(purchase.state) for purchase in reversed(await services.ledger.history())]


async def tokens(services: Services) -> list[str]:
    """The states of the tokens in the vault."""
    return [str(token.state) for token in await services.vault.list()]


def rows_now(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """What another process sees in the database at this moment."""
    connection = sqlite3.connect(folder / "app" / "desk.sqlite3")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


async def _awaited(outcome: Awaitable[object] | None) -> None:
    if outcome is not None:
        await outcome


async def unanswered(_: str) -> PaymentResult:
    """A wallet that never answers."""
    await asyncio.Event().wait()
    raise AssertionError


def answering(*results: PaymentResult | Exception) -> Callable[[str], Awaitable[PaymentResult]]:
    """A payment that is answered by these in turn, the last one again and again."""
    left = list(results)

    async def pay(_: str) -> PaymentResult:
        result = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(result, Exception):
            raise result
        return result

    return pay


def finding(*results: PaymentResult | Exception | None) -> Callable[[PaymentHash], Awaitable[PaymentResult | None]]:
    """A look-up that is answered by these in turn, the last one again and again."""
    left: Sequence[PaymentResult | Exception | None] = list(results)

    async def look_up(_: PaymentHash) -> PaymentResult | None:
        nonlocal left
        result, left = left[0], left[1:] or left
        if isinstance(result, Exception):
            raise result
        return result

    return look_up
