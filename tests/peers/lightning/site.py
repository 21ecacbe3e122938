"""The whole Lightning site as plain values, to compare clients on: a node to pay with, and a paywall to buy from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from l402desk.wallets.catalogue import KINDS
from l402desk.wallets.connection import Kind
from tests.peers.lightning.paywall import PRICE_SATS, Paywall, paywall
from tests.peers.lightning.paywall import version as paywall_version
from tests.peers.lightning.topology import Lightning, lightning
from tests.peers.lightning.topology import versions as node_versions


@dataclass(frozen=True, slots=True)
class Site:
    """``rest`` and ``grpc`` are HOST:PORT of alice, who pays; ``tls`` is her certificate (PEM), ``admin`` the file of
    her admin macaroon, ``least`` one that can pay and look up, in hexadecimal.

    ``connection`` is what the app is given to pay with her. ``url`` is a thing behind aperture that costs ``sats``;
    what is below it with another path is another thing of the same service. ``paid`` counts the invoices that bob was
    paid.
    """

    rest: str
    grpc: str
    tls: Path
    admin: Path
    least: str = field(repr=False)
    connection: str = field(repr=False)
    url: str
    sats: int
    versions: dict[str, str]
    paid: Callable[[], int]
    network: Lightning
    shop: Paywall


@contextmanager
def site(folder: Path, *, mpp: bool = False) -> Iterator[Site]:
    """Start btcd, alice, bob, carol and aperture on loopback, about fifteen seconds; end them all. Raises NotHere."""
    with lightning(folder) as network, paywall(folder / "paywall", network.bob, mpp=mpp) as shop:
        least = bytes.fromhex(network.lncli_at(network.alice, *KINDS[Kind.LND].rights.split()[1:]).strip())
        alice = network.alice
        yield Site(
            rest=alice.rest,
            grpc=alice.grpc,
            tls=alice.tls,
            admin=alice.macaroons / "admin.macaroon",
            least=least.hex(),
            connection=alice.connection(least),
            url=shop.thing(),
            sats=PRICE_SATS,
            versions={**node_versions(), "aperture": f"aperture {paywall_version()}"},
            paid=lambda: len(shop.paid()),
            network=network,
            shop=shop,
        )
