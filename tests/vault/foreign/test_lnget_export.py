"""Tokens written for lnget: to the byte as it writes them, and none that it would send further than we do."""

from __future__ import annotations

import base64
import hashlib
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token
from l402desk.vault.carried import Carried
from l402desk.vault.foreign.entries import EntryRefused, Kind
from l402desk.vault.foreign.lnget_export import domain_of, export_to_lnget
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import NewToken
from l402desk.vault.whole_file import NotWritten, write_whole
from tests.fakes.macaroons import SATS4AI
from tests.fakes.purchased import NOW, new_token
from tests.vault.foreign.stores import FEWSATS, FEWSATS_PREIMAGE


def vector() -> NewToken:
    token = Token("L402", FEWSATS, Preimage.from_hex(FEWSATS_PREIMAGE))
    origin = Origin.of("https://api.fewsats.com")
    return NewToken(token, origin, "/", reach=Reach.HOST, price=Msat(79_000), bought_at=1_714_045_448)


def test_the_published_token_is_written_to_the_golden_bytes(tmp_path: Path) -> None:
    done = export_to_lnget(tmp_path / "tokens", [("it", vector())], NOW)
    (written,) = done.written
    raw = written.file.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == "cd19d7d2751a0469a93c14d0c4bda778bbbc0af4e610a3b0ac4ce753d500aa45"
    assert written.file == tmp_path / "tokens" / "api.fewsats.com" / "l402.token"
    assert (written.file.parent / ".domain").read_text() == "api.fewsats.com"
    assert stat.S_IMODE(written.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(written.file.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in written.file.parent.iterdir()) == [".domain", "l402.token"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.example/v1/data", "api.example"),
        ("https://api.example:8443/v1/data", "api.example_8443"),
        ("http://127.0.0.1:8402/x", "127.0.0.1_8402"),
        ("http://localhost/x", "localhost"),
        ("http://abcdef.onion/x", "abcdef.onion"),
    ],
)
def test_what_was_exported_reads_back_as_the_same_token(tmp_path: Path, url: str, name: str) -> None:
    new = new_token(1, url, reach=Reach.HOST, bought_at=NOW)
    done = export_to_lnget(tmp_path, [("it", new)], NOW)
    assert [written.file.parent.name for written in done.written] == [name]
    store = read_store(tmp_path)
    assert store.kind is Kind.LNGET
    (carried,) = store.tokens
    assert isinstance(carried, Carried)
    assert carried.token == replace(new, path="/", title=carried.token.title, source="imported from lnget")


def test_a_url_safe_credential_is_written_as_the_bytes_it_means(tmp_path: Path) -> None:
    raw = base64.b64decode(FEWSATS)
    safe = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    new = replace(vector(), token=replace(vector().token, credential=safe))
    (written,) = export_to_lnget(tmp_path, [("it", new)], NOW).written
    assert raw in written.file.read_bytes()


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (replace(vector().token, credential=SATS4AI), "format v1"),
        (replace(vector().token, credential="opaque"), "no macaroon"),
        (replace(vector().token, scheme="LSAT"), "LSAT"),
    ],
)
def test_what_lnget_cannot_present_is_left_out_with_the_reason(tmp_path: Path, token: Token, why: str) -> None:
    done = export_to_lnget(tmp_path, [("it", replace(vector(), token=token))], NOW)
    assert done.written == ()
    (skipped,) = done.skipped
    assert skipped.where == "it"
    assert why in skipped.sentence


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://api.example:80", "also send it to port 443"),
        ("http://127.0.0.1:443", "also send it to port 80"),
        ("https://[::1]:8443", "IPv6"),
        ("https://a!b.example", "host of this name"),
    ],
)
def test_a_name_that_stands_for_another_server_too_is_never_used(url: str, why: str) -> None:
    with pytest.raises(EntryRefused, match=why):
        domain_of(Origin.of(url))


def test_a_token_for_plain_http_never_stands_in_for_the_https_host_of_the_same_name(tmp_path: Path) -> None:
    http, https = new_token(1, "http://localhost:8402/x"), new_token(2, "https://localhost:8402/x")
    done = export_to_lnget(tmp_path, [("plain", http), ("tls", https)], NOW)
    assert [written.where for written in done.written] == ["tls"]
    assert [(skipped.where, "http from https" in skipped.sentence) for skipped in done.skipped] == [("plain", True)]
    public = replace(http, origin=Origin("http", "api.example", 80))
    assert "plain http" in export_to_lnget(tmp_path / "x", [("it", public)], NOW).skipped[0].sentence


def test_of_several_for_one_host_the_widest_then_the_newest_is_written(tmp_path: Path) -> None:
    tokens = [
        ("exact", new_token(1, bought_at=NOW + 9)),
        ("old", new_token(2, reach=Reach.HOST, bought_at=NOW)),
        ("new", new_token(3, reach=Reach.HOST, bought_at=NOW + 1)),
    ]
    done = export_to_lnget(tmp_path, tokens, NOW)
    assert [written.where for written in done.written] == ["new"]
    assert {skipped.where for skipped in done.skipped} == {"exact", "old"}
    assert all("one token per host" in skipped.sentence for skipped in done.skipped)


@pytest.mark.parametrize("name", ["l402.token", "l402.token.pending", "lsat.token"])
def test_a_token_that_lnget_holds_already_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "tokens" / "api.fewsats.com"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"theirs")
    done = export_to_lnget(tmp_path, [("it", vector())], NOW)
    assert done.written == ()
    assert "already" in done.skipped[0].sentence
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_link_or_another_servers_folder_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "api.fewsats.com").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "api.example").mkdir()
    (tmp_path / "api.example" / ".domain").write_text("other.example")
    done = export_to_lnget(tmp_path, [("link", vector()), ("other", new_token(1))], NOW)
    assert done.written == ()
    assert len(done.skipped) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_lngets_own_folder_is_found_below_the_one_named(tmp_path: Path) -> None:
    (tmp_path / "tokens").mkdir()
    (written,) = export_to_lnget(tmp_path, [("it", vector())], NOW).written
    assert written.file.parent.parent == tmp_path / "tokens"


def test_where_lnget_was_never_run_its_folder_is_made_as_lnget_would(tmp_path: Path) -> None:
    (written,) = export_to_lnget(tmp_path / ".lnget", [("it", vector())], NOW).written
    assert written.file.parent.parent == tmp_path / ".lnget" / "tokens"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotWritten):
        export_to_lnget(tmp_path / "file", [("it", vector())], NOW)


def test_a_disk_that_fails_for_one_is_told_and_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: Path, data: bytes) -> None:
        if "fewsats" in str(file) and file.name != ".domain":
            raise NotWritten("The disk is full.", "Free some.")
        write_whole(file, data)

    monkeypatch.setattr("l402desk.vault.foreign.lnget_export.write_whole", fail)
    done = export_to_lnget(tmp_path, [("first", vector()), ("second", new_token(1))], NOW)
    assert [written.where for written in done.written] == ["second"]
    assert [(skipped.where, skipped.sentence) for skipped in done.skipped] == [("first", "The disk is full.")]
