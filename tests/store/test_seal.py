from __future__ import annotations

import pickle
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.store.errors import SealBroken, VaultClosed
from l402desk.store.seal import Seal

KEY = bytes(range(32))
VAULT = b"v" * 16
SEAL = Seal(KEY, VAULT, kept_by="your passphrase")


class Place(TypedDict):
    table: str
    row: str
    column: str


PLACE: Place = {"table": "tokens", "row": "1", "column": "secret"}


def opens(sealed: bytes, *, seal: Seal = SEAL, schema: int = 1, **place: str) -> bool:
    where: dict[str, str] = {"table": "tokens", "row": "1", "column": "secret", **place}
    try:
        seal.unseal(sealed, table=where["table"], row=where["row"], column=where["column"], schema=schema)
    except SealBroken:
        return False
    return True


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_in_its_place(plain: bytes) -> None:
    assert SEAL.unseal(SEAL.seal(plain, **PLACE), **PLACE) == plain


@given(st.binary(max_size=200), st.data())
def test_a_flip_of_any_bit_breaks_the_seal(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEAL.seal(plain, **PLACE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert not opens(bytes(sealed))


def test_a_flip_of_every_single_byte_breaks_the_seal() -> None:
    sealed = SEAL.seal(b"the credential and the preimage", **PLACE)
    for at in range(len(sealed)):
        assert not opens(sealed[:at] + bytes((sealed[at] ^ 0xFF,)) + sealed[at + 1 :])


@given(st.binary(max_size=100), st.integers(min_value=0))
def test_a_value_that_was_cut_or_grown_breaks_the_seal(plain: bytes, length: int) -> None:
    sealed = SEAL.seal(plain, **PLACE)
    assert not opens(sealed[: length % len(sealed)])
    assert not opens(sealed + b"\0")


names = st.text(max_size=12)


@given(st.tuples(names, names, names), st.tuples(names, names, names))
def test_a_value_opens_in_no_other_row_column_or_table(here: tuple[str, str, str], there: tuple[str, str, str]) -> None:
    sealed = SEAL.seal(b"x", table=here[0], row=here[1], column=here[2])
    assert opens(sealed, table=there[0], row=there[1], column=there[2]) == (here == there)


def test_names_that_read_the_same_when_joined_are_different_places() -> None:
    sealed = SEAL.seal(b"x", table="ab", row="c", column="d")
    assert not opens(sealed, table="a", row="bc", column="d")


def test_a_value_opens_in_no_other_vault_nor_under_another_key_nor_as_another_layout() -> None:
    sealed = SEAL.seal(b"x", **PLACE)
    assert opens(sealed)
    assert not opens(sealed, seal=Seal(KEY, b"w" * 16, kept_by=""))
    assert not opens(sealed, seal=Seal(KEY[::-1], VAULT, kept_by=""))
    assert not opens(sealed, schema=2)


def test_the_same_value_never_seals_the_same_way_twice() -> None:
    assert len({SEAL.seal(b"x", **PLACE) for _ in range(1000)}) == 1000


def test_a_seal_shows_no_key() -> None:
    for text in (repr(SEAL), str(SEAL), f"{SEAL}"):
        assert text == "Seal(…, kept_by='your passphrase')"
    assert not hasattr(SEAL, "__dict__")
    assert not [name for name in SEAL.__slots__ if getattr(SEAL, name, None) == KEY]


def test_a_seal_does_not_leave_the_process() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(SEAL)


def test_a_broken_seal_says_nothing_about_the_value() -> None:
    with pytest.raises(SealBroken) as caught:
        SEAL.unseal(b"\x01" + b"canary" * 10, **PLACE)
    assert "canary" not in str(caught.value) + repr(caught.value)


def test_a_key_of_another_size_is_our_bug() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short", VAULT, kept_by="")


def test_a_forgotten_seal_opens_nothing_and_says_that_the_vault_is_locked() -> None:
    seal = Seal(KEY, VAULT, kept_by="your passphrase")
    sealed = seal.seal(b"x", **PLACE)
    assert seal.key() == KEY
    seal.forget()
    assert seal.is_forgotten
    with pytest.raises(VaultClosed):
        seal.seal(b"x", **PLACE)
    with pytest.raises(VaultClosed):
        seal.unseal(sealed, **PLACE)
    with pytest.raises(VaultClosed):
        seal.key()
    assert {bytes(getattr(seal, name)) for name in ("_mask", "_masked")} == {bytes(32)}


def test_a_seal_that_takes_over_a_key_opens_what_the_new_one_sealed_and_the_old_one_no_more() -> None:
    seal, new = Seal(KEY, VAULT, kept_by="KWallet"), Seal(KEY[::-1], VAULT, kept_by="your passphrase")
    old, fresh = seal.seal(b"x", **PLACE), new.seal(b"y", **PLACE)
    seal.take_over(new)
    assert seal.unseal(fresh, **PLACE) == b"y"
    assert not opens(old, seal=seal)
    assert (seal.key(), seal.kept_by, seal.vault_id) == (KEY[::-1], "your passphrase", VAULT)
