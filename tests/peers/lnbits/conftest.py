"""LNbits for all tests of this folder: with the money inside, and with the money at another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.lnbits.bench import NAME, LnbitsBench
from tests.peers.lnbits.server import FUNDS, LnbitsServer, lnbits_on, version
from tests.peers.matrix import versions
from tests.peers.valve import Valve


@pytest.fixture(scope="session")
def near(an_lnbits: LnbitsServer) -> Iterator[LnbitsBench]:
    """Payer and payee at one LNbits: a payment inside."""
    versions(NAME, f"{version()} on FakeWallet, and another on the first")
    payer, payee = an_lnbits.account("payer", FUNDS), an_lnbits.account("payee")
    with Valve(an_lnbits.port) as valve:
        yield LnbitsBench(an_lnbits, payer, an_lnbits.payee(payee), valve)


@pytest.fixture(scope="session")
def far(an_lnbits: LnbitsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LnbitsBench]:
    """The payer's LNbits has its money at the payee's: a payment to elsewhere."""
    payee = an_lnbits.payee(an_lnbits.account("payee"))
    with (
        Valve(an_lnbits.port) as valve,
        lnbits_on(an_lnbits, tmp_path_factory.mktemp("over"), valve.url) as other,
    ):
        yield LnbitsBench(other, other.account("payer", FUNDS), payee, valve)


@pytest.fixture(params=["near", "far"])
def either(request: pytest.FixtureRequest, near: LnbitsBench, far: LnbitsBench) -> LnbitsBench:
    return near if request.param == "near" else far


@pytest.fixture(autouse=True)
def flowing(near: LnbitsBench, far: LnbitsBench) -> Iterator[None]:
    """Whatever a test did to the valves, the next one finds them open."""
    yield
    for valve in (near.valve, far.valve):
        valve.release()
        valve.open()
