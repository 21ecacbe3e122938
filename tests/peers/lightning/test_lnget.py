"""Tokens pass between the app and clients that others wrote, both ways, and nobody pays a second time for them.

lnget keeps its tokens by aperture's package: that package, called by a small program of ours, stands for it everywhere,
and lnget itself where it can be had.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest

from tests.peers.killing import App
from tests.peers.lightning import lnget as lnget_peer
from tests.peers.lightning.lnget import Lnget
from tests.peers.lightning.node import Node, Refused
from tests.peers.lightning.paywall import PRICE_SATS, Client, Paywall, paywall
from tests.peers.lightning.paywall import version as aperture_version
from tests.peers.lightning.topology import Lightning
from tests.peers.matrix import case, versions

pytestmark = [pytest.mark.peers, pytest.mark.anyio]
THING = "This is the data.\n"


class Foreign(Protocol):
    """A client of others, with its tokens in ``home`` as lnget has them in ``~/.lnget``."""

    @property
    def home(self) -> Path: ...

    def buy(self, url: str) -> str: ...

    def reuse(self, url: str) -> str: ...


class ApertureClient:
    """aperture's own client code, with a folder for each server as lnget has it."""

    def __init__(self, home: Path, node: Node) -> None:
        self.home = home
        self._node = node

    def at(self, url: str) -> Client:
        return Client(self.home / "tokens" / urlsplit(url).netloc.replace(":", "_"))

    def buy(self, url: str) -> str:
        return self.at(url).buy(url, self._node)

    def reuse(self, url: str) -> str:
        return self.at(url).get(url)


def both(name: str) -> pytest.MarkDecorator:
    """The test runs with each client, and is this case of each one's row."""
    return pytest.mark.parametrize(
        "foreign",
        [
            pytest.param(ApertureClient, id="aperture", marks=case("aperture's client", name)),
            pytest.param(Lnget, id="lnget", marks=case("lnget", name)),
        ],
        indirect=True,
    )


@pytest.fixture
def foreign(request: pytest.FixtureRequest, network: Lightning, tmp_path: Path) -> Foreign:
    kind = request.param
    if kind is Lnget:
        versions("lnget", lnget_peer.version())
    versions("aperture's client", f"l402 of aperture {aperture_version()}")
    made: Foreign = kind(tmp_path / "theirs" / ".lnget", network.alice)
    return made


@pytest.fixture
def stall(network: Lightning, tmp_path: Path) -> Iterator[Paywall]:
    """A paywall of this test alone: both clients keep one token for a host."""
    with paywall(tmp_path / "paywall", network.bob) as stall:
        yield stall


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path / "app")


@both("buy")
async def test_what_they_bought_the_app_uses_without_paying(stall: Paywall, app: App, foreign: Foreign) -> None:
    had = stall.paid()
    assert foreign.buy(stall.thing()) == THING
    [payment] = stall.paid()[len(had) :]
    billed = stall.billed()
    taken = await app.run("tokens", "import", str(foreign.home), "--from", "lnget", "--json")
    assert taken.status == 0, taken.err
    assert len(taken.json["new"]) == 1
    sent = await app.run("send", "GET", stall.thing(), "--json")
    assert sent.status == 0, sent.err
    assert sent.json["body"] == THING
    assert sent.json["token_used"]
    [token] = await app.tokens()
    assert token["payment_hash"] == payment
    assert (len(stall.paid()), stall.billed()) == (len(had) + 1, billed)
    again = await app.run("tokens", "import", str(foreign.home), "--json")  # told by what is there
    assert (again.json["kind"], len(again.json["known"]), again.json["new"]) == ("lnget", 1, [])


@both("reuse")
async def test_what_the_app_bought_they_use_without_paying(
    network: Lightning, least: bytes, stall: Paywall, app: App, foreign: Foreign
) -> None:
    had = stall.paid()
    assert (await app.send(stall.thing(), network.alice.connection(least))).status == 0
    billed = stall.billed()
    given = await app.run("tokens", "export", str(foreign.home), "--format", "lnget", "--json")
    assert given.status == 0, given.err
    assert len(given.json["written"]) == 1
    assert foreign.reuse(stall.thing()) == THING
    assert (len(stall.paid()), stall.billed()) == (len(had) + 1, billed)


async def test_their_code_reads_every_field_of_a_token_file_of_ours(
    network: Lightning, least: bytes, stall: Paywall, app: App, tmp_path: Path
) -> None:
    sent = await app.send(stall.thing(), network.alice.connection(least))
    await app.run("tokens", "export", str(tmp_path / ".lnget"), "--format", "lnget")
    read = ApertureClient(tmp_path / ".lnget", network.alice).at(stall.url).token()
    [token] = await app.tokens()
    shown = (await app.run("tokens", "show", token["id"], "--reveal", "--json")).json
    assert read["payment_hash"] == sent.json["paid"]["payment_hash"]
    assert read["preimage"] == shown["preimage"]
    assert read["macaroon"] == shown["credential"]
    assert read["amount_msat"] == PRICE_SATS * 1_000
    assert abs(read["created_ns"] / 1e9 - token["bought_at"]) < 2


async def test_one_folder_of_aperture_is_taken_in_where_its_server_is_named(
    network: Lightning, stall: Paywall, app: App, tmp_path: Path
) -> None:
    client = Client(tmp_path / "loop")  # as loop and pool have it: one token, and nothing says whose
    assert client.buy(stall.thing(), network.alice) == THING
    billed = stall.billed()
    taken = await app.run("tokens", "import", str(client.folder), "--from", "aperture", "--origin", stall.url, "--json")
    assert len(taken.json["new"]) == 1, taken.err
    sent = await app.run("send", "GET", stall.thing(), "--json")
    assert sent.json["body"] == THING
    assert stall.billed() == billed


async def test_what_they_have_not_paid_yet_waits_in_the_app_for_its_proof(
    network: Lightning, stall: Paywall, app: App, tmp_path: Path
) -> None:
    theirs = ApertureClient(tmp_path / ".lnget", network.alice)
    had = stall.paid()
    at = theirs.at(stall.thing())
    with pytest.raises(Refused):
        at.buy(stall.thing(), network.bob)  # whose own invoice it is: it does not pay itself
    assert (at.folder / "l402.token.pending").exists()
    taken = await app.run("tokens", "import", str(theirs.home), "--json")
    assert taken.status == 0, taken.err
    assert (taken.json["new"], len(taken.json["pending_new"])) == ([], 1)
    sent = await app.run("send", "GET", stall.thing(), "--json")
    assert sent.json["outcome"] == "payment-required"
    assert stall.paid() == had
