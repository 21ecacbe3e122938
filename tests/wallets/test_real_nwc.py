"""The NWC adapter over a relay that nobody here wrote: rust-nostr's LocalRelay, in this process."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.nwc import NwcWallet
from tests.harness.mint import Mint
from tests.harness.nwc import NIP04, NIP44, NwcService
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, proves

pytestmark = pytest.mark.anyio
nostr_sdk: Any = pytest.importorskip("nostr_sdk", reason="nostr-sdk has no wheel for this machine")


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


class RealBench:
    def __init__(self, service: NwcService) -> None:
        self.service = service
        self.secrets = (service.client.hex(), service.secret.hex())
        self.wallet = self.connected()

    def connected(self, **more: Any) -> NwcWallet:
        return NwcWallet("Hub", read_connection(self.service.connection()), nobody, **more)

    async def payable(self, amount: Msat) -> str:
        return self.service.mint.new(amount.value)[0]


@pytest.fixture(params=[(NIP44, NIP04), (NIP04,)], ids=["nip44", "nip04"])
async def bench(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[RealBench]:
    limit = nostr_sdk.RateLimit(max_reqs=1_000, notes_per_minute=10_000)  # of itself, 60: tests are faster than people
    relay = nostr_sdk.LocalRelayBuilder().rate_limit(limit).build()
    await relay.run()
    try:
        url = str(await relay.url())
        async with NwcService(Mint(tmp_path), tmp_path / "ledger", [url], speaks=request.param).serving() as service:
            yield RealBench(service)
    finally:
        relay.shutdown()


class TestOverRustNostr(WalletContract):
    """Held to the same law as every wallet."""


async def test_with_a_clock_that_is_far_behind_the_relay_refuses_and_nothing_is_paid(bench: RealBench) -> None:
    """What would have expired before it was sent: the relay says so, and so do we."""
    late = bench.connected(now=lambda: 1_600_000_000.0)
    result = await late.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "was not asked to pay" in result.reason
    with pytest.raises(NoAnswer, match=r"expired.* Check this computer's clock"):
        await late.balance()
    assert bench.service.debits == []


async def test_a_look_up_after_the_answer_was_lost_finds_it(bench: RealBench) -> None:
    bench.service.tell("hinted")
    invoice = await bench.payable(PRICE)
    assert proves(await bench.connected().pay(invoice, fee_limit=FEE_LIMIT), invoice)
