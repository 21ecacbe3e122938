"""The sealed export opens with its passphrase and with nothing else, and shows nothing in clear."""

from __future__ import annotations

import struct

import pytest

from l402desk.store.passphrase import Cost
from l402desk.vault.bundle import MAGIC, VERSION, is_bundle, open_bundle, seal_bundle
from l402desk.vault.foreign.entries import ImportRefused
from tests.fakes.purchased import credential_of, preimage_of
from tests.vault.test_bundle_contents import CONTENTS

pytestmark = pytest.mark.anyio

CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
HEAD = 8 + 1 + 12 + 16 + 12 + 8


@pytest.fixture
async def sealed() -> bytes:
    return await seal_bundle(CONTENTS, "correct horse", CHEAP)


async def test_it_opens_with_its_passphrase(sealed: bytes) -> None:
    assert is_bundle(sealed)
    assert await open_bundle(sealed, "correct horse") == CONTENTS


async def test_the_same_letters_of_another_system_open_it() -> None:
    sealed = await seal_bundle(CONTENTS, "caf\u00e9", CHEAP)
    assert await open_bundle(sealed, "cafe\u0301") == CONTENTS


async def test_only_magic_version_costs_salt_nonce_and_length_are_in_clear(sealed: bytes) -> None:
    assert sealed[:9] == MAGIC + bytes((VERSION,))
    assert struct.unpack(">III", sealed[9:21]) == (1, 64, 1)
    for secret in (credential_of(4), preimage_of(1).hex, "api.example", "A note.", "Demo"):
        assert secret.encode() not in sealed
    again = await seal_bundle(CONTENTS, "correct horse", CHEAP)
    assert again[21:49] != sealed[21:49]
    assert len(again) == len(sealed)


async def test_its_costs_are_those_of_the_vault_unless_told_otherwise() -> None:
    sealed = await seal_bundle(CONTENTS, "correct horse")
    assert struct.unpack(">III", sealed[9:21]) == (3, 64 * 1024, 4)


@pytest.mark.parametrize("passphrase", ["wrong", "Correct horse", ""])
async def test_another_passphrase_is_one_clear_error(sealed: bytes, passphrase: str) -> None:
    with pytest.raises(ImportRefused, match="passphrase does not open"):
        await open_bundle(sealed, passphrase)


async def test_no_empty_passphrase_seals() -> None:
    with pytest.raises(ValueError, match="empty"):
        await seal_bundle(CONTENTS, "", CHEAP)


async def test_a_file_cut_short_anywhere_is_told_from_a_wrong_passphrase(sealed: bytes) -> None:
    for end in (9, 20, HEAD - 1, HEAD, HEAD + 5, len(sealed) - 1):
        with pytest.raises(ImportRefused, match="cut short"):
            await open_bundle(sealed[:end], "correct horse")
    with pytest.raises(ImportRefused, match="cut short"):
        await open_bundle(sealed + b"x", "correct horse")


async def test_any_flipped_byte_is_noticed(sealed: bytes) -> None:
    for at in [*range(len(MAGIC) + 1, HEAD + 20), len(sealed) - 1]:
        if 9 <= at < 21:
            continue  # the costs: below
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(ImportRefused):
            await open_bundle(bytes(changed), "correct horse")


@pytest.mark.parametrize(
    "costs", [(0, 64, 1), (2**32 - 1, 64, 1), (17, 64, 1), (1, 512 * 1024, 1), (1, 2**32 - 1, 1), (1, 7, 1), (1, 64, 0)]
)
async def test_a_head_that_asks_for_too_much_work_gets_none(sealed: bytes, costs: tuple[int, int, int]) -> None:
    changed = sealed[:9] + struct.pack(">III", *costs) + sealed[21:]
    with pytest.raises(ImportRefused, match="head"):
        await open_bundle(changed, "correct horse")


async def test_costs_that_were_changed_within_bounds_open_nothing(sealed: bytes) -> None:
    changed = sealed[:9] + struct.pack(">III", 2, 64, 1) + sealed[21:]
    with pytest.raises(ImportRefused, match="does not open"):
        await open_bundle(changed, "correct horse")


async def test_a_newer_version_says_so_and_another_file_is_none(sealed: bytes) -> None:
    with pytest.raises(ImportRefused, match="newer version"):
        await open_bundle(sealed[:8] + b"\x02" + sealed[9:], "correct horse")
    with pytest.raises(ImportRefused, match="head"):
        await open_bundle(sealed[:8] + b"\x00" + sealed[9:], "correct horse")
    for other in (b"", b"text", sealed.replace(b"\n", b"\r\n", 1)):
        assert not is_bundle(other)
        with pytest.raises(ImportRefused, match="no sealed export"):
            await open_bundle(other, "correct horse")
