"""``payments show``: everything known of one payment, secrets only where they are asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from l402desk.cli.payments import run
from l402desk.client.record import to_record
from l402desk.client.request import RequestDraft
from l402desk.services import Services
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import credential_of, hash_of, new_intent, preimage_of

URL = "https://api.example/v1/data?api_key=QUERYSECRET"


@pytest.fixture
def purchase_id(unlocked: Path) -> str:
    async def buy(services: Services) -> str:
        intent = replace(new_intent(1, URL), request=to_record(RequestDraft("GET", URL)))
        purchase = await services.ledger.offer(intent)
        return (await services.ledger.settle(purchase.id, preimage_of(1))).id

    return in_the_vault(buy)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["show", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


SECRETS = ("QUERYSECRET", preimage_of(1).hex, credential_of(1))


def test_one_payment_by_the_beginning_of_its_id_or_hash(
    purchase_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("L402DESK_PASSPHRASE_FILE")  # the vault stays locked
    record = said(capsys, purchase_id[:8])
    assert record == said(capsys, hash_of(1).hex[:12])
    assert (record["purchase"], record["state"], record["open"]) == (purchase_id, "settled", False)
    assert record["invoice"].startswith("lnbcrt")
    assert "preimage" not in record
    assert run(["show", purchase_id]) == 0
    page = capsys.readouterr().out
    assert "settled, undelivered: paid" in page
    assert hash_of(1).hex in page
    assert not any(secret in page for secret in SECRETS)


def test_the_exchange_is_masked(purchase_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    exchange = said(capsys, purchase_id, "--exchange")["exchange"]
    assert exchange["request"].startswith("GET https://api.example/v1/data?api_key=")
    assert run(["show", purchase_id, "--exchange"]) == 0
    text = capsys.readouterr().out
    assert "── Request" in text
    assert not any(secret in text + json.dumps(exchange) for secret in SECRETS)


def test_secrets_only_where_they_are_asked_for(purchase_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    record = said(capsys, purchase_id, "--reveal", "--exchange")
    assert record["preimage"] == preimage_of(1).hex
    assert record["authorization"] == f"L402 {credential_of(1)}:{preimage_of(1).hex}"
    assert record["url"] == URL
    assert "QUERYSECRET" in record["exchange"]["request"]
    assert run(["show", purchase_id, "--reveal"]) == 0
    assert f"Authorization: L402 {credential_of(1)}:{preimage_of(1).hex}\n" in capsys.readouterr().out


def test_what_was_not_paid_has_no_proof_to_reveal(unlocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def offer(services: Services) -> str:
        return (await services.ledger.offer(new_intent(2))).id

    purchase_id = in_the_vault(offer)
    record = said(capsys, purchase_id, "--reveal")
    assert (record["preimage"], record["authorization"]) == (None, None)
    assert run(["show", purchase_id, "--reveal"]) == 0
    assert "Credential (not paid)" in capsys.readouterr().out


def test_without_a_key_secrets_stay_closed(
    purchase_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("L402DESK_PASSPHRASE_FILE")
    assert run(["show", purchase_id, "--reveal"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
