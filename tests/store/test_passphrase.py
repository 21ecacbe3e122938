from __future__ import annotations

import pytest

from l402desk.store.passphrase import Cost, stretch

CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
SALT = bytes(range(16))


@pytest.mark.anyio
async def test_the_standard_cost_is_the_agreed_one() -> None:
    assert (Cost().passes, Cost().memory_kib, Cost().lanes) == (3, 65536, 4)


@pytest.mark.anyio
async def test_the_key_depends_on_the_words_the_salt_and_the_cost() -> None:
    key = await stretch("correct horse", SALT, CHEAP)
    assert len(key) == 32
    assert key == await stretch("correct horse", SALT, CHEAP)
    assert key != await stretch("Correct horse", SALT, CHEAP)
    assert key != await stretch("correct horse", SALT[::-1], CHEAP)
    assert key != await stretch("correct horse", SALT, Cost(passes=2, memory_kib=64, lanes=1))


@pytest.mark.anyio
async def test_it_is_argon2id_as_others_compute_it() -> None:
    # phc-winner-argon2, src/test.c: argon2id version 0x13, t=2, m=2^8 KiB, p=1
    key = await stretch("password", b"somesalt", Cost(passes=2, memory_kib=256, lanes=1))
    assert key.hex() == "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"


@pytest.mark.anyio
async def test_a_letter_typed_as_one_or_as_two_code_points_is_the_same_letter() -> None:
    assert await stretch("caf\u00e9", SALT, CHEAP) == await stretch("cafe\u0301", SALT, CHEAP)


@pytest.mark.anyio
async def test_an_empty_or_unwritable_passphrase_is_refused() -> None:
    for text in ("", "\ud800"):
        with pytest.raises(ValueError):
            await stretch(text, SALT, CHEAP)


@pytest.mark.parametrize(
    ("passes", "memory_kib", "lanes"),
    [
        (0, 65536, 4),
        (65, 65536, 4),
        (3, 31, 4),
        (3, 2**20 + 1, 4),
        (3, 2**40, 4),
        (3, 65536, 0),
        (3, 65536, 65),
    ],
)
def test_a_file_cannot_ask_for_a_cost_out_of_bounds(passes: int, memory_kib: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        Cost(passes, memory_kib, lanes)
