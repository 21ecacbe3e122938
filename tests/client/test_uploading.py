"""A file goes out as it was announced, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.client.errors import DraftError
from l402desk.client.uploading import FileStream

pytestmark = pytest.mark.anyio


async def sent(path: Path, size: int) -> bytes:
    return b"".join([piece async for piece in FileStream(path, size)])


async def test_a_file_is_sent_whole_and_what_was_appended_meanwhile_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 600_000 + b"later")
    assert await sent(file, 600_000) == b"x" * 600_000


async def test_a_file_that_shrank_or_vanished_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x")
    with pytest.raises(DraftError, match="shorter"):
        await sent(file, 2)
    file.unlink()
    with pytest.raises(DraftError, match="cannot be read"):
        await sent(file, 1)
