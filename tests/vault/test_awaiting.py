"""Pending tokens wait sealed, and their proof moves them into the vault whatever happens in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.protocol.token import TokenError
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.vault.awaiting import Awaiting, PendingToken
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import NewToken, TokenSummary
from l402desk.vault.vault import Vault
from tests.fakes.purchased import NOW, credential_of, hash_of, preimage_of

pytestmark = pytest.mark.anyio


def pending(number: int = 1, url: str = "https://api.example", reach: Reach = Reach.HOST) -> PendingToken:
    return PendingToken(
        "L402",
        credential_of(number),
        hash_of(number),
        Origin.of(url),
        "/",
        reach,
        "imported from lnget",
        title="Demo",
        note="Bought elsewhere.",
        price=Msat(21_000),
        created_at=NOW - 60,
    )


async def test_a_pending_token_is_listed_without_its_secret_and_carried_whole(awaiting: Awaiting) -> None:
    kept = await awaiting.keep(pending())
    assert await awaiting.list() == [kept]
    assert (kept.payment_hash, kept.title, kept.note) == (hash_of(1).hex, "Demo", "Bought elsewhere.")
    assert (str(kept.origin), kept.created_at, kept.price) == ("https://api.example", NOW - 60, Msat(21_000))
    assert await awaiting.pending(kept.id) == pending()
    assert credential_of(1) not in repr(kept) + repr(pending())


async def test_the_credential_is_on_the_disk_sealed_only(awaiting: Awaiting, database: Database) -> None:
    await awaiting.keep(pending())
    await database.close()
    stored = b"".join(file.read_bytes() for file in database.path.parent.iterdir())
    assert credential_of(1).encode() not in stored
    assert b"imported from lnget" in stored


async def test_the_same_pending_token_is_kept_once_and_another_credential_beside_it(awaiting: Awaiting) -> None:
    first = await awaiting.keep(pending())
    assert await awaiting.keep(replace(pending(), title="Again")) == first
    await awaiting.keep(replace(pending(), credential=credential_of(1, "services=other:0")))
    await awaiting.keep(pending(url="https://other.example"))
    assert len(await awaiting.list()) == 3


async def test_its_proof_moves_it_into_the_vault(awaiting: Awaiting, vault: Vault) -> None:
    await awaiting.keep(pending())
    redeemed = await awaiting.redeem(preimage_of(1))
    assert isinstance(redeemed, NewToken)
    assert (redeemed.token.credential, redeemed.token.preimage) == (credential_of(1), preimage_of(1))
    assert await awaiting.list() == []
    (held,) = await vault.list()
    assert (held.source, held.bought_at, held.price) == ("imported from lnget", NOW - 60, Msat(21_000))
    assert held.note == "Bought elsewhere."
    assert await vault.keep(redeemed) == held
    assert await awaiting.redeem(preimage_of(1)) is None


async def test_a_proof_of_something_else_moves_nothing(awaiting: Awaiting, vault: Vault) -> None:
    await awaiting.keep(pending())
    assert await awaiting.redeem(preimage_of(2)) is None
    assert len(await awaiting.list()) == 1
    assert await vault.list() == []


async def test_a_crash_between_the_vault_and_the_deletion_loses_nothing_and_doubles_nothing(
    awaiting: Awaiting, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await awaiting.keep(pending())

    async def crash(_self: Awaiting, _awaited_id: str) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(Awaiting, "forget", crash)
        with pytest.raises(ConnectionAbortedError):
            await awaiting.redeem(preimage_of(1))
    assert len(await vault.list()) == 1
    assert await awaiting.redeem(preimage_of(1)) is not None
    assert len(await vault.list()) == 1
    assert await awaiting.list() == []


async def test_when_the_vault_cannot_keep_it_it_goes_on_waiting(
    awaiting: Awaiting, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await awaiting.keep(pending())

    async def fail(_self: Vault, _new: NewToken) -> TokenSummary:
        raise SealBroken

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "keep", fail)
        with pytest.raises(SealBroken):
            await awaiting.redeem(preimage_of(1))
    assert len(await awaiting.list()) == 1
    assert await vault.list() == []


@pytest.mark.parametrize(
    "change", ["origin = 'https://evil.example'", "payment_hash = x'" + hash_of(2).hex + "'", "secret = x'00'"]
)
async def test_a_row_that_was_tampered_with_is_shown_and_never_redeemed(
    awaiting: Awaiting, database: Database, change: str
) -> None:
    await awaiting.keep(pending())
    await database.write(lambda connection: connection.execute(f"UPDATE awaiting SET {change}").rowcount)
    (shown,) = await awaiting.list()
    assert not shown.is_intact
    number = 2 if "payment_hash" in change else 1
    with pytest.raises(SealBroken):
        await awaiting.redeem(preimage_of(number))
    with pytest.raises(SealBroken):
        await awaiting.pending(shown.id)
    assert len(await awaiting.list()) == 1


async def test_a_tampered_row_does_not_hide_the_sound_one_beside_it(awaiting: Awaiting, database: Database) -> None:
    await awaiting.keep(pending())
    await database.write(lambda connection: connection.execute("UPDATE awaiting SET secret = x'00'").rowcount)
    await awaiting.keep(pending())
    assert await awaiting.redeem(preimage_of(1)) is not None
    assert [row.is_intact for row in await awaiting.list()] == [False]


async def test_what_is_forgotten_is_gone_and_forgetting_twice_is_harmless(awaiting: Awaiting) -> None:
    kept = await awaiting.keep(pending())
    await awaiting.forget(kept.id)
    await awaiting.forget(kept.id)
    assert await awaiting.list() == []
    with pytest.raises(NoSuchToken):
        await awaiting.pending(kept.id)


def test_a_credential_no_header_can_carry_and_a_path_no_url_has_cannot_wait() -> None:
    with pytest.raises(TokenError):
        replace(pending(), credential="two words")
    with pytest.raises(ValueError, match="path"):
        replace(pending(reach=Reach.EXACT), path="no slash")
