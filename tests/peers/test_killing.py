"""The kill of a purchase, tried on the wallet server of the tests: it must see what was lost or paid twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.protocol.proof import PaymentHash
from tests.harness.lnbits import Lnbits
from tests.harness.mint import Mint
from tests.peers.killing import App, killed_mid_payment
from tests.peers.selling import selling

pytestmark = [pytest.mark.anyio, pytest.mark.peers]


class MintPayee:
    """Asks for money in the name of the mint, which the wallet server can pay."""

    def __init__(self, mint: Mint) -> None:
        self._mint = mint

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        return self._mint.new(msat, expiry=expiry_s)[0]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Lnbits]:
    async with Lnbits(Mint(tmp_path / "mint"), tmp_path / "ledger", delay=1.0).serving() as server:
        yield server


async def test_a_purchase_that_was_killed_is_paid_once_and_kept(tmp_path: Path, server: Lnbits) -> None:
    async def is_paid(payment_hash: str) -> bool:
        return PaymentHash.from_hex(payment_hash) in server.debits

    async with selling(MintPayee(server.mint)) as stall:
        ran = await killed_mid_payment(
            App(tmp_path / "app"),
            stall,
            f"lnbits+{server.url}?key={server.key}",
            is_paid=is_paid,
            is_asked=lambda: server.debits,
        )
    assert ran.json["status"] == 200
    assert stall.delivered == ["/killed"]


async def test_money_that_left_without_a_purchase_is_seen(tmp_path: Path, server: Lnbits) -> None:
    async def always(_: str) -> bool:
        return True

    async with selling(MintPayee(server.mint)) as stall:
        await stall._answer("/killed", "")  # somebody else's bill for the same thing, said to be paid
        with pytest.raises(AssertionError, match="2 of 2 invoices were paid"):
            await killed_mid_payment(
                App(tmp_path / "app"),
                stall,
                f"lnbits+{server.url}?key={server.key}",
                is_paid=always,
                is_asked=lambda: server.debits,
            )
