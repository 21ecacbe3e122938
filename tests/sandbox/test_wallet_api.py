"""The wallet over HTTP says what the wallet says."""

from __future__ import annotations

import pytest

from l402desk.protocol.amount import Msat
from l402desk.sandbox.minting import Order
from tests.sandbox.buyer import Buyer, a_buyer

pytestmark = pytest.mark.anyio
ORDER = Order(Msat.of_sats(21), "x")


def minted(buyer: Buyer) -> tuple[str, str, str]:
    invoice = buyer.parts.mint.mint(ORDER)
    return invoice.text, invoice.payment_hash.hex, invoice.preimage.hex


async def test_paying_answers_with_the_preimage_whatever_the_content_type() -> None:
    async with a_buyer() as buyer:
        text, payment_hash, preimage = minted(buyer)
        form = {"Content-Type": "application/x-www-form-urlencoded"}  # what curl -d says
        answer = await buyer.client.post("/wallet/pay", content=f'{{"invoice": "{text}"}}', headers=form)
        paid = {"preimage": preimage, "payment_hash": payment_hash, "amount_msat": 21_000, "fee_msat": 0}
        assert (answer.status_code, answer.json()) == (200, paid)
        assert answer.headers["cache-control"] == "no-store"
        assert (await buyer.client.get("/wallet/balance")).json() == {
            "balance_sats": 99_979,
            "balance_msat": 99_979_000,
        }
        again = await buyer.client.get(f"/wallet/payments/{payment_hash}")
        assert again.json() == paid


@pytest.mark.parametrize("body", ["", "nonsense", "[]", "{}", '{"invoice": 1}', "[" * 9000, "x" * 20_000])
async def test_a_request_without_an_invoice_is_400(body: str) -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.post("/wallet/pay", content=body)
        assert answer.status_code == 400
        assert "invoice" in answer.json()["message"]


async def test_a_failed_payment_says_why() -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.post("/wallet/pay", json={"invoice": "lnbc1foreign"})
        assert answer.status_code == 400
        assert "only pays the sandbox's own invoices" in answer.json()["message"]


@pytest.mark.parametrize(("quirk", "status"), [("wallet-pending-forever", 202), ("wallet-paid-without-preimage", 200)])
async def test_without_a_preimage_there_is_none(quirk: str, status: int) -> None:
    async with a_buyer([quirk]) as buyer:
        text, payment_hash, _ = minted(buyer)
        answer = await buyer.client.post("/wallet/pay", json={"invoice": text})
        assert answer.status_code == status
        assert answer.json()["preimage"] is None
        assert answer.json()["payment_hash"] == payment_hash
        assert answer.json()["message"]


async def test_an_unknown_payment_is_404_and_a_bad_hash_400() -> None:
    async with a_buyer() as buyer:
        assert (await buyer.client.get(f"/wallet/payments/{'ab' * 32}")).status_code == 404
        assert (await buyer.client.get("/wallet/payments/xyz")).status_code == 400
