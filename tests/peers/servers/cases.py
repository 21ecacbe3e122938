"""What every foreign server is put through, by the app's engine and by ``l402desk send``: derive, with a ``kind``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

import pytest

from l402desk.client.trust import os_trust
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.services import Services
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnbits import LnbitsWallet
from tests.engine.shop import NAME, Buyer, states, tokens
from tests.peers.buying import desk
from tests.peers.killing import App
from tests.peers.lnbits.server import FUNDS, LnbitsServer
from tests.peers.matrix import case, versions
from tests.peers.servers.foreign import SATS, Foreign, Kind

ANSWERED, REQUIRED, REFUSED = 0, 3, 6
LIFE_S = 6


class ServerCases:
    """``subject`` is the row of the matrix. Every test has a server, a payer and a home of its own."""

    kind: ClassVar[Kind]
    subject: ClassVar[str]
    pytestmark: ClassVar[list[pytest.MarkDecorator]] = [pytest.mark.anyio, pytest.mark.peers]

    @pytest.fixture
    def server(self, an_lnbits: LnbitsServer, tmp_path: Path) -> Foreign:
        versions(self.subject, self.kind.version())
        return Foreign(self.kind, an_lnbits, tmp_path)

    @pytest.fixture
    def connection(self, an_lnbits: LnbitsServer) -> str:
        """A wallet with money, as the app takes it."""
        return an_lnbits.connection(an_lnbits.account("payer", FUNDS).admin)

    @pytest.fixture
    def wallet(self, connection: str) -> LnbitsWallet:
        return LnbitsWallet(NAME, read_connection(connection), os_trust)

    @pytest.fixture
    def app(self, tmp_path: Path) -> App:
        return App(tmp_path / "app")

    @case("", "buy")
    async def test_the_engine_buys(self, server: Foreign, wallet: LnbitsWallet, tmp_path: Path) -> None:
        with server.open():
            async with desk(tmp_path, wallet) as services:
                view = await Buyer(services, f"{server.url}/thing").buy()
                assert view.outcome is Outcome.DELIVERED, view
                assert view.answer is not None
                assert view.answer.status == 200
                assert b"thing" in view.answer.body.head(1000)
                assert (await states(services), await tokens(services)) == (["settled"], ["usable"])
        assert await server.received() == SATS

    @case("", "buy")
    async def test_send_buys(self, server: Foreign, connection: str, app: App) -> None:
        with server.open():
            shown = await app.run("send", "GET", f"{server.url}/thing", "--json")
            assert (shown.status, await server.received()) == (REQUIRED, 0)
            bought = await app.send(f"{server.url}/thing", connection)
            assert (bought.status, bought.json["status"]) == (ANSWERED, 200), bought
        assert await server.received() == SATS
        assert [token["state"] for token in await app.tokens()] == ["usable"]

    @case("", "reuse")
    async def test_the_engine_uses_a_token_again(self, server: Foreign, wallet: LnbitsWallet, tmp_path: Path) -> None:
        if self.kind.no_reuse:
            pytest.skip(self.kind.no_reuse)
        with server.open():
            async with desk(tmp_path, wallet) as services:
                await Buyer(services, f"{server.url}/thing").buy()
                for _ in range(2):
                    view = await Buyer(services, f"{server.url}/thing").send()
                    assert view.answer is not None
                    assert (view.answer.status, view.answer.authorization_sent) == (200, True)
        assert await server.received() == SATS

    @case("", "reuse")
    async def test_send_uses_a_token_again(self, server: Foreign, connection: str, app: App) -> None:
        if self.kind.no_reuse:
            pytest.skip(self.kind.no_reuse)
        with server.open():
            await app.send(f"{server.url}/thing", connection)
            again = await app.send(f"{server.url}/thing", connection)
            assert (again.status, again.json["status"]) == (ANSWERED, 200), again
            assert (again.json["token_used"], again.json["paid"]) == (True, None)
        assert await server.received() == SATS

    @case("", "expire")
    async def test_a_token_that_ran_out_costs_nothing_without_a_word(
        self, server: Foreign, wallet: LnbitsWallet, tmp_path: Path
    ) -> None:
        if self.kind.no_expiry:
            pytest.skip(self.kind.no_expiry)
        with server.open(life_s=LIFE_S):
            async with desk(tmp_path, wallet) as services:
                bought = await Buyer(services, f"{server.url}/thing").buy()
                assert bought.outcome is Outcome.DELIVERED, bought
                await asyncio.sleep(LIFE_S + 0.5)
                view = await Buyer(services, f"{server.url}/thing").send()
                assert view.answer is not None
                assert view.answer.status in (401, 402)
                assert await server.received() == SATS
                assert await tokens(services) in (["expired"], ["refused"], ["usable"])
                view = await Buyer(services, f"{server.url}/thing").buy()
                assert view.outcome is Outcome.DELIVERED, view
                assert len(await tokens(services)) == 2
        assert await server.received() == 2 * SATS

    @case("", "expire")
    async def test_send_buys_anew_what_ran_out(self, server: Foreign, connection: str, app: App) -> None:
        if self.kind.no_expiry:
            pytest.skip(self.kind.no_expiry)
        with server.open(life_s=LIFE_S):
            await app.send(f"{server.url}/thing", connection)
            await asyncio.sleep(LIFE_S + 0.5)
            shown = await app.run("send", "GET", f"{server.url}/thing", "--json")
            assert shown.status in (ANSWERED, REQUIRED), shown
            assert shown.json["status"] in (401, 402)
            assert await server.received() == SATS
            anew = await app.send(f"{server.url}/thing", connection, "--no-token")
            assert (anew.status, anew.json["status"]) == (ANSWERED, 200), anew
        assert await server.received() == 2 * SATS

    @case("", "expire")
    async def test_an_invoice_that_ran_out_is_not_paid(self, server: Foreign, connection: str, app: App) -> None:
        with server.open(invoice_s=1):
            ran = await app.send(f"{server.url}/thing", connection)
            assert ran.status in (REQUIRED, REFUSED), ran
        assert await server.received() == 0

    @case("", "refuse")
    async def test_a_token_that_is_refused_is_kept_and_not_bought_again_without_a_word(
        self, server: Foreign, wallet: LnbitsWallet, tmp_path: Path
    ) -> None:
        async with desk(tmp_path, wallet) as services:
            with server.open():
                await Buyer(services, f"{server.url}/thing").buy()
                if not self.kind.forgets_by_restart:
                    await self._refused(services, server)
            if self.kind.forgets_by_restart:
                server.change_keys()
                with server.open():
                    await self._refused(services, server)

    async def _refused(self, services: Services, server: Foreign) -> None:
        buyer = Buyer(services, f"{server.url}/thing")
        view = await buyer.send()
        assert view.answer is not None
        assert view.answer.status in (401, 402)
        assert view.answer.authorization_sent
        assert view.phase in (Phase.DONE, Phase.CHALLENGED)
        assert await server.received() == SATS
        assert await tokens(services) == ["refused"]

    @case("", "refuse")
    async def test_send_pays_for_what_is_refused_at_a_word_alone(
        self, server: Foreign, connection: str, app: App
    ) -> None:
        with server.open():
            await app.send(f"{server.url}/thing", connection)
            if not self.kind.forgets_by_restart:
                await self._sent_and_refused(server, connection, app)
        if self.kind.forgets_by_restart:
            server.change_keys()
            with server.open():
                await self._sent_and_refused(server, connection, app)

    async def _sent_and_refused(self, server: Foreign, connection: str, app: App) -> None:
        refused = await app.run("send", "GET", f"{server.url}/thing", "--json")
        assert refused.json["status"] in (401, 402), refused
        assert await server.received() == SATS
        assert len(await app.tokens()) == 1
        anew = await app.send(f"{server.url}/thing", connection, "--no-token")
        assert (anew.status, anew.json["status"]) == (ANSWERED, 200), anew
        assert await server.received() == 2 * SATS
