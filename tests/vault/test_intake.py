"""Imports come in once each, with their history, over nothing of the user's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.store.database import Database
from l402desk.vault.awaiting import Awaiting
from l402desk.vault.carried import Carried
from l402desk.vault.intake import Intake
from l402desk.vault.tokens import TokenState
from l402desk.vault.vault import Vault
from tests.fakes.purchased import NOW, Clock, new_token
from tests.vault.test_awaiting import pending

pytestmark = pytest.mark.anyio


@pytest.fixture
def intake(database: Database, vault: Vault, awaiting: Awaiting) -> Intake:
    return Intake(database, vault, awaiting, Clock())


CARRIED = (
    Carried(replace(new_token(1, bought_at=NOW - 9), source="imported from lnget"), "A note.", 3, NOW - 5, 200),
    Carried(new_token(2), is_trashed=True),
)


async def test_tokens_come_with_their_note_uses_and_place_in_the_trash(intake: Intake, vault: Vault) -> None:
    taken = await intake.take(CARRIED, [pending(4)])
    first, second = taken.kept
    assert (first.note, first.uses, first.last_used_at, first.last_status) == ("A note.", 3, NOW - 5, 200)
    assert (first.source, first.bought_at) == ("imported from lnget", NOW - 9)
    assert second.state is TokenState.TRASHED
    assert (await vault.restore(second.id)).state is TokenState.USABLE
    assert [awaited.title for awaited in taken.awaited] == ["Demo"]
    assert (taken.known, taken.awaited_known, taken.paid) == ((), (), ())


async def test_the_same_again_changes_nothing(intake: Intake, vault: Vault, awaiting: Awaiting) -> None:
    first = await intake.take(CARRIED, [pending(4)])
    again = await intake.take([*CARRIED, *CARRIED], [pending(4), pending(4)])
    assert (again.kept, again.awaited) == ((), ())
    assert again.known == first.kept
    assert again.awaited_known == first.awaited
    assert await vault.count() + await vault.count(trashed=True) == 2
    assert len(await awaiting.list()) == 1


async def test_what_the_user_has_stays_the_users(intake: Intake, vault: Vault) -> None:
    mine = await vault.keep(new_token(1))
    await vault.note(mine.id, "My own words.")
    await vault.record_use(mine.id, 200, NOW)
    await vault.rename(mine.id, "My name")
    untouched = await vault.summary(mine.id)
    taken = await intake.take([replace(CARRIED[0], is_trashed=True)])
    assert taken.known == (untouched,)


async def test_what_a_crash_left_out_is_made_up_for_by_importing_again(intake: Intake, vault: Vault) -> None:
    await vault.keep(CARRIED[0].token)
    (known,) = (await intake.take(CARRIED[:1])).known
    assert (known.note, known.uses) == ("A note.", 3)


async def test_a_pending_token_whose_proof_is_held_does_not_wait(intake: Intake, awaiting: Awaiting) -> None:
    paid = replace(new_token(4, caveats=()), origin=pending(4).origin)
    taken = await intake.take([Carried(paid)], [pending(4)])
    assert taken.paid == (pending(4),)
    assert await awaiting.list() == []
    assert (await intake.take([], [pending(4, "https://other.example")])).paid == ()


async def test_a_purchase_of_the_future_is_one_of_now(intake: Intake) -> None:
    taken = await intake.take([Carried(new_token(1, bought_at=NOW * 2))], [replace(pending(4), created_at=NOW * 2)])
    assert (taken.kept[0].bought_at, taken.awaited[0].created_at) == (NOW, NOW)


async def test_nothing_is_a_good_import_too(intake: Intake) -> None:
    taken = await intake.take([])
    assert taken.kept == taken.known == ()
