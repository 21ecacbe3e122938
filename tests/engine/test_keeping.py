from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.engine.keeping import keep_token, redeem, settle_and_keep
from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token
from l402desk.store.errors import DiskFull
from tests.engine.shop import URL, Buyer, Shop, a_desk, failing, states, tokens

pytestmark = pytest.mark.anyio


async def test_settling_and_keeping_twice_is_one_token_bound_to_its_issuer(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        purchase = (await buyer.offer()).purchase
        assert purchase is not None
        token = Token("L402", shop.bills[0][0], shop.preimages[purchase.payment_hash])
        settled, kept = await settle_and_keep(services, purchase.id, token, Msat(3))
        assert (settled.fee, kept.purchase_id, kept.price) == (Msat(3), purchase.id, Msat(21_000))
        assert await settle_and_keep(services, purchase.id, token) == (settled, kept)
        assert (await keep_token(services, settled, token)).id == kept.id
        held = await services.vault.find(URL, "GET")
        assert held is not None
        assert held.token == token
        assert await services.vault.find("https://other.example/v1/thing", "GET") is None


async def test_another_payments_proof_settles_nothing(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = (await Buyer(services).offer()).purchase
        assert purchase is not None
        with pytest.raises(ProofError):
            await settle_and_keep(services, purchase.id, Token("L402", "abc", Preimage(b"\x09" * 32)))
        assert (await states(services), await tokens(services)) == (["offered"], [])


async def test_a_proof_finds_its_purchase_by_itself(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = (await Buyer(services).offer()).purchase
        assert purchase is not None
        assert await redeem(services, Preimage(b"\x09" * 32)) is None
        settled = await redeem(services, shop.preimages[purchase.payment_hash])
        assert settled is not None
        assert settled.id == purchase.id
        assert await tokens(services) == ["undelivered"]


async def test_a_full_disk_is_told_and_the_second_try_succeeds(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = (await Buyer(services).offer()).purchase
        assert purchase is not None
        failing(services).fail_next_write(after=1)  # the proof is written, the token is not
        with pytest.raises(DiskFull):
            await redeem(services, shop.preimages[purchase.payment_hash])
        assert (await states(services), await tokens(services)) == (["settled"], [])
        assert await redeem(services, shop.preimages[purchase.payment_hash]) is not None
        assert await tokens(services) == ["undelivered"]
