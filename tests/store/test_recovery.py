"""The recovery code: shown once, typed by people, opens the vault when nothing else does."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.store.database import Database
from l402desk.store.errors import WrongRecoveryCode
from l402desk.store.recovery import (
    ALPHABET,
    _written,
    code_made_at,
    forget_code,
    make_code,
    new_code,
    open_by_code,
    read_code,
)
from l402desk.store.seal import Seal
from l402desk.store.unlock import unlock
from tests.fakes.keyrings import FakeKeyring


@pytest.fixture
async def seal(database: Database) -> Seal:
    return await unlock(database, passphrase=None, keyring=FakeKeyring())


@given(st.binary(min_size=20, max_size=20))
def test_a_code_reads_as_what_was_written_however_it_is_typed(code: bytes) -> None:
    text = _written(code)
    assert len(text.split("-")) == 7
    assert read_code(text) == code
    sloppy = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(f"  {sloppy}\n") == code


def test_every_code_is_another() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {letter for code in codes for letter in code} == {*ALPHABET, "-"}


@pytest.mark.parametrize("text", ["", "hello", "U" * 35, "0" * 34, "0" * 36, "é" * 35, "0" * 35])
def test_what_is_no_code_is_said_to_be_mistyped(text: str) -> None:
    with pytest.raises(WrongRecoveryCode, match="not a whole"):
        read_code(text)


def test_single_typing_errors_and_swaps_are_noticed() -> None:
    chance, noticed, tried = random.Random(1), 0, 0
    for _ in range(50):
        digits = new_code().replace("-", "")
        for at in range(len(digits)):
            other = chance.choice([letter for letter in ALPHABET if letter != digits[at]])
            swapped = digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :]
            for wrong in {digits[:at] + other + digits[at + 1 :], swapped} - {digits}:
                tried += 1
                try:
                    read_code(wrong)
                except WrongRecoveryCode:
                    noticed += 1
    assert noticed >= tried - 2  # one in 32,768 passes, and opens nothing


@pytest.mark.anyio
async def test_the_code_opens_the_vault_without_keyring_or_passphrase(database: Database, seal: Seal) -> None:
    sealed = seal.seal(b"secret", table="t", row="1", column="c")
    assert await code_made_at(database) is None
    code = await make_code(database, seal)
    assert await code_made_at(database) is not None
    again = await open_by_code(database, code.lower())
    assert again.unseal(sealed, table="t", row="1", column="c") == b"secret"
    assert again.kept_by == "Fake keyring"


@pytest.mark.anyio
async def test_a_new_code_replaces_the_old_one_and_a_forgotten_one_opens_nothing(
    database: Database, seal: Seal
) -> None:
    first, second = await make_code(database, seal), await make_code(database, seal)
    with pytest.raises(WrongRecoveryCode, match="does not open"):
        await open_by_code(database, first)
    assert (await open_by_code(database, second)).key() == seal.key()
    assert await database.write(forget_code)
    assert not await database.write(forget_code)
    with pytest.raises(WrongRecoveryCode, match="does not open"):
        await open_by_code(database, second)


@pytest.mark.anyio
async def test_a_code_of_another_vault_or_for_no_vault_opens_nothing(database: Database) -> None:
    with pytest.raises(WrongRecoveryCode):
        await open_by_code(database, new_code())
    seal = await unlock(database, passphrase=None, keyring=FakeKeyring())
    await make_code(database, seal)
    with pytest.raises(WrongRecoveryCode):
        await open_by_code(database, new_code())


@pytest.mark.anyio
async def test_the_code_is_in_no_file(database: Database, seal: Seal) -> None:
    code = await make_code(database, seal)
    raw = b"".join(path.read_bytes() for path in database.path.parent.iterdir())
    for form in (code.encode(), code.replace("-", "").encode(), read_code(code), read_code(code).hex().encode()):
        assert form not in raw
