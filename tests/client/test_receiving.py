"""A body is received until its end, or until something in words ends it."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpcore
import pytest

from l402desk.client.answer import Progress
from l402desk.client.errors import Kind
from l402desk.client.limits import MIB, Limits
from l402desk.client.receiving import Received, Reception
from l402desk.client.spool import Spool

pytestmark = pytest.mark.anyio


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def stream(*chunks: bytes | Exception) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(0)
        if isinstance(chunk, Exception):
            raise chunk
        yield chunk


async def received(
    folder: Path,
    *chunks: bytes | Exception,
    encoding: tuple[str, ...] = (),
    limits: Limits | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Received:
    limits = limits or Limits(memory_bytes=1000)
    reception = Reception("a.example", 200, encoding, 5, limits, on_progress)
    deadline = asyncio.get_running_loop().time() + limits.total_s
    with ThreadPoolExecutor(1) as executor:
        return await reception.receive(stream(*chunks), Spool(folder, limits.memory_bytes, executor), deadline)


async def test_a_whole_body_has_no_trouble_and_reports_its_progress(tmp_path: Path) -> None:
    seen: list[Progress] = []
    got = await received(tmp_path, b"one", b"two", on_progress=seen.append)
    assert (got.body.data, got.body.complete, got.undecoded, got.trouble) == (b"onetwo", True, None, None)
    assert seen == [Progress(200, 3, 3, 5), Progress(200, 6, 6, 5)]


async def test_progress_counts_the_wire_and_what_is_kept_apart(tmp_path: Path) -> None:
    seen: list[Progress] = []
    wire = gzip.compress(b"x" * 900, mtime=0)
    await received(tmp_path, wire, encoding=("gzip",), on_progress=seen.append)
    assert (seen[-1].received, seen[-1].kept) == (len(wire), 900)


@pytest.mark.parametrize("size", [3, 3000])
async def test_what_arrived_before_a_drop_is_kept_and_flagged(tmp_path: Path, size: int) -> None:
    got = await received(tmp_path, b"x" * size, httpcore.ReadError())
    assert got.body.head(10_000) == b"x" * size
    assert not got.body.complete
    assert got.trouble is not None
    assert got.trouble.kind is Kind.DROPPED
    assert got.body.stopped_because == got.trouble.sentence


async def test_a_body_stops_exactly_at_the_limit(tmp_path: Path) -> None:
    limits = Limits(body_bytes=2500, memory_bytes=1000)
    got = await received(tmp_path, b"x" * 2000, b"y" * 2000, limits=limits)
    assert got.body.head(9999) == b"x" * 2000 + b"y" * 500
    assert got.trouble is not None
    assert got.trouble.kind is Kind.TOO_LARGE
    assert (await received(tmp_path, b"x" * 2500, limits=limits)).trouble is None


async def test_an_unknown_encoding_is_kept_as_received_and_said(tmp_path: Path) -> None:
    got = await received(tmp_path, b"\x1b\x05", encoding=("br\x1b[31m",))
    assert got.body.data == b"\x1b\x05"
    assert got.body.complete
    assert got.trouble is None
    assert got.undecoded == "The body is encoded as br[31m and is kept as received."


async def test_an_unknown_encoding_that_breaks_off_is_not_complete(tmp_path: Path) -> None:
    got = await received(tmp_path, b"\x1b", httpcore.ReadError(), encoding=("br",))
    assert not got.body.complete
    assert got.undecoded is not None


async def test_a_triple_encoding_is_not_undone(tmp_path: Path) -> None:
    wire = gzip.compress(gzip.compress(gzip.compress(bytes(MIB), mtime=0)))
    got = await received(tmp_path, wire, encoding=("gzip, gzip", "gzip"))
    assert got.body.data == wire
    assert got.undecoded is not None
    assert got.trouble is not None
    assert got.trouble.kind is Kind.BOMB


@pytest.mark.parametrize(
    ("wire", "encoding", "kind"),
    [
        (gzip.compress(b"hello", mtime=0)[:-3], "gzip", Kind.BAD_ENCODING),
        (b"hello", "deflate", Kind.BAD_ENCODING),
        (zlib.compress(bytes(64 * MIB)), "deflate", Kind.BOMB),
    ],
)
async def test_a_damaged_body_and_a_bomb_are_told_apart(tmp_path: Path, wire: bytes, encoding: str, kind: Kind) -> None:
    got = await received(tmp_path, wire, encoding=(encoding,))
    assert got.trouble is not None
    assert got.trouble.kind is kind
    assert not got.body.complete
    got.body.discard()


async def test_the_deadline_ends_a_body_that_never_ends(tmp_path: Path) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    limits = Limits(total_s=0.1)
    with ThreadPoolExecutor(1) as executor:
        got = await Reception("a.example", 200, (), None, limits).receive(
            drip(), Spool(tmp_path, 1000, executor), asyncio.get_running_loop().time() + 0.1
        )
    assert got.trouble is not None
    assert got.trouble.kind is Kind.TOTAL_TIMEOUT
    assert 0 < got.body.size < 1000


async def test_a_full_disk_is_told_and_not_taken_for_a_network_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    got = await received(tmp_path / "file", b"x" * 5000)
    assert got.trouble is not None
    assert got.trouble.kind is Kind.DISK
    assert not got.body.complete


async def test_a_cancelled_reception_leaves_no_file(tmp_path: Path) -> None:
    written = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * 5000
        written.set()
        await asyncio.Event().wait()

    with ThreadPoolExecutor(1) as executor:
        deadline = asyncio.get_running_loop().time() + 60
        reception = Reception("a.example", 200, (), None, Limits())
        task = asyncio.ensure_future(reception.receive(endless(), Spool(tmp_path, 1000, executor), deadline))
        await asyncio.wait_for(written.wait(), 5)
        assert len(files(tmp_path)) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not files(tmp_path)
