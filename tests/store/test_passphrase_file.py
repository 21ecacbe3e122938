from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.store.passphrase_file import PassphraseFileUnreadable, first_line

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"", b"\nsecond line\n"])
async def test_the_first_line_counts_without_its_end(tmp_path: Path, ending: bytes) -> None:
    (tmp_path / "pass").write_bytes(b" correct horse " + ending)
    assert await first_line(tmp_path / "pass") == " correct horse "


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
async def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "pass").write_bytes(content)
    with pytest.raises(PassphraseFileUnreadable, match="pass cannot be read"):
        await first_line(tmp_path / "pass")
