"""The statement as a file: what stands in it, what never does, and that it is written whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from l402desk.engine import statement_file
from l402desk.engine.statement_file import FIELDS, FileKind, NotWritten, csv_rows, export, json_rows
from l402desk.ledger.history import AMOUNT, EVERYTHING, PurchaseFilter
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.store.errors import DiskFailed
from tests.fakes.bought import Bought, put
from tests.fakes.purchased import NOW

pytestmark = pytest.mark.anyio
PAID = Bought(
    1, NOW, "https://shop.example:8443", "/v1/a,b", "POST", 'A "fine" thing', 21_500, 42, uses=4,
    delivery=Delivery.REFUSED, last_status=401, currency="EUR", per_btc="85000", reason="secret words of a wallet",
)  # fmt: skip
OPEN = Bought(2, NOW - 60, state=PurchaseState.UNKNOWN, msat=1, title="=HYPERLINK(1)")


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Any]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite", SCHEMAS)
    await put(database, PAID, OPEN)
    yield SimpleNamespace(database=database)
    await database.close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "payments.csv"


def bytes_of(file: Path) -> bytes:
    return file.read_bytes()


def write(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def read_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"), newline="")))


async def test_the_csv_has_amounts_in_both_units_and_times_in_utc(services: Any, target: Path) -> None:
    assert await export(services, target, FileKind.CSV, EVERYTHING) == 2
    first, second = read_csv(target)
    assert tuple(first) == FIELDS
    assert first["time"] == "2023-11-14T22:13:20Z"
    assert first["settled"] == "2023-11-14T22:13:22Z"
    assert (first["amount_msat"], first["amount_sats"]) == ("21500", "21.5")
    assert (first["fee_msat"], first["fee_sats"]) == ("42", "0.042")
    assert (first["host"], first["method"], first["path"]) == ("shop.example:8443", "POST", "/v1/a,b")
    assert first["title"] == 'A "fine" thing'
    assert (first["state"], first["delivery"], first["last_status"]) == ("settled", "refused", "401")
    assert (first["token"], first["uses"], first["msat_per_use"]) == ("token-1", "4", "5386")
    assert first["sats_per_use"] == "5.386"
    assert first["payment_hash"] == PAID.payment_hash.hex()
    assert (first["currency"], first["fiat"]) == ("EUR", "0.01831070")
    assert (second["state"], second["fee_msat"], second["uses"], second["settled"]) == ("unknown", "", "", "")
    assert second["automatic"] == "false"


async def test_lines_end_as_rfc_4180_wants_it(services: Any, target: Path) -> None:
    await export(services, target, FileKind.CSV, EVERYTHING)
    raw = bytes_of(target)
    assert raw.count(b"\r\n") == 3
    assert raw.count(b"\n") == 3
    assert b'"A ""fine"" thing"' in raw
    assert b'"/v1/a,b"' in raw


async def test_a_spreadsheet_finds_no_formula(services: Any, target: Path) -> None:
    await export(services, target, FileKind.CSV, EVERYTHING)
    assert read_csv(target)[1]["title"] == "'=HYPERLINK(1)"
    for start in "=+-@\t\r":
        record: dict[str, Any] = dict.fromkeys(FIELDS)
        (row,) = csv.reader(io.StringIO(csv_rows([{**record, "title": f"{start}cmd"}]), newline=""))
        assert row[FIELDS.index("title")] == f"'{start}cmd"


async def test_the_json_is_an_array_of_the_same_records(services: Any, tmp_path: Path) -> None:
    target = tmp_path / "payments.json"
    await export(services, target, FileKind.JSON, EVERYTHING, AMOUNT, descending=False)
    first, second = json.loads(target.read_text("utf-8"))
    assert (first["amount_msat"], second["amount_msat"]) == (1, 21_500)
    assert first["uses"] is None
    assert second["automatic"] is False
    assert second["amount_sats"] == "21.5"
    assert first["title"] == "=HYPERLINK(1)"
    assert json_rows([]) == ""


async def test_the_filter_decides_what_is_written(services: Any, target: Path, tmp_path: Path) -> None:
    only = PurchaseFilter(states=frozenset({PurchaseState.UNKNOWN}))
    assert await export(services, target, FileKind.CSV, only) == 1
    assert [row["state"] for row in read_csv(target)] == ["unknown"]
    nothing = PurchaseFilter(text="nothing of the kind")
    assert await export(services, tmp_path / "none.csv", FileKind.CSV, nothing) == 0
    assert (tmp_path / "none.csv").read_text("utf-8") == ",".join(FIELDS) + "\n"
    await export(services, tmp_path / "none.json", FileKind.JSON, nothing)
    assert json.loads((tmp_path / "none.json").read_text("utf-8")) == []


@pytest.mark.parametrize("kind", FileKind)
async def test_many_lines_are_one_file(services: Any, target: Path, kind: FileKind) -> None:
    await put(services.database, *(Bought(n, NOW + n) for n in range(10, 1_210)))
    assert await export(services, target, kind, EVERYTHING) == 1_202
    found = read_csv(target) if kind is FileKind.CSV else json.loads(bytes_of(target))
    assert len(found) == 1_202
    assert [row["purchase"] for row in found][:2] == ["purchase-1209", "purchase-1208"]


async def test_no_secret_and_nothing_a_wallet_said_is_in_it(services: Any, tmp_path: Path) -> None:
    for kind in FileKind:
        target = tmp_path / f"all.{kind}"
        await export(services, target, kind, EVERYTHING)
        assert b"secret" not in target.read_bytes()


async def test_a_file_that_is_there_is_left_alone_unless_the_user_says_so(services: Any, target: Path) -> None:
    write(target, b"mine")
    with pytest.raises(NotWritten, match="already"):
        await export(services, target, FileKind.CSV, EVERYTHING)
    assert bytes_of(target) == b"mine"
    await export(services, target, FileKind.CSV, EVERYTHING, replace=True)
    assert len(read_csv(target)) == 2
    assert [file.name for file in target.parent.iterdir() if file.is_file()] == ["payments.csv"]


async def test_the_file_is_for_its_user_alone(services: Any, target: Path) -> None:
    await export(services, target, FileKind.CSV, EVERYTHING)
    assert mode_of(target) == 0o600


async def test_without_hard_links_the_question_is_asked_before(
    services: Any, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    await export(services, target, FileKind.CSV, EVERYTHING)
    with pytest.raises(NotWritten, match="already"):
        await export(services, target, FileKind.CSV, EVERYTHING)
    assert len(read_csv(target)) == 2


async def test_a_full_disk_leaves_nothing_behind(services: Any, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left"):
        await export(services, target, FileKind.CSV, EVERYTHING)
    assert [file for file in target.parent.iterdir() if file.is_file()] == []


async def test_a_folder_that_is_not_there_is_said_to_be_so(services: Any, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="No such file"):
        await export(services, tmp_path / "nowhere" / "a.csv", FileKind.CSV, EVERYTHING)


async def test_a_database_that_fails_halfway_leaves_nothing_behind(
    services: Any, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> AsyncIterator[list[Any]]:
        yield []
        raise DiskFailed

    monkeypatch.setattr(statement_file, "every_line", broken)
    with pytest.raises(DiskFailed):
        await export(services, target, FileKind.CSV, EVERYTHING)
    assert [file for file in target.parent.iterdir() if file.is_file()] == []
