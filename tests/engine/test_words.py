from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.engine import words
from l402desk.engine.view import Notice, Tone
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Delivery
from tests.engine.shop import Buyer, Shop, a_desk

WHY = "The wallet said so."


@pytest.fixture
async def purchase(tmp_path: Path) -> Purchase:
    async with a_desk(tmp_path, Shop()) as services:
        bought = (await Buyer(services).buy()).purchase
        assert bought is not None
        return bought


NOTICES = [
    words.token_refused(402),
    words.payment_failed(WHY),
    words.payment_unknown(WHY),
    words.paid_without_proof(WHY),
    words.rail_taken(WHY),
    words.vault_locked(),
    words.invoice_expired(),
    words.intent_refused(WHY),
    words.vault_unreadable(WHY),
    words.delivered(Msat(21_000)),
    words.undelivered(WHY),
    words.not_accepted(WHY),
    words.proof_not_written(WHY),
    words.bad_proof(WHY),
]


@pytest.mark.parametrize("notice", NOTICES, ids=lambda n: n.title)
def test_every_notice_is_made_of_whole_sentences(notice: Notice) -> None:
    assert not notice.title.endswith(".")
    assert notice.title[0].isupper()
    assert notice.sentence.endswith(".")
    assert notice.remedy == "" or notice.remedy.endswith(".")


@pytest.mark.parametrize("notice", [words.payment_unknown(WHY), words.paid_without_proof(WHY), words.not_accepted(WHY)])
def test_where_money_may_have_left_the_user_is_told_not_to_pay_again(notice: Notice) -> None:
    assert "not pay" in notice.remedy.lower().replace("does not pay", "not pay")


def test_a_delivery_is_told_by_what_became_of_it() -> None:
    outcomes = {outcome: words.delivery(outcome, Msat(21_000), WHY) for outcome in Delivery}
    assert outcomes[Delivery.DELIVERED] == words.delivered(Msat(21_000))
    assert outcomes[Delivery.REFUSED] == words.not_accepted(WHY)
    assert outcomes[Delivery.UNDELIVERED] == words.undelivered(WHY)
    assert outcomes[Delivery.DELIVERED].tone is Tone.GOOD


@pytest.mark.anyio
async def test_an_open_payment_is_told_with_both_amounts_and_the_host(purchase: Purchase) -> None:
    notice = words.still_open(purchase, Msat(30_000))
    assert "21 sats to shop.example" in notice.sentence
    assert "another 30 sats" in notice.sentence
    assert "more" not in words.still_open(purchase, None).sentence


@pytest.mark.anyio
async def test_a_late_proof_is_told_with_what_it_was_for(purchase: Purchase) -> None:
    assert "21 sats to shop.example/v1/thing" in words.earlier_proof(purchase.amount, "shop.example/v1/thing").sentence
