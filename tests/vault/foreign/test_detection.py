"""A store is told by what is in it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.store.passphrase import Cost
from l402desk.vault.bundle import seal_bundle
from l402desk.vault.bundle_contents import Contents
from l402desk.vault.foreign.detection import detect
from l402desk.vault.foreign.entries import ImportRefused, Kind
from tests.fakes.purchased import hash_of
from tests.vault.foreign import stores
from tests.vault.foreign.stores import paid_file, pending_file

pytestmark = pytest.mark.anyio


def test_files_by_their_contents_whatever_their_name(tmp_path: Path) -> None:
    plain = {hash_of(1).hex: stores.mcp402_pending(1, "https://a.example")}
    (tmp_path / "a").write_bytes(paid_file(1))
    (tmp_path / "b").write_bytes(pending_file(1) + bytes(12))
    (tmp_path / "c").write_text(json.dumps({"https://a.example/x": {"token": "t", "preimage": "p"}}))
    (tmp_path / "d").write_text(stores.mcp402_sealed({}))
    (tmp_path / "e").write_text(json.dumps({"https://a.example": stores.mcp402_credential(1)}))
    (tmp_path / "f").write_text(json.dumps(plain))
    stores.l402sdk(tmp_path / "g", [])
    stores.fewsats(tmp_path / "h", [])
    stores.fewsatscli(tmp_path / "i", [])
    stores.lnget_events(tmp_path / "j", [])
    found = {name: detect(tmp_path / name).kind for name in "abcdefghij"}
    assert found == {
        "a": Kind.APERTURE,
        "b": Kind.APERTURE,
        "c": Kind.JSON,
        "d": Kind.MCP402,
        "e": Kind.MCP402,
        "f": Kind.MCP402,
        "g": Kind.L402SDK,
        "h": Kind.FEWSATS,
        "i": Kind.FEWSATSCLI,
        "j": Kind.LNGET,
    }


async def test_a_sealed_export_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(await seal_bundle(Contents(1), "x", Cost(1, 64, 1)))
    assert detect(tmp_path / "out").kind is Kind.SEALED


def test_folders_by_what_lies_in_them(tmp_path: Path) -> None:
    loop, lnget, mcp = (tmp_path / name for name in ("mainnet", ".lnget", ".402-mcp"))
    for folder in (loop, lnget, mcp):
        folder.mkdir()
    (loop / "l402.token").write_bytes(paid_file(1))
    stores.lnget_host(lnget / "tokens", "a.example", paid_file(1), domain="a.example")
    (mcp / "credentials.json").write_text("{}")
    assert detect(loop).kind is Kind.APERTURE
    for folder in (lnget, lnget / "tokens", lnget / "tokens" / "a.example"):
        assert detect(folder).kind is Kind.LNGET
    assert detect(mcp).kind is Kind.MCP402
    (tmp_path / "link").symlink_to(loop)
    assert detect(tmp_path / "link").path == loop.resolve()


@pytest.mark.parametrize("raw", [b"", b"text", b"{}", b"[]", b"{", b"SQLite format 3\0", b"\x7fELF", b"\0" * 300])
def test_anything_else_is_refused_with_what_to_do(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "it").write_bytes(raw)
    with pytest.raises(ImportRefused) as refused:
        detect(tmp_path / "it")
    assert refused.value.remedy


def test_an_empty_folder_a_missing_path_and_a_device_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", Path("/dev/null")):
        with pytest.raises(ImportRefused):
            detect(path)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="without tokens"):
        detect(stores._database(tmp_path / "x.db", "CREATE TABLE places (a)", "INSERT INTO places VALUES (?)", []))


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda tail: b"SQLite format 3\0" + tail))
def test_no_bytes_raise_anything_else(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "it").write_bytes(raw)
    with contextlib.suppress(ImportRefused):
        detect(tmp_path / "it")
