"""Two that buy the same thing at the same moment, in one process and in two: money leaves once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from l402desk.protocol.exchange import Phase
from tests.engine.shop import Buyer, Shop, a_desk, states
from tests.harness.market import ROOT

pytestmark = pytest.mark.anyio


async def test_what_was_bought_since_the_challenge_came_is_not_bought_again(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        late, early = Buyer(services), Buyer(services)
        await late.offer()
        await early.buy()
        view = await late.pay()
        assert len(shop.wallet.paid) == 1
        assert view.phase is Phase.OFFERED
        assert view.notice is not None
        assert "bought" in view.notice.title
        assert sorted(await states(services)) == ["offered", "settled"]


async def test_the_user_may_buy_it_again_all_the_same(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        late, early = Buyer(services), Buyer(services)
        await late.offer(despite=True)
        await early.buy()
        await late.pay()
        assert len(shop.wallet.paid) == 2


async def test_what_was_bought_before_is_no_reason_not_to_buy_again(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        for _ in range(3):
            await Buyer(services).buy()
        assert len(shop.wallet.paid) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="its processes are forked")
def test_two_processes_that_buy_the_same_at_once_pay_once() -> None:
    command = [sys.executable, "-m", "tests.crash.two", "--rounds", "6"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "6 rounds" in ended.stdout
