"""Bodies stay in memory while small and go to a private file beyond that."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from l402desk.client.limits import MIB
from l402desk.client.spool import Spool, SpooledBody, SpoolError

pytestmark = pytest.mark.anyio


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def filled(folder: Path, executor: ThreadPoolExecutor, *chunks: bytes) -> SpooledBody:
    spool = Spool(folder, 1000, executor)
    for chunk in chunks:
        await spool.write(chunk)
    return await spool.finish()


async def test_a_small_body_never_touches_the_disk(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    body = await filled(tmp_path / "spool", executor, b"a" * 600, b"b" * 400)
    assert body == SpooledBody(b"a" * 600 + b"b" * 400, None, 1000, True, None)
    assert not (tmp_path / "spool").exists()
    assert body.head(3) == b"aaa"


async def test_a_large_body_is_a_private_file(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    chunks = [bytes([number]) * 300_000 for number in range(10)]
    body = await filled(tmp_path / "spool", executor, *chunks)
    assert body.data is None
    assert body.path is not None
    assert body.path.read_bytes() == b"".join(chunks)
    assert body.size == 3_000_000
    assert body.complete
    assert stat.S_IMODE(body.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(body.path.parent.stat().st_mode) == 0o700
    assert body.head(300_002)[-3:] == b"\0\1\1"
    with body.open() as file:
        assert len(file.read()) == body.size
    body.discard()
    body.discard()
    assert list(body.path.parent.iterdir()) == []


async def test_text_is_cut_and_never_fails(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    body = await filled(tmp_path, executor, "Größe".encode())
    assert body.text(100) == "Größe"
    assert body.text(3) == "Gr\ufffd"
    assert body.text(100, "latin-1") == "GrÃ¶Ã\x9fe"
    for charset in ("no-such", "\x00", "base64", "undefined"):
        assert body.text(100, charset) == "Größe"


async def test_a_full_disk_is_one_declared_error_and_keeps_what_was_there(
    tmp_path: Path, executor: ThreadPoolExecutor
) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    spool = Spool(tmp_path / "spool", 10, executor)
    with pytest.raises(SpoolError) as refused:
        await spool.write(b"x" * 100)
    assert refused.value.strerror
    body = await spool.salvage("Writing it to the disk failed.")
    assert body == SpooledBody(b"x" * 100, None, 100, False, "Writing it to the disk failed.")


async def test_an_abandoned_body_leaves_nothing(tmp_path: Path, executor: ThreadPoolExecutor) -> None:
    spool = Spool(tmp_path, 10, executor)
    await spool.write(b"x" * 3 * MIB)
    assert len(files(tmp_path)) == 1
    await spool.abandon()
    assert not files(tmp_path)


async def test_cancelling_a_write_waits_for_its_thread_before_the_file_is_closed(
    tmp_path: Path, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, writing = threading.Event(), threading.Event()
    write = os.write

    def slow_write(file: int, data: bytes) -> int:
        writing.set()
        gate.wait(10)
        return write(file, data)

    monkeypatch.setattr(os, "write", slow_write)
    spool = Spool(tmp_path, 10, executor)

    async def job() -> None:
        try:
            await spool.write(b"x" * 100)
        except asyncio.CancelledError:
            asyncio.get_running_loop().call_later(0.05, gate.set)
            await spool.abandon()
            raise

    task = asyncio.ensure_future(job())
    assert await asyncio.to_thread(writing.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gate.is_set()
    assert not files(tmp_path)
