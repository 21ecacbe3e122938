"""The beginning of an id stands for one token or for none."""

from __future__ import annotations

import pytest

from l402desk.store.database import Database
from l402desk.vault.awaiting import Awaiting
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.handles import AmbiguousToken, Handle, resolve
from l402desk.vault.vault import Vault
from tests.fakes.purchased import new_token
from tests.vault.test_awaiting import pending

pytestmark = pytest.mark.anyio


async def _rename(database: Database, table: str, old: str, new: str) -> None:
    sql = f"UPDATE {table} SET id = ? WHERE id = ?"
    await database.write(lambda connection: connection.execute(sql, (new, old)).rowcount)


async def test_as_much_as_no_other_has_is_enough(database: Database, vault: Vault, awaiting: Awaiting) -> None:
    held, other, waiting = (
        await vault.keep(new_token(1)),
        await vault.keep(new_token(2)),
        await awaiting.keep(pending(3)),
    )
    await _rename(database, "tokens", held.id, "abc1" + "0" * 28)
    await _rename(database, "tokens", other.id, "abcf" + "f" * 28)
    await _rename(database, "awaiting", waiting.id, "abd0" + "0" * 28)
    assert await resolve(database, "abc1") == Handle("abc1" + "0" * 28, False)
    assert await resolve(database, "ABCF") == Handle("abcf" + "f" * 28, False)
    assert await resolve(database, "abd") == Handle("abd0" + "0" * 28, True)
    assert (await resolve(database, "abcf" + "f" * 28)).id == "abcf" + "f" * 28
    for beginning in ("abc", "ab", "a"):
        with pytest.raises(AmbiguousToken):
            await resolve(database, beginning)


@pytest.mark.parametrize("text", ["", "%", "_", "abe", "xyz", "ab c", "a" * 33, "'; --"])
async def test_what_no_id_begins_with_is_no_token(database: Database, text: str) -> None:
    with pytest.raises(NoSuchToken):
        await resolve(database, text)
