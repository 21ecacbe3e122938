"""``payments list``: words, JSON and CSV of the same payments, sums that fit them, and no vault needed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from l402desk.cli.payments import run
from l402desk.ledger.purchases import Delivery, PurchaseState
from tests.fakes.bought import Bought, put
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import NOW

DAY = 86_400
SEVERAL = (
    Bought(1, NOW, msat=21_000, fee=300, uses=3),
    Bought(2, NOW + 10, "https://shop.example", "/v1/thing", "POST", "=cmd", 5_000, delivery=Delivery.REFUSED,
           rail="phone"),
    Bought(3, NOW + 40 * DAY, state=PurchaseState.UNKNOWN, msat=7_000),
)  # fmt: skip


@pytest.fixture
def filled(unlocked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_vault(lambda services: put(services.database, *SEVERAL))
    monkeypatch.delenv("L402DESK_PASSPHRASE_FILE")  # from here on nobody can open the vault


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["list", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def ids(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return [record["purchase"].removeprefix("purchase-") for record in said(capsys, *arguments)]


def test_the_newest_first_as_json_with_the_vault_locked(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    newest, middle, oldest = said(capsys)
    assert (newest["state"], newest["amount_msat"], newest["settled"]) == ("unknown", 7_000, None)
    assert (middle["method"], middle["host"], middle["path"]) == ("POST", "shop.example", "/v1/thing")
    assert (oldest["uses"], oldest["msat_per_use"], oldest["fee_sats"]) == (3, 7_100, "0.3")


def test_filters_narrow_it(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert ids(capsys, "--state", "unknown") == ["3"]
    assert ids(capsys, "--state", "unknown", "--state", "settled") == ["3", "2", "1"]
    assert ids(capsys, "--delivery", "refused") == ["2"]
    assert ids(capsys, "--host", "SHOP.example") == ["2"]
    assert ids(capsys, "--wallet", "phone") == ["2"]
    assert ids(capsys, "--since", "2023-12-01") == ["3"]
    assert ids(capsys, "--until", "2023-12-01") == ["2", "1"]
    assert ids(capsys, "thing") == ["2"]
    assert ids(capsys, "--limit", "2") == ["3", "2"]
    assert ids(capsys, Bought(1).payment_hash.hex()[:10]) == ["1"]


def test_csv_is_the_same_and_holds_no_formula(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["purchase"] for row in rows] == ["purchase-3", "purchase-2", "purchase-1"]
    assert rows[1]["title"] == "'=cmd"


def test_words_have_a_line_each_and_say_how_many_are_left(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--limit", "1"]) == 0
    told = capsys.readouterr()
    assert told.out.count("\n") == 1
    assert "unknown" in told.out
    assert told.err == "… and 2 more: --limit 0 shows all.\n"
    assert run(["list"]) == 0
    told = capsys.readouterr()
    assert told.out.count("\n") == 3
    assert "settled, refused" in told.out
    assert "3 uses" in told.out
    assert told.err == ""


def test_many_are_cut_in_words_and_whole_in_json(unlocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    in_the_vault(lambda services: put(services.database, *(Bought(n, NOW + n) for n in range(1, 1_102))))
    assert run(["list"]) == 0
    told = capsys.readouterr()
    assert told.out.count("\n") == 50
    assert "1051 more" in told.err
    assert len(said(capsys)) == 1_101
    assert len(said(capsys, "--limit", "501")) == 501


def test_nothing_is_said_so(unlocked: Path, filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "nowhere"]) == 0
    assert capsys.readouterr().err == "There is no such payment.\n"


def test_sums_by_host_day_and_month(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert [(record["host"], record["total_msat"]) for record in said(capsys, "--sums", "host")] == [
        ("https://api.example", 21_300),
        ("https://shop.example", 5_000),
    ]
    days = said(capsys, "--sums", "day")
    assert sum(day["total_msat"] for day in days) == 26_300
    assert sum(day["in_flight_msat"] for day in days) == 7_000
    months = said(capsys, "--sums", "month", "--state", "settled")
    assert [(month["month"], month["payments"]) for month in months] == [("2023-11", 2)]
    assert run(["list", "--sums", "host"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.split("  ", 1)[0] == "all"
    assert "26.3 sats in 2 payments, 7 sats in flight" in last
