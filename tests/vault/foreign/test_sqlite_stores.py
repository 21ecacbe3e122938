"""L402sdk, L402-python and fewsatscli: their tables, and where each of them meant its tokens to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.vault.foreign.entries import Entry, Kind, Problem
from l402desk.vault.foreign.sqlite_file import opened
from l402desk.vault.foreign.sqlite_stores import entries_of, kind_of
from l402desk.vault.scope import Reach
from tests.fakes.purchased import credential_of, invoice_of, preimage_of
from tests.vault.foreign import stores
from tests.vault.foreign.stores import FEWSATS, FEWSATS_PREIMAGE

AT = 1_714_045_448


def entries(file: Path, kind: Kind) -> list[Entry | Problem]:
    with opened(file) as database:
        assert kind_of(database) is kind
        return list(entries_of(database, kind))


def only(file: Path, kind: Kind) -> Entry:
    (entry,) = entries(file, kind)
    assert isinstance(entry, Entry)
    return entry


def test_l402sdk_keeps_tokens_by_url(tmp_path: Path) -> None:
    rows = [("https://api.example/v1/data", credential_of(1), preimage_of(1).hex, AT, None)]
    entry = only(stores.l402sdk(tmp_path / "tokens.db", rows), Kind.L402SDK)
    assert (entry.url, entry.reach, entry.at) == ("https://api.example/v1/data", Reach.EXACT, AT)
    assert (entry.credential, entry.preimage) == (credential_of(1), preimage_of(1).hex)


def test_l402_python_keeps_them_by_url_with_the_invoice_and_perhaps_no_preimage(tmp_path: Path) -> None:
    rows = [
        ("https://api.example/a", credential_of(1), preimage_of(1).hex, invoice_of(1), "2024-04-25T11:44:08.1"),
        ("https://api.example/b", credential_of(2), None, invoice_of(2), "2024-04-25T11:44:08.1"),
    ]
    paid, unpaid = entries(stores.fewsats(tmp_path / "credentials.db", rows), Kind.FEWSATS)
    assert isinstance(paid, Entry)
    assert isinstance(unpaid, Entry)
    assert (paid.url, paid.reach, paid.invoice) == ("https://api.example/a", Reach.EXACT, invoice_of(1))
    assert paid.at is not None
    assert unpaid.preimage == ""


def test_fewsatscli_keeps_them_by_the_last_part_of_a_url_of_fewsats(tmp_path: Path) -> None:
    file_id = "b54e2ff4-21a4-40aa-8302-8abe919e675e"
    rows = [
        (file_id, FEWSATS, FEWSATS_PREIMAGE, "", "2024-04-25 11:44:08.123456789+00:00"),
        ("some-gateway", credential_of(1), preimage_of(1).hex, invoice_of(1), "2024-04-25 11:44:08 +0000 UTC"),
    ]
    stored, gateway = entries(stores.fewsatscli(tmp_path / "fewsats.db", rows), Kind.FEWSATSCLI)
    assert isinstance(stored, Entry)
    assert isinstance(gateway, Entry)
    assert stored.url == f"https://api.fewsats.com/v0/storage/download/{file_id}"
    assert gateway.url == "https://api.fewsats.com/v0/gateway/access/some-gateway"
    assert (stored.at, gateway.at, stored.reach) == (AT, AT, Reach.EXACT)


@pytest.mark.parametrize("external_id", ["", "../../x", "a/b", "a?b", "ü", "a" * 201])
def test_an_id_that_is_no_part_of_an_address_is_a_problem_of_its_row(tmp_path: Path, external_id: str) -> None:
    rows = [(external_id, credential_of(1), "", "", ""), ("fine", credential_of(2), "", "", "")]
    problem, entry = entries(stores.fewsatscli(tmp_path / "fewsats.db", rows), Kind.FEWSATSCLI)
    assert isinstance(problem, Problem)
    assert problem.where == "row 1"
    assert isinstance(entry, Entry)


def test_a_row_that_is_no_text_is_a_problem_and_the_next_one_is_read(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("https://a.example", b"\xff\xfe", "x", AT, None),
        ("", credential_of(1), "x", AT, None),
        ("https://b.example", credential_of(1), preimage_of(1).hex, "no time", None),
    ]
    first, second, third = entries(stores.l402sdk(tmp_path / "tokens.db", rows), Kind.L402SDK)
    assert first == Problem("row 1", "its macaroon is no readable text.")
    assert second == Problem("row 2", "it has no address.")
    assert isinstance(third, Entry)
    assert third.at is None


def test_another_programs_database_is_nobodys(tmp_path: Path) -> None:
    with opened(stores.lnget_events(tmp_path / "events.db", [])) as database:
        assert kind_of(database) is None
