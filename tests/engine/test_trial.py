"""A token is tried at its own place, for free: nothing is paid, nothing is repeated that could do harm."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from l402desk.engine.trial import Trial, try_token
from l402desk.engine.view import Tone
from l402desk.services import Services
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import TokenState, TokenSummary
from tests.engine.shop import Seen, Shop, a_desk
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


async def kept(
    services: Services,
    url: str = PLACE,
    *,
    state: TokenState = TokenState.USABLE,
    reach: Reach = Reach.EXACT,
    method: str | None = None,
) -> TokenSummary:
    token = await services.vault.keep(new_token(1, url, reach=reach, method=method))
    return token if state is TokenState.USABLE else await services.vault.mark(token.id, state)


async def tried(services: Services, token: TokenSummary) -> Trial:
    return await try_token(services, token.id)


async def test_a_good_token_is_sent_home_once_and_counted(services: Services, shop: Shop) -> None:
    trial = await tried(services, await kept(services))
    assert shop.seen == [Seen("GET", PLACE, (new_token(1).token.authorization(),))]
    assert (trial.status, trial.notice.tone, trial.notice.title) == (200, Tone.GOOD, "Accepted: 200")
    assert (trial.token.uses, trial.token.last_status, trial.token.state) == (1, 200, TokenState.USABLE)
    assert [(use.method, use.path) for use in await services.vault.uses(trial.token.id)] == [("GET", "/v1/thing")]


@pytest.mark.parametrize("status", [401, 402])
async def test_a_refusal_is_marked_and_nothing_is_paid(services: Services, shop: Shop, status: int) -> None:
    shop.paid_answers = [httpx.Response(status)]
    trial = await tried(services, await kept(services))
    assert (trial.token.state, trial.token.last_status) == (TokenState.REFUSED, status)
    assert trial.notice.title == f"Refused: {status}"
    assert shop.wallet.paid == []
    assert await services.ledger.history() == []
    held = await services.vault.find(PLACE, "GET")
    assert (held is not None) is (status == 402)


async def test_a_refused_token_that_is_taken_after_all_is_usable_again(services: Services) -> None:
    trial = await tried(services, await kept(services, state=TokenState.REFUSED))
    assert trial.token.state is TokenState.USABLE


@pytest.mark.parametrize("status", [200, 402])
async def test_what_the_user_marked_as_used_up_stays_so(services: Services, shop: Shop, status: int) -> None:
    shop.paid_answers = [httpx.Response(status)]
    trial = await tried(services, await kept(services, state=TokenState.SPENT))
    assert trial.token.state is TokenState.SPENT


@pytest.mark.parametrize("status", [404, 400, 429, 500, 503])
async def test_any_other_answer_says_nothing_about_it(services: Services, shop: Shop, status: int) -> None:
    shop.paid_answers = [httpx.Response(status)]
    trial = await tried(services, await kept(services, state=TokenState.REFUSED))
    assert (trial.token.state, trial.token.uses) == (TokenState.REFUSED, 1)
    assert trial.notice.tone is Tone.INFO
    assert "says nothing" in trial.notice.sentence


async def test_a_request_that_does_something_is_not_repeated(services: Services, shop: Shop) -> None:
    trial = await tried(services, await kept(services, method="POST"))
    assert shop.seen == []
    assert trial.status is None
    assert "POST" in trial.notice.sentence
    assert trial.token.uses == 0


async def test_a_token_for_head_is_tried_with_head(services: Services, shop: Shop) -> None:
    await tried(services, await kept(services, method="HEAD"))
    assert [seen.method for seen in shop.seen] == ["HEAD"]


async def test_what_is_owed_still_is_not_thrown_away_by_a_trial(services: Services, shop: Shop) -> None:
    trial = await tried(services, await kept(services, state=TokenState.UNDELIVERED))
    assert shop.seen == []
    assert trial.token.state is TokenState.UNDELIVERED
    assert "not delivered" in trial.notice.sentence


async def test_the_token_does_not_travel_in_the_open(services: Services, shop: Shop) -> None:
    trial = await tried(services, await kept(services, "http://shop.example/v1/thing"))
    assert shop.seen == []
    assert trial.notice.tone is Tone.WARNING
    assert trial.token.uses == 0


async def test_the_token_does_not_follow_a_redirect_to_a_stranger(services: Services, shop: Shop) -> None:
    shop.redirects[PLACE] = "https://thief.example/v1/thing"
    trial = await tried(services, await kept(services))
    assert [seen.url for seen in shop.seen if seen.authorizations] == [PLACE]
    assert trial.token.state is TokenState.USABLE
    assert trial.notice.tone is Tone.INFO


async def test_a_host_is_tried_where_the_token_opened_something_last(services: Services, shop: Shop) -> None:
    token = await kept(services, "https://shop.example/", reach=Reach.HOST)
    for status, method, path in (
        (200, "GET", "/v1/old"),
        (200, "GET", "/v1/good"),
        (404, "GET", "/no"),
        (200, "POST", "/"),
    ):
        await services.vault.record_use(token.id, status, 1, method=method, path=path)
    await tried(services, token)
    assert shop.seen[-1].url == "https://shop.example/v1/good"


async def test_a_prefix_that_opened_nothing_yet_is_tried_where_it_begins(services: Services, shop: Shop) -> None:
    token = await kept(services, "https://shop.example/v1", reach=Reach.PREFIX)
    await services.vault.record_use(token.id, 200, 1, method="GET", path="/v2/elsewhere")
    await tried(services, token)
    assert shop.seen[-1].url == "https://shop.example/v1"


async def test_a_server_that_does_not_answer_is_said(services: Services, shop: Shop) -> None:
    shop.paid_answers = [httpx.ConnectError("no route")]
    trial = await tried(services, await kept(services))
    assert trial.status is None
    assert trial.notice.tone is Tone.WARNING
    assert trial.token.uses == 0


async def test_no_secret_is_in_what_is_told(services: Services) -> None:
    trial = await tried(services, await kept(services))
    assert new_token(1).token.preimage.hex not in repr(trial)


async def test_a_token_in_the_trash_is_not_tried(services: Services, shop: Shop) -> None:
    token = await kept(services)
    await services.vault.trash(token.id)
    with pytest.raises(NoSuchToken):
        await tried(services, token)
    assert shop.seen == []
