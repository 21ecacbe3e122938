"""A payment is found on whatever page it is, and "not known" is said of no list that was not read to its end."""

from __future__ import annotations

from typing import Any

import pytest

from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.errors import NoAnswer
from l402desk.wallets.nwc_listing import MOST_PAGES, PAGE, payment_in

pytestmark = pytest.mark.anyio
HASH = PaymentHash(b"\x07" * 32)
OURS = {"type": "outgoing", "payment_hash": HASH.hex, "state": "settled"}


def others(count: int) -> list[Any]:
    return [{"type": "outgoing", "payment_hash": f"{number:064x}"} for number in range(count)]


class Wallet:
    """Lists these payments, ``most`` at once; ``ignores_offset`` gives the first page for ever."""

    def __init__(self, listed: list[Any], *, most: int = PAGE, ignores_offset: bool = False) -> None:
        self._listed = listed
        self._most = most
        self._ignores_offset = ignores_offset
        self.asked: list[int] = []

    async def page(self, offset: int) -> object:
        self.asked.append(offset)
        return self._listed[0 if self._ignores_offset else offset :][: self._most]


@pytest.mark.parametrize("at", [0, 1, PAGE - 1, PAGE, 3 * PAGE + 2, MOST_PAGES * PAGE - 1])
async def test_it_is_found_wherever_it_is(at: int) -> None:
    assert await payment_in(Wallet([*others(at), OURS, *others(PAGE)]).page, HASH) == OURS


async def test_no_payment_is_skipped_where_the_pages_are_smaller_than_asked_for() -> None:
    wallet = Wallet([*others(25), OURS], most=7)
    assert await payment_in(wallet.page, HASH) == OURS
    assert wallet.asked == [0, 7, 14, 21]


@pytest.mark.parametrize("count", [0, 1, PAGE, 3 * PAGE - 1])
async def test_it_is_not_known_where_the_list_ends_without_it(count: int) -> None:
    assert await payment_in(Wallet(others(count)).page, HASH) is None


async def test_a_short_list_that_comes_again_is_a_whole_one() -> None:
    assert await payment_in(Wallet(others(3), ignores_offset=True).page, HASH) is None


async def test_what_is_older_than_all_that_is_read_may_have_been_paid() -> None:
    wallet = Wallet([*others(MOST_PAGES * PAGE), OURS])
    with pytest.raises(NoAnswer, match="not among the latest 100 of the wallet"):
        await payment_in(wallet.page, HASH)
    assert len(wallet.asked) == MOST_PAGES


async def test_a_wallet_that_gives_its_first_page_for_ever_tells_nothing_of_older_ones() -> None:
    wallet = Wallet([*others(PAGE), OURS], ignores_offset=True)
    with pytest.raises(NoAnswer, match="not among the latest 20 of the wallet"):
        await payment_in(wallet.page, HASH)
    assert len(wallet.asked) == 2


@pytest.mark.parametrize("listed", [None, 7, {}, "x"])
async def test_what_is_no_list_is_no_word_about_a_payment(listed: object) -> None:
    async def page(_: int) -> object:
        return listed

    with pytest.raises(NoAnswer, match="cannot be read"):
        await payment_in(page, HASH)


async def test_what_came_in_and_what_is_nothing_is_passed_over() -> None:
    incoming = {"type": "incoming", "payment_hash": HASH.hex, "state": "settled"}
    assert await payment_in(Wallet([incoming, 7, None, []]).page, HASH) is None
