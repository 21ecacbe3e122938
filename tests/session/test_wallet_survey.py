"""A wallet is asked what was wanted and no more, and its words are made fit to be shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.engine.catching_up import CatchingUp
from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.services import Services
from l402desk.session.wallet_survey import survey, trouble_of
from l402desk.session.wallet_view import News
from l402desk.wallets.errors import WalletError
from l402desk.wallets.examining import Examination
from tests.engine.shop import Shop, a_desk
from tests.fakes.wallet import EVERYTHING, FakeWallet

pytestmark = pytest.mark.anyio


class Talkative(FakeWallet):
    """Tells more than its balance, when it is examined."""

    examined = 0

    async def examine(self) -> Examination:
        self.examined += 1
        return Examination(may_pay=True, balance=Msat(5), powers=("pay",), network=Network.REGTEST)


@pytest.fixture
def wallet() -> Talkative:
    return Talkative("Talkative")


@pytest.fixture
async def desk(tmp_path: Path, wallet: Talkative) -> AsyncIterator[Services]:
    silent = FakeWallet("Shy", capabilities=replace(EVERYTHING, tells_balance=False))
    async with a_desk(tmp_path, Shop(), wallet, silent) as services:
        yield services


async def surveyed(services: Services, *names: str) -> tuple[News, list[News]]:
    told: list[News] = []

    def report(news: object) -> None:
        assert isinstance(news, News)
        told.append(news)

    last = await survey(services, report, number=3, catching_up=CatchingUp(), thorough=lambda name: name in names)
    return last, told


async def test_only_what_is_wanted_is_asked(desk: Services, wallet: Talkative) -> None:
    news, _ = await surveyed(desk)
    assert [(heard.name, heard.balance, heard.examination) for heard in news.heard] == [
        ("Talkative", Msat(1_000_000), None)
    ]
    assert [(view.name, view.asked_by) for view in news.listing.wallets] == [("Talkative", 3), ("Shy", 0)]
    assert wallet.examined == 0


async def test_an_examined_wallet_tells_all_and_every_word_of_it_is_kept(desk: Services, wallet: Talkative) -> None:
    news, told = await surveyed(desk, "Talkative", "Shy")
    found = {heard.name: heard for heard in news.heard}
    assert found["Talkative"].examination is not None
    assert found["Talkative"].network is Network.REGTEST
    assert found["Shy"].balance is None
    assert told[0].heard == ()
    assert told[-1] == news  # a report that is left out takes nothing with it
    assert wallet.examined == 1


def test_foreign_words_are_shown_as_they_are_and_not_at_any_length() -> None:
    trouble = trouble_of(WalletError("It said \u202eevil\n" + "x" * 900, "Try again."))
    assert "\u202e" not in trouble.sentence
    assert "\n" not in trouble.sentence
    assert len(trouble.sentence) < 700
