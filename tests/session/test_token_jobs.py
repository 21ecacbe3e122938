"""The jobs of the token list at a desk of real parts: a trial is a real request, a tampered row has no anatomy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.engine.view import Tone
from l402desk.services import Services
from l402desk.session import token_jobs as jobs
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.wanted import Wanted
from tests.engine.shop import Shop, a_desk
from tests.fakes.purchased import new_token

pytestmark = pytest.mark.anyio
PLACE = "https://shop.example/v1/thing"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def services(tmp_path: Path, shop: Shop) -> AsyncIterator[Services]:
    async with a_desk(tmp_path, shop) as opened:
        yield opened


@pytest.fixture
async def token(services: Services) -> TokenSummary:
    return await services.vault.keep(new_token(1, PLACE))


async def test_a_trial_goes_to_the_tokens_own_place(services: Services, token: TokenSummary, shop: Shop) -> None:
    trial = await jobs.attempt(services, token_id=token.id)
    assert trial.notice.tone is Tone.GOOD
    assert [seen.url for seen in shop.seen] == [PLACE]


async def test_a_row_that_was_tampered_with_is_told_without_being_opened(
    services: Services, token: TokenSummary
) -> None:
    await services.database.write(lambda connection: connection.execute("UPDATE tokens SET secret = x'00'").rowcount)
    account = await jobs.account(services, token_id=token.id)
    assert account is not None
    assert account.anatomy is None
    assert not account.token.is_intact


async def test_a_list_is_its_numbers_and_its_tally(services: Services, token: TokenSummary) -> None:
    listed = await jobs.listed(services, wanted=Wanted())
    assert listed.numbers is not None
    assert listed.tally is not None
    assert (await jobs.rows(services, numbers=listed.numbers))[listed.numbers[0]] == token


async def test_of_a_locked_vault_nothing_is_told(tmp_path: Path, shop: Shop) -> None:
    async with a_desk(tmp_path / "other", shop, locked=True) as services:
        assert (await jobs.listed(services, wanted=Wanted())).numbers is None
        assert await jobs.rows(services, numbers=(1, 2)) == {}
        assert await jobs.account(services, token_id="any") is None
