from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.protocol.token import Token
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.vault.errors import Forgotten, NoSuchToken
from l402desk.vault.rows import SCHEMA
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import MOST_NOTE, MOST_TITLE, TokenState, TokenUse
from l402desk.vault.vault import Vault
from l402desk.vault.wanted import Order, OrderBy, Shelf, Wanted
from tests.fakes.purchased import NOW, URL, Clock, credential_of, new_seal, new_token, preimage_of

pytestmark = pytest.mark.anyio


async def found(vault: Vault, url: str, method: str = "GET") -> str | None:
    held = await vault.find(url, method)
    return None if held is None else held.id


async def test_a_kept_token_is_found_revealed_and_summarised(vault: Vault) -> None:
    summary = await vault.keep(new_token(1, purchase_id="p1", caveats=("services=demo:0", "expires_at=1800000000")))
    held = await vault.find(URL, "GET")
    assert held is not None
    assert held.token == await vault.reveal(summary.id) == new_token(1, caveats=summary.caveats).token
    assert (summary.title, str(summary.origin), str(summary.scope)) == (
        "Demo",
        "https://api.example",
        "/v1/data",
    )
    assert summary.price is not None
    assert summary.price.value == 21_000
    assert (summary.bought_at, summary.expires_at, summary.uses) == (NOW, 1_800_000_000, 0)
    assert summary.caveats == ("services=demo:0", "expires_at=1800000000")
    assert (summary.purchase_id, summary.scheme, summary.sealed_by) == ("p1", "L402", "your passphrase")
    assert summary == await vault.summary(summary.id)


async def test_keeping_the_same_purchase_or_the_same_token_again_changes_nothing(vault: Vault) -> None:
    first = await vault.keep(new_token(1, purchase_id="p1"))
    assert await vault.keep(new_token(1, purchase_id="p1", title="another")) == first
    assert await vault.keep(new_token(1)) == first
    assert await vault.count() == 1


async def test_a_narrowed_copy_of_a_token_is_kept_beside_it(vault: Vault) -> None:
    first = await vault.keep(new_token(1))
    narrowed = await vault.keep(new_token(1, caveats=("services=demo:0", "max_requests=1")))
    assert narrowed.id != first.id
    assert narrowed.payment_hash == first.payment_hash


async def test_many_keeps_at_once_make_one_row(vault: Vault) -> None:
    kept = await asyncio.gather(*(vault.keep(new_token(1, purchase_id="p1")) for _ in range(20)))
    assert len({summary.id for summary in kept}) == 1


# Home only.


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example/v1/data",
        "https://api.example:444/v1/data",
        "https://www.api.example/v1/data",
        "https://example/v1/data",
        "https://api.example.evil.example/v1/data",
        "https://api.example/v1/data/",
        "https://api.example/v1",
        "https://api.example/",
        "https://api.example@evil.example/v1/data",
    ],
)
async def test_a_token_is_not_found_for_any_other_place(vault: Vault, url: str) -> None:
    await vault.keep(new_token(1))
    assert await vault.find(url, "GET") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/v1/data?page=2",
        "https://API.example:443/v1/data#top",
        "https://api.example./v1/data",
    ],
)
async def test_the_same_place_in_other_words_is_found(vault: Vault, url: str) -> None:
    kept = await vault.keep(new_token(1))
    held = await vault.find(url, "GET")
    assert held is not None
    assert (held.id, held.origin) == (kept.id, Origin("https", "api.example", 443))


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("http://api.example/v1", False),
        ("http://10.0.0.1/v1", False),
        ("http://127.0.0.1:8402/v1", True),
        ("http://localhost:8402/v1", True),
        ("http://[::1]:8402/v1", True),
        ("http://abcdefabcdefabcdef.onion/v1", True),
    ],
)
async def test_over_plain_http_a_token_goes_to_this_machine_and_hidden_services_only(
    vault: Vault, url: str, is_sent: bool
) -> None:
    await vault.keep(new_token(1, url))
    assert (await vault.find(url, "GET") is not None) is is_sent


async def test_an_address_that_is_none_is_said(vault: Vault) -> None:
    with pytest.raises(OriginError):
        await vault.find("ftp://api.example/", "GET")


async def test_a_token_for_one_method_is_not_sent_with_another(vault: Vault) -> None:
    kept = await vault.keep(new_token(1, method="post"))
    assert await found(vault, URL, "GET") is None
    assert await found(vault, URL, "post") == kept.id


# The best one.


async def test_the_most_specific_token_wins_then_the_newest(vault: Vault) -> None:
    ids = {}
    for number, (name, reach, path, method, at) in enumerate(
        [
            ("host", Reach.HOST, "/", None, 900),
            ("root", Reach.PREFIX, "/", None, 800),
            ("v1", Reach.PREFIX, "/v1", None, 700),
            ("v1 old", Reach.PREFIX, "/v1", None, 100),
            ("data", Reach.PREFIX, "/v1/data", None, 600),
            ("exact", Reach.EXACT, "/v1/data", None, 500),
            ("exact, old", Reach.EXACT, "/v1/data", None, 400),
            ("exact, post", Reach.EXACT, "/v1/data", "POST", 300),
        ]
    ):
        new = new_token(number, "https://api.example" + path, reach=reach, method=method, bought_at=at)
        ids[(await vault.keep(new)).id] = name
    order = []
    while held := await vault.find(URL, "POST"):
        order.append(ids[held.id])
        await vault.trash(held.id)
    assert order == ["exact, post", "exact", "exact, old", "data", "v1", "v1 old", "root", "host"]


async def test_an_expired_token_is_not_sent_and_not_deleted(vault: Vault, clock: Clock) -> None:
    kept = await vault.keep(new_token(1, caveats=(f"expires_at={NOW + 60}",)))
    assert await found(vault, URL) == kept.id
    clock.now = NOW + 60
    assert await found(vault, URL) is None
    assert await vault.count() == 1


@pytest.mark.parametrize("state", TokenState)
async def test_only_usable_and_undelivered_tokens_are_sent(vault: Vault, state: TokenState) -> None:
    kept = await vault.keep(new_token(1))
    after = await (vault.trash(kept.id) if state is TokenState.TRASHED else vault.mark(kept.id, state))
    assert after.state is state
    assert (await found(vault, URL) is not None) is (state in ("usable", "undelivered"))


places = st.sampled_from(["/", "/a", "/a/b", "/a/b/c", "/ab", "/a/"])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(Reach), places, st.sampled_from([None, "GET", "POST"])), max_size=8),
    places,
)
async def test_the_index_finds_what_a_plain_search_would(
    tmp_path_factory: pytest.TempPathFactory, tokens: list[tuple[Reach, str, str | None]], asked: str
) -> None:
    database = await Database.open(tmp_path_factory.mktemp("v") / "app" / "desk.sqlite", (SCHEMA,))
    vault = Vault(database, new_seal(), Clock())
    fitting = []
    for number, (reach, path, method) in enumerate(tokens):
        new = new_token(number, "https://api.example" + path, reach=reach, method=method)
        kept = await vault.keep(new)
        if new.scope.covers(asked) and method in (None, "GET"):
            fitting.append((new.scope.rank, method is not None, number, kept.id))
    expected = max(fitting)[-1] if fitting else None
    assert await found(vault, "https://api.example" + asked) == expected
    await database.close()


# What is done with them.


async def test_uses_are_counted(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    await vault.record_use(kept.id, 200, NOW + 1)
    after = await vault.record_use(kept.id, 503, NOW + 2)
    assert (after.uses, after.last_status, after.last_used_at) == (2, 503, NOW + 2)


async def test_a_token_can_be_renamed_and_sent_further_within_its_own_origin(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    await vault.rename(kept.id, "Weather")
    after = await vault.set_scope(kept.id, Scope.of(Reach.PREFIX, "/v1/"), "get")
    assert (after.title, str(after.scope), after.method) == ("Weather", "/v1/…", "GET")
    assert await found(vault, "https://api.example/v1/other") == kept.id
    assert await found(vault, "https://other.example/v1/other") is None


async def test_the_trash_gives_back_what_was_put_in_as_it_was(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    await vault.mark(kept.id, TokenState.SPENT)
    await vault.trash(kept.id)
    assert (await vault.trash(kept.id)).state is TokenState.TRASHED
    assert [await vault.count(), await vault.count(trashed=True)] == [0, 1]
    assert (await vault.restore(kept.id)).state is TokenState.SPENT
    assert (await vault.restore(kept.id)).state is TokenState.SPENT
    assert await vault.reveal(kept.id) == new_token(1).token


async def test_what_happens_to_a_token_in_the_trash_is_remembered_and_does_not_revive_it(
    vault: Vault,
) -> None:
    kept = await vault.keep(new_token(1))
    await vault.trash(kept.id)
    assert (await vault.mark(kept.id, TokenState.REFUSED)).state is TokenState.TRASHED
    assert (await vault.restore(kept.id)).state is TokenState.REFUSED


async def test_only_the_user_deletes_and_only_from_the_trash(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    with pytest.raises(ValueError, match="trash"):
        await vault.forget(kept.id)
    with pytest.raises(ValueError, match="trash"):
        await vault.mark(kept.id, TokenState.TRASHED)
    await vault.trash(kept.id)
    await vault.forget(kept.id)
    with pytest.raises(NoSuchToken):
        await vault.summary(kept.id)


async def test_an_id_that_is_not_there_is_said(vault: Vault) -> None:
    for call in (vault.summary, vault.reveal, vault.trash, vault.restore, vault.forget):
        with pytest.raises(NoSuchToken):
            await call("nowhere")
    with pytest.raises(NoSuchToken):
        await vault.record_use("nowhere", 200, NOW)


# Lists.


async def test_a_list_is_newest_first_searched_and_paged(vault: Vault) -> None:
    for number in range(5):
        url = f"https://{'weather' if number % 2 else 'maps'}.example/v{number}"
        await vault.keep(new_token(number, url, title=f"Service {number}", bought_at=NOW + number))
    assert [s.title[-1] for s in await vault.list()] == ["4", "3", "2", "1", "0"]
    assert [s.title[-1] for s in await vault.list(limit=2, offset=1)] == ["3", "2"]
    assert [s.title[-1] for s in await vault.list("WEATHER")] == ["3", "1"]
    assert [s.title[-1] for s in await vault.list("/v2")] == ["2"]
    assert await vault.count("ice 4") == 1


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --"])
async def test_a_search_takes_every_character_literally(vault: Vault, text: str) -> None:
    await vault.keep(new_token(1))
    await vault.keep(new_token(2, title=f"100{text}"))
    assert [s.title for s in await vault.list(text)] == [f"100{text}"]


# Tampering.


async def test_a_token_whose_row_was_edited_is_shown_and_never_sent(vault: Vault, database: Database) -> None:
    await vault.keep(new_token(1))
    await database.write(lambda c: c.execute("UPDATE tokens SET origin = 'https://thief.example'").rowcount)
    with pytest.raises(SealBroken):
        await vault.find("https://thief.example/v1/data", "GET")
    assert [s.is_intact for s in await vault.list()] == [False]


async def test_a_sound_token_is_sent_though_a_better_one_is_broken(vault: Vault, database: Database) -> None:
    broken = await vault.keep(new_token(1, bought_at=NOW + 1))
    sound = await vault.keep(new_token(2, bought_at=NOW))
    await database.write(lambda c: c.execute("UPDATE tokens SET secret = x'00' WHERE id = ?", (broken.id,)).rowcount)
    assert await found(vault, URL) == sound.id
    assert (await vault.keep(new_token(1))).id != broken.id


async def test_no_file_holds_a_secret_in_clear(vault: Vault, database: Database) -> None:
    canary = preimage_of(1)
    credential = credential_of(1, "user=canary-caveat")
    new = replace(new_token(1), token=Token("LSAT", credential, canary))
    kept = await vault.keep(new)
    await vault.record_use(kept.id, 200, NOW)
    raw = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in database.path.parent.iterdir()))
    for secret in (canary.raw, canary.hex.encode(), credential.encode(), b"canary-caveat"):
        assert secret not in raw
    await vault.trash(kept.id)
    await vault.forget(kept.id)
    assert await vault.list(trashed=True) == []


# The user's own words, what it was used for, and where it came from.


async def test_a_note_is_kept_searched_and_taken_away(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    assert (await vault.note(kept.id, "  for the Lisbon trip ")).note == "for the Lisbon trip"
    assert [summary.id for summary in await vault.list("lisbon")] == [kept.id]
    assert (await vault.note(kept.id, "")).note == ""
    assert len((await vault.note(kept.id, "x" * 9_999)).note) == MOST_NOTE


async def test_a_title_is_trimmed(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    assert (await vault.rename(kept.id, "  Weather  ")).title == "Weather"
    assert len((await vault.rename(kept.id, "x" * 9_999)).title) == MOST_TITLE


async def test_the_source_of_a_token_is_kept(vault: Vault) -> None:
    assert (await vault.keep(new_token(1))).source == "bought"
    imported = await vault.keep(replace(new_token(2), source="imported from lnget"))
    assert (await vault.summary(imported.id)).source == "imported from lnget"


async def test_each_use_is_remembered_with_its_place(vault: Vault) -> None:
    kept = await vault.keep(new_token(1, purchase_id="p1"))
    await vault.record_use(kept.id, 200, NOW + 1, method="GET", path="/v1/data?key=secret")
    after = await vault.record_use(kept.id, 503, NOW + 2, method="POST", path="/v1/other")
    assert (after.uses, after.last_status) == (2, 503)
    assert list(await vault.uses(kept.id)) == [
        TokenUse(NOW + 2, "POST", "/v1/other", 503),
        TokenUse(NOW + 1, "GET", "/v1/data", 200),
    ]


async def test_one_token_is_held_at_the_users_word_wherever_it_may_go(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    await vault.mark(kept.id, TokenState.SPENT)
    assert (await vault.hold(kept.id)).token == new_token(1).token
    await vault.trash(kept.id)
    with pytest.raises(NoSuchToken):
        await vault.hold(kept.id)


async def test_a_token_is_taken_apart_without_its_secrets(vault: Vault) -> None:
    kept = await vault.keep(new_token(1))
    anatomy = await vault.anatomy(kept.id)
    assert anatomy.committed_hash == kept.payment_hash
    assert anatomy.is_bound is True


async def test_a_long_list_is_its_numbers_and_the_rows_that_are_looked_at(vault: Vault) -> None:
    for number in range(5):
        await vault.keep(new_token(number, title=f"Service {number}", bought_at=NOW + number))
    listed = await vault.numbers(Wanted(order=Order(OrderBy.SERVICE)))
    page = await vault.page(listed[1:3])
    assert [page[number].title for number in listed[1:3]] == ["Service 3", "Service 2"]
    assert await vault.page([999]) == {}
    assert (await vault.tally())[Shelf.ALL] == 5
    cheapest = Order(OrderBy.BOUGHT, descending=False)
    assert [summary.title[-1] for summary in await vault.list(order=cheapest, limit=2)] == ["0", "1"]


async def test_the_token_of_a_purchase_is_found_in_the_list(vault: Vault) -> None:
    kept = await vault.keep(new_token(1, purchase_id="p1"))
    (number,) = await vault.numbers(Wanted())
    assert await vault.number_of("p1") == (number, TokenState.USABLE)
    await vault.trash(kept.id)
    assert await vault.number_of("p1") == (number, TokenState.TRASHED)
    assert await vault.number_of("another") is None


# For ever.


async def test_a_token_deleted_for_ever_is_not_brought_back_by_its_purchase(vault: Vault) -> None:
    """Recovery keeps what a crash may have lost; it must not undo what the user did."""
    kept = await vault.keep(new_token(1, purchase_id="p1"))
    await vault.record_use(kept.id, 200, NOW, method="GET", path="/")
    await vault.trash(kept.id)
    await vault.forget(kept.id)
    with pytest.raises(Forgotten) as told:
        await vault.keep(new_token(1, purchase_id="p1"))
    assert told.value.purchase_id == "p1"
    assert await vault.count() == 0


async def test_a_token_that_is_brought_by_hand_again_is_kept_again(vault: Vault) -> None:
    kept = await vault.keep(new_token(1, purchase_id="p1"))
    await vault.trash(kept.id)
    await vault.forget(kept.id)
    again = await vault.keep(new_token(1))
    assert await vault.keep(new_token(1, purchase_id="p1")) == again


async def test_what_was_not_deleted_for_ever_is_not_forgotten(vault: Vault) -> None:
    kept = await vault.keep(new_token(1, purchase_id="p1"))
    with pytest.raises(ValueError, match="trash"):
        await vault.forget(kept.id)
    assert (await vault.keep(new_token(1, purchase_id="p1"))).id == kept.id
