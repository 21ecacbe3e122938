"""The LNbits adapter against a real LNbits: the contract, and what else was measured. Skipped where none is given.

``L402DESK_TEST_LNBITS`` names a fresh one that nobody has set up yet (with FakeWallet, which pays its own invoices)::

    LNBITS_BACKEND_WALLET_CLASS=FakeWallet LNBITS_ADMIN_UI=true AUTH_SECRET_KEY=x LNBITS_DATA_FOLDER=data \
        LNBITS_EXTENSIONS_DEFAULT_INSTALL="" lnbits --host 127.0.0.1 --port 15000
    L402DESK_TEST_LNBITS=http://127.0.0.1:15000 python -m pytest tests/wallets/test_real_lnbits.py

Version 1.6.2 passed. It needs Python below 3.13, ``bitstring<5``, and its own package folder as ``lnbits`` in the
working directory.
"""

from __future__ import annotations

import os
import secrets
import ssl
import time
from typing import Any

import httpx
import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnbits import LnbitsWallet
from l402desk.wallets.wallet import Wallet
from tests.fakes.invoices import mint_invoice
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of

URL = os.environ.get("L402DESK_TEST_LNBITS", "").rstrip("/")
pytestmark = [pytest.mark.anyio, pytest.mark.skipif(not URL, reason="L402DESK_TEST_LNBITS names no LNbits")]
FUNDS = 100_000


def nobody() -> ssl.SSLContext:
    raise AssertionError("the LNbits of a test is on this computer")


class RealBench:
    """Two wallets of one LNbits: one pays, the other asks for money."""

    def __init__(self, payer: dict[str, Any], payee: dict[str, Any]) -> None:
        self.payer, self._payee = payer, payee
        self.secrets = (payer["adminkey"], payer["inkey"])
        self.wallet: Wallet = self.connected(payer["adminkey"])

    def connected(self, key: str) -> LnbitsWallet:
        return LnbitsWallet("Real", read_connection(f"lnbits+{URL}?key={key}"), nobody)

    async def payable(self, amount: Msat) -> str:
        asked = {"out": False, "amount": amount.value // 1000}
        async with httpx.AsyncClient(trust_env=False) as client:
            told = await client.post(
                f"{URL}/api/v1/payments", headers={"X-Api-Key": self._payee["adminkey"]}, json=asked
            )
        return str(told.json()["bolt11"])


@pytest.fixture(scope="module")
def bench() -> RealBench:
    words = secrets.token_hex(8)
    with httpx.Client(base_url=URL, trust_env=False, timeout=30) as client:
        user = {"username": "desk", "password": words, "password_repeat": words}
        token = client.put("/api/v1/auth/first_install", json=user).json()["access_token"]
        client.cookies.clear()
        payer, payee = (client.post("/api/v1/account", json={"name": name}).json() for name in ("payer", "payee"))
        funded = client.put(
            "/users/api/v1/balance",
            headers={"Authorization": f"Bearer {token}"},
            json={"id": payer["id"], "amount": FUNDS},
        )
        assert funded.status_code == 200, funded.text
    return RealBench(payer, payee)


class TestRealLnbits(WalletContract):
    """Held to the same law as every wallet."""


async def test_keys_are_told_apart_and_strangers_fetch_preimages(bench: RealBench) -> None:
    admin = await bench.connected(bench.payer["adminkey"]).examine()
    invoice = await bench.connected(bench.payer["inkey"]).examine()
    assert (admin.may_pay, invoice.may_pay) == (True, False)
    assert admin.calls_itself == "payer"
    assert any("without a key" in warning for warning in admin.warnings)


async def test_a_payment_of_an_internal_invoice_is_proven_when_asked_again(bench: RealBench) -> None:
    """LNbits says “Internal invoice already paid.” with status failed: a new adapter must not believe it."""
    invoice = await bench.payable(PRICE)
    first = await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(first, Paid)
    assert await bench.connected(bench.payer["adminkey"]).pay(invoice, fee_limit=FEE_LIMIT) == first


@pytest.mark.parametrize("which", ["inkey", "wrong"])
async def test_a_key_that_may_not_pay_surely_paid_nothing(bench: RealBench, which: str) -> None:
    key = bench.payer["inkey"] if which == "inkey" else secrets.token_hex(16)
    result = await bench.connected(key).pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)


async def test_too_much_and_no_route_surely_failed(bench: RealBench) -> None:
    too_much = await bench.wallet.pay(await bench.payable(Msat.of_sats(2 * FUNDS)), fee_limit=FEE_LIMIT)
    assert too_much == Failed("Insufficient balance.")
    strange = mint_invoice(PRICE.value, prefix="lnbc", payment_hash=secrets.token_bytes(32), timestamp=int(time.time()))
    nowhere = await bench.wallet.pay(strange, fee_limit=FEE_LIMIT)
    assert isinstance(nowhere, Failed)
    assert isinstance(await bench.wallet.look_up(hash_of(strange)), Failed)
