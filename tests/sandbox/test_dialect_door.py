"""Every dialect asks in its own words, is understood by the app's reader, and unlocks as its real servers do."""

from __future__ import annotations

import base64
import json
import re

import pytest

from l402desk.protocol.challenge import read_demand
from l402desk.protocol.macaroon import OpaqueToken, committed_hash, read_token
from l402desk.sandbox.dialects import DIALECTS, Dialect
from tests.sandbox.buyer import NOW, a_buyer, bill_of, narrowed

pytestmark = pytest.mark.anyio
EVERY = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
BY_NAME = {dialect.name: dialect for dialect in DIALECTS}


@EVERY
async def test_a_dialect_unlocks_with_its_credential(dialect: Dialect) -> None:
    async with a_buyer() as buyer:
        bill, header = await buyer.buy(dialect.path)
        answer = await buyer.client.get(dialect.path, headers=header)
        assert answer.status_code == 200, answer.text
        assert answer.json()["dialect"] == dialect.name
        assert len(bill.headers) == len(dialect.headers)


@EVERY
async def test_the_apps_reader_finds_the_same_token_and_invoice(dialect: Dialect) -> None:
    async with a_buyer() as buyer:
        answer = await buyer.client.get(dialect.path)
        bill = bill_of(answer)
        demand = read_demand(answer.status_code, answer.headers.multi_items(), answer.content)
        found = demand.challenges[0]
        assert (found.credential, found.invoice) == (bill.token, bill.invoice)
        assert found.scheme.upper() in dialect.manners.schemes
        token = read_token(found.credential)
        minted = buyer.parts.mint.find_invoice(bill.invoice)
        assert minted is not None
        assert committed_hash(token) == minted.payment_hash


@EVERY
async def test_an_unpaid_token_opens_nothing(dialect: Dialect) -> None:
    async with a_buyer() as buyer:
        bill = bill_of(await buyer.client.get(dialect.path))
        header = {"Authorization": f"{bill.scheme} {bill.token}:{'ab' * 32}"}
        answer = await buyer.client.get(dialect.path, headers=header)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "L402"


@pytest.mark.parametrize(
    ("name", "scheme", "status"),
    [
        ("lsat-only", "LSAT", 200),
        ("lsat-only", "L402", 402),
        ("lsat-only", "lsat", 402),
        ("aperture-dual", "LSAT", 200),
        ("aperture-dual", "L402", 200),
        ("aperture-dual", "l402", 402),
        ("macaroon-invoice", "LSAT", 402),
        ("double-base64", "LSAT", 200),
        ("double-base64", "l402", 402),
        ("json-token", "LSAT", 402),
        ("lower-case", "l402", 200),
        ("lower-case", "L402", 200),
    ],
)
async def test_a_dialect_takes_the_schemes_its_real_servers_take(name: str, scheme: str, status: int) -> None:
    async with a_buyer() as buyer:
        path = BY_NAME[name].path
        bill, _ = await buyer.buy(path)
        preimage = await buyer.pay(bill.invoice)
        header = {"Authorization": f"{scheme} {bill.token}:{preimage.hex}"}
        assert (await buyer.client.get(path, headers=header)).status_code == status


@pytest.mark.parametrize(("name", "status"), [("macaroon-invoice", 402), ("aperture-dual", 200), ("lsat-only", 200)])
async def test_strict_servers_refuse_an_added_caveat(name: str, status: int) -> None:
    async with a_buyer() as buyer:
        path = BY_NAME[name].path
        bill, _ = await buyer.buy(path)
        preimage = await buyer.pay(bill.invoice)
        header = {"Authorization": f"{bill.scheme} {narrowed(bill.token, f'preimage={preimage.hex}')}:{preimage.hex}"}
        assert (await buyer.client.get(path, headers=header)).status_code == status


async def test_a_json_token_is_for_one_use() -> None:
    async with a_buyer() as buyer:
        path = BY_NAME["json-token"].path
        bill, header = await buyer.buy(path)
        assert isinstance(read_token(bill.token), OpaqueToken)
        assert (await buyer.client.get(path, headers=header)).status_code == 200
        again = await buyer.client.get(path, headers=header)
        assert (again.status_code, again.json()["message"]) == (401, "Token already used.")


async def test_boltwalls_token_expires_by_its_own_caveat() -> None:
    async with a_buyer() as buyer:
        path = BY_NAME["lsat-only"].path
        _, header = await buyer.buy(path)
        buyer.clock.now = NOW + 3600
        assert (await buyer.client.get(path, headers=header)).status_code == 402


@pytest.mark.parametrize("name", ["joined-payment", "payment-joined", "payment-first"])
async def test_the_payment_offer_can_be_taken_too_and_is_good_once(name: str) -> None:
    async with a_buyer() as buyer:
        path = BY_NAME[name].path
        bill, _ = await buyer.buy(path)
        offer = next(part for part in bill.headers if "Payment " in part).partition("Payment ")[2]
        said = dict(re.findall(r'(id|realm|method|intent|request|expires)="([^"]*)"', offer))
        paid = {"challenge": said, "payload": {"preimage": (await buyer.pay(bill.invoice)).hex}}
        credential = base64.urlsafe_b64encode(json.dumps(paid).encode()).decode().rstrip("=")
        header = {"Authorization": f"Payment {credential}"}
        assert (await buyer.client.get(path, headers=header)).status_code == 200
        assert (await buyer.client.get(path, headers=header)).status_code == 402


async def test_a_dialect_bends_with_the_quirks() -> None:
    async with a_buyer(["wrong-hash"]) as buyer:
        for dialect in DIALECTS:
            _, header = await buyer.buy(dialect.path)
            assert (await buyer.client.get(dialect.path, headers=header)).status_code == 401, dialect.name
