"""The search finds what it is looking for, in every form."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from tests.canaries.canaries import Cage, Hit
from tests.harness.market import ROOT

SECRET = "key/with+odd=signs-0123456789"


@pytest.mark.parametrize(
    "content",
    [
        f"a {SECRET} b".encode(),
        SECRET.encode().hex().encode(),
        SECRET.encode().hex().upper().encode(),
        base64.b64encode(f"user:{SECRET}".encode()),
        base64.b64encode(f"user1:{SECRET}".encode()),
        base64.b64encode(f"user12:{SECRET}".encode()),
        base64.urlsafe_b64encode(f"x{SECRET}y".encode()),
        f"https://example/?key={urllib.parse.quote(SECRET, safe='')}".encode(),
        SECRET.encode("utf-16-le"),
    ],
)
def test_a_secret_is_found_however_it_is_written(content: bytes) -> None:
    cage = Cage()
    cage.add("key", SECRET)
    assert cage.search(content, "here") == [Hit("key", "here")]
    assert cage.search(content, "here", but=["key"]) == []
    assert cage.search(content[: len(content) // 2], "here") == []


def test_a_secret_of_hex_or_base64_is_found_as_its_bytes(tmp_path: Path) -> None:
    raw = bytes(range(200, 232))
    cage = Cage()
    cage.add("preimage", raw.hex())
    cage.add("macaroon", base64.b64encode(raw[::-1]).decode())
    (tmp_path / "file").write_bytes(b"xx" + raw + b"yy" + raw[::-1])
    (tmp_path / raw.hex()).write_bytes(b"")
    assert {hit.canary for hit in cage.search_folder(tmp_path)} == {"preimage", "macaroon"}
    assert Hit("preimage", f"the name of {raw.hex()}") in cage.search_folder(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="its processes are forked")
def test_no_secret_is_found_where_none_may_be() -> None:
    """All ways but the wallet's lies, of which `python -m tests.canaries.walk` takes every one."""
    command = [sys.executable, "-m", "tests.canaries.walk", "--lies", "2"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    secrets, ways = (int(found) for found in re.findall(r"(\d+) (?:secrets|ways)", ended.stdout))
    assert secrets >= 20
    assert ways >= 60
