"""l402kit, through everything that a server is put through."""

from __future__ import annotations

import pytest

from tests.peers.killing import App
from tests.peers.matrix import case
from tests.peers.servers.cases import REFUSED, REQUIRED, ServerCases
from tests.peers.servers.foreign import L402KIT, Foreign

pytestmark = pytest.mark.peers


class TestL402Kit(ServerCases):
    kind = L402KIT
    subject = L402KIT.name

    @case("", "refuse")
    async def test_its_play_money_is_no_invoice(self, server: Foreign, connection: str, app: App) -> None:
        with server.open(play=True):
            ran = await app.send(f"{server.url}/thing", connection)
            assert ran.status in (REQUIRED, REFUSED), ran
            assert ran.json["paid"] is None
        assert app.states("/thing") == []
