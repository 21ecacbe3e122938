"""One network of real nodes for all tests of this folder, and wallets of the app at alice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from l402desk.client.trust import os_trust
from l402desk.wallets.catalogue import KINDS
from l402desk.wallets.connection import Kind, read_connection
from l402desk.wallets.lnd import LndWallet
from tests.peers.lightning.paywall import Paywall, paywall, version
from tests.peers.lightning.topology import Lightning, lightning, versions
from tests.peers.matrix import versions as told_versions

Connect = Callable[[str], LndWallet]


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lightning]:
    """btcd, and alice, bob and carol with money between them. A test that stops a node starts it again."""
    said = versions()
    told_versions("LND", f"{said['lnd']}, on {said['btcd']}")
    with lightning(tmp_path_factory.mktemp("lightning")) as network:
        yield network


@pytest.fixture(scope="session")
def least(network: Lightning) -> bytes:
    """The macaroon that the app tells people to bake, baked at alice by the very command that it shows them."""
    command, *words = KINDS[Kind.LND].rights.split()
    assert command == "lncli"
    return bytes.fromhex(network.lncli_at(network.alice, *words).strip())


@pytest.fixture
def connect() -> Connect:
    """A wallet of a connection string, as it is after a start of the app: it remembers nothing."""

    def made(text: str) -> LndWallet:
        return LndWallet("LND", read_connection(text), os_trust)

    return made


@pytest.fixture
def wallet(network: Lightning, least: bytes, connect: Connect) -> LndWallet:
    return connect(network.alice.connection(least))


@pytest.fixture(scope="session")
def shop(network: Lightning, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paywall]:
    """aperture, whose invoices bob writes."""
    told_versions("aperture", f"aperture {version()}, paid to {versions()['lnd']}")
    with paywall(tmp_path_factory.mktemp("paywall"), network.bob) as shop:
        yield shop
