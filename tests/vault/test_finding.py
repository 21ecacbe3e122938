"""What could save a payment and is not sent by itself; and a copy that was made to be handed out comes second."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.protocol.errors import OriginError
from l402desk.store.database import Database
from l402desk.vault.finding import MOST_CANDIDATES
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import RESTRICTED, TokenState
from l402desk.vault.vault import Vault
from tests.fakes.purchased import NOW, URL, new_token

pytestmark = pytest.mark.anyio


async def titles(vault: Vault, url: str = URL, method: str = "GET") -> list[str]:
    return [summary.title for summary in await vault.candidates(url, method)]


async def test_tokens_for_another_path_or_method_of_the_same_origin_are_candidates(vault: Vault) -> None:
    await vault.keep(new_token(1, title="sent by itself"))
    await vault.keep(new_token(2, "https://api.example/v1/other", title="beside"))
    await vault.keep(new_token(3, "https://api.example/else", title="elsewhere"))
    await vault.keep(new_token(4, title="for posts", method="POST"))
    await vault.keep(new_token(5, "https://other.example/v1/data", title="a stranger's"))
    await vault.keep(new_token(6, "http://api.example/v1/other", title="in the open"))
    assert await titles(vault) == ["for posts", "beside", "elsewhere"]
    assert "for posts" not in await titles(vault, method="post")


async def test_what_find_would_send_is_no_candidate(vault: Vault) -> None:
    await vault.keep(new_token(1, "https://api.example/v1", reach=Reach.PREFIX, title="v1"))
    await vault.keep(new_token(2, "https://api.example/", reach=Reach.HOST, title="host"))
    assert await titles(vault) == []
    assert await titles(vault, "https://api.example/v2") == ["v1"]


@pytest.mark.parametrize("state", TokenState)
async def test_only_what_may_still_be_good_is_a_candidate(vault: Vault, state: TokenState) -> None:
    kept = await vault.keep(new_token(1, "https://api.example/v1/other"))
    await (vault.trash(kept.id) if state is TokenState.TRASHED else vault.mark(kept.id, state))
    assert bool(await titles(vault)) is (state in ("usable", "undelivered"))


async def test_what_is_expired_or_was_tampered_with_saves_nothing(vault: Vault, database: Database) -> None:
    await vault.keep(new_token(1, "https://api.example/v1/other", caveats=(f"expires_at={NOW}",)))
    broken = await vault.keep(new_token(2, "https://api.example/v1/other"))
    await database.write(lambda c: c.execute("UPDATE tokens SET secret = x'00' WHERE id = ?", (broken.id,)).rowcount)
    assert await titles(vault) == []


async def test_where_no_token_may_travel_none_is_offered(vault: Vault) -> None:
    await vault.keep(new_token(1, "http://api.example/v1/other"))
    assert await titles(vault, "http://api.example/v1/data") == []
    with pytest.raises(OriginError):
        await vault.candidates("ftp://api.example/", "GET")


async def test_of_a_great_many_the_nearest_are_offered(vault: Vault) -> None:
    for number in range(MOST_CANDIDATES + 5):
        await vault.keep(new_token(number, f"https://api.example/far/{number}", title="far", bought_at=NOW + number))
    await vault.keep(new_token(99, "https://api.example/v1/near", title="near", bought_at=1))
    found = await titles(vault)
    assert found[0] == "near"
    assert len(found) == MOST_CANDIDATES


async def test_a_copy_made_to_be_handed_out_never_stands_before_a_whole_token(vault: Vault) -> None:
    whole = await vault.keep(new_token(1, "https://api.example/", reach=Reach.HOST))
    copy = await vault.keep(
        replace(new_token(1, caveats=("services=demo:0", "expires_at=1800000000")), source=RESTRICTED)
    )
    assert copy.source == RESTRICTED
    held = await vault.find(URL, "GET")
    assert held is not None
    assert held.id == whole.id
    await vault.trash(whole.id)
    held = await vault.find(URL, "GET")
    assert held is not None
    assert held.id == copy.id


async def test_a_copy_is_sent_before_a_token_that_was_refused(vault: Vault) -> None:
    refused = await vault.keep(new_token(1))
    await vault.record_use(refused.id, 402, NOW)
    await vault.mark(refused.id, TokenState.REFUSED)
    copy = await vault.keep(
        replace(new_token(1, caveats=("services=demo:0", "expires_at=1800000000")), source=RESTRICTED)
    )
    held = await vault.find(URL, "GET")
    assert held is not None
    assert held.id == copy.id
