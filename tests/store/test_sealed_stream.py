"""The sealed file: any passphrase but its own, any flip, cut, growth or swap of its pieces opens nothing."""

from __future__ import annotations

import io
import random
import struct

import pytest

from l402desk.store import sealed_stream as module
from l402desk.store.errors import BackupDamaged, BackupNewer, NoBackup, StoreError, WrongBackupPassphrase
from l402desk.store.passphrase import Cost
from l402desk.store.sealed_stream import HEAD_SIZE, MAGIC, Sealer

pytestmark = pytest.mark.anyio
CHEAP = Cost(1, 64, 1)
WORDS = "correct horse"


async def sealed(plain: bytes, *, words: str = WORDS) -> bytes:
    out = io.BytesIO()
    (await Sealer.new(words, CHEAP)).seal(iter([plain[:7], plain[7:]]), out)
    return out.getvalue()


async def opened(whole: bytes, *, words: str = WORDS) -> bytes:
    sealer = await Sealer.of(whole[:HEAD_SIZE], words)
    return b"".join(sealer.opened(io.BytesIO(whole[HEAD_SIZE:])))


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 1000])
async def test_what_was_sealed_opens(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 100)
    plain = random.Random(size).randbytes(size)
    whole = await sealed(plain)
    assert await opened(whole) == plain
    assert len(whole) == HEAD_SIZE + size + 16 * max(1, -(-size // 100))


async def test_another_passphrase_is_told_from_a_damaged_file() -> None:
    whole = await sealed(b"secret")
    for words in ("Correct horse", "", "\ud800"):
        with pytest.raises(WrongBackupPassphrase):
            await opened(whole, words=words)


async def test_a_flip_of_any_byte_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 64)
    whole = await sealed(random.Random(1).randbytes(300))
    for at in range(len(whole)):
        with pytest.raises(StoreError):
            await opened(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])


async def test_a_file_that_was_cut_or_grown_or_shuffled_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 64)
    whole = await sealed(random.Random(2).randbytes(300))
    head, pieces = whole[:HEAD_SIZE], [whole[at : at + 80] for at in range(HEAD_SIZE, len(whole), 80)]
    broken = [whole[:length] for length in range(HEAD_SIZE, len(whole))]
    broken += [whole + b"\0", whole + pieces[-1], head + b"".join(pieces[1:]), head + b"".join(reversed(pieces))]
    broken += [head + b"".join(pieces[:-1]), head + b"".join([*pieces[:2], *pieces[1:]])]
    for one in broken:
        with pytest.raises(BackupDamaged):
            await opened(one)


async def test_pieces_of_another_file_under_the_same_passphrase_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 64)
    one, other = await sealed(b"a" * 200), await sealed(b"b" * 200)
    with pytest.raises(BackupDamaged):
        await opened(one[: HEAD_SIZE + 80] + other[HEAD_SIZE + 80 :])


async def test_what_is_no_backup_and_what_is_newer_is_said() -> None:
    whole = await sealed(b"secret")
    for other in (b"", b"SQLite format 3\0" * 9, b"PK\3\4" * 30):
        with pytest.raises(NoBackup):
            await opened(other)
    with pytest.raises(BackupNewer):
        await opened(MAGIC + b"\x02" + whole[len(MAGIC) + 1 :])
    with pytest.raises(BackupDamaged):
        await opened(whole[: HEAD_SIZE - 3])


@pytest.mark.parametrize("costs", [(1 << 20, 64, 1), (1, 1 << 30, 1), (1, 64, 64), (0, 64, 1), (1, 7, 1), (1, 64, 0)])
async def test_a_file_that_asks_for_absurd_work_gets_none(costs: tuple[int, int, int]) -> None:
    head = struct.pack(">16sBIII16s16s", MAGIC, 1, *costs, b"s" * 16, b"c" * 16)
    with pytest.raises(BackupDamaged):
        await Sealer.of(head + module._digest(head), WORDS)


async def test_the_key_is_not_shown() -> None:
    sealer = await Sealer.new(WORDS, CHEAP)
    assert repr(sealer.key)[2:-1] not in repr(sealer)
    assert "key" not in repr(sealer)
