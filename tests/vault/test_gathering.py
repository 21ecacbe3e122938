"""What is taken out of the vault to be carried comes in again as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.store.database import Database
from l402desk.vault import gathering
from l402desk.vault.awaiting import Awaiting
from l402desk.vault.carried import Carried
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.gathering import gather
from l402desk.vault.intake import Intake
from l402desk.vault.tokens import TokenState
from l402desk.vault.vault import Vault
from tests.fakes.purchased import NOW, Clock, new_token
from tests.vault.test_awaiting import pending

pytestmark = pytest.mark.anyio


async def test_all_are_gathered_page_by_page_the_trash_and_the_pending_too(
    vault: Vault, awaiting: Awaiting, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "_AT_ONCE", 2)
    carried = [
        Carried(
            replace(new_token(number, bought_at=NOW - number), state=TokenState.REFUSED), f"Note {number}.", 2, NOW, 402
        )
        for number in range(1, 6)
    ]
    trashed = Carried(new_token(6, bought_at=NOW), is_trashed=True)
    await Intake(database, vault, awaiting, Clock()).take([*carried, trashed], [pending(7)])
    gathered = await gather(vault, awaiting)
    assert [one for _, one in gathered.tokens] == [*carried, trashed]
    assert all(summary.title == one.token.title for summary, one in gathered.tokens)
    assert gathered.pending == (pending(7),)
    assert gathered.broken == ()


async def test_named_tokens_alone_are_gathered_once_each(vault: Vault, awaiting: Awaiting) -> None:
    first = await vault.keep(new_token(1))
    await vault.keep(new_token(2))
    await awaiting.keep(pending(3))
    gathered = await gather(vault, awaiting, [first.id, first.id])
    assert [summary.id for summary, _ in gathered.tokens] == [first.id]
    assert gathered.pending == ()
    with pytest.raises(NoSuchToken):
        await gather(vault, awaiting, ["none"])


async def test_one_that_was_tampered_with_is_told_and_keeps_no_other_back(
    vault: Vault, awaiting: Awaiting, database: Database
) -> None:
    first = await vault.keep(new_token(1))
    second = await vault.keep(new_token(2))
    await awaiting.keep(pending(3))
    sql = f"UPDATE tokens SET secret = x'00' WHERE id = '{first.id}'"
    await database.write(lambda connection: connection.execute(sql).rowcount)
    await database.write(lambda connection: connection.execute("UPDATE awaiting SET secret = x'00'").rowcount)
    gathered = await gather(vault, awaiting)
    assert [summary.id for summary, _ in gathered.tokens] == [second.id]
    assert [summary.id for summary in gathered.broken] == [first.id]
    assert gathered.pending == ()
