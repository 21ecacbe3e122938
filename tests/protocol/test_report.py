"""The JSON of ``inspect --json`` has exactly the agreed names, nulls for what is absent, and no secret."""

from __future__ import annotations

import base64
import json
from typing import Any

from l402desk.protocol.challenge import read_demand
from l402desk.protocol.inspection import (
    Circumstances,
    inspect_credential,
    inspect_demand,
    inspect_invoice,
    inspect_token,
)
from l402desk.protocol.report import report
from l402desk.protocol.token import Token
from tests.fakes.challenges import HASH, PROOF, mint_demand, mint_token
from tests.fakes.invoices import NODE, NOW, SECRET, data_field, fallback_field, hop, mint_invoice

NEAR = Circumstances(NOW + 10)
TOP = {"kind", "verdict", "challenges"}
CHALLENGE = {"scheme", "version", "macaroon", "invoice", "findings", "verdict"}
MACAROON = {"format", "location", "identifier", "caveats", "signature_hex"}
IDENTIFIER = {"version", "payment_hash", "token_id", "raw_hex"}
CAVEAT = {"raw", "condition", "value", "meaning"}
INVOICE = {
    "network", "amount_msat", "payment_hash", "description", "description_hash", "payee", "timestamp", "expires_at",
    "expired", "min_final_cltv", "payment_secret", "features", "route_hints", "fallbacks", "signature_valid",
}  # fmt: skip


def whole(invoice: str, token: str, version: str = "") -> Any:
    demand = read_demand(402, [("WWW-Authenticate", f'LSAT {version}macaroon="{token}", invoice="{invoice}"')])
    return json.loads(json.dumps(report("challenge", inspect_demand(demand, NEAR), NEAR.now)))


def test_every_name_is_the_agreed_one() -> None:
    route = data_field("r", hop(NODE, (1 << 40) + (2 << 16) + 3, 1_000, 10, 40))
    invoice = mint_invoice(more=[fallback_field(0, bytes(20)), route], description="Weather")
    found = whole(invoice, mint_token(HASH, b"services=weather:0"), 'version="0", ')
    (challenge,) = found["challenges"]
    assert found.keys() == TOP
    assert challenge.keys() == CHALLENGE
    assert challenge["macaroon"].keys() == MACAROON
    assert challenge["macaroon"]["identifier"].keys() == IDENTIFIER
    assert [caveat.keys() for caveat in challenge["macaroon"]["caveats"]] == [CAVEAT]
    assert challenge["invoice"].keys() == INVOICE
    assert all(finding.keys() == {"code", "severity", "message"} for finding in challenge["findings"])
    assert (found["kind"], found["verdict"], challenge["verdict"]) == ("challenge", "payable", "payable")


def test_values_are_numbers_hexadecimal_and_words() -> None:
    (challenge,) = whole(mint_invoice(), mint_token(HASH, b"services=weather:0"), 'version="0", ')["challenges"]
    assert (challenge["scheme"], challenge["version"]) == ("LSAT", "0")
    invoice, macaroon = challenge["invoice"], challenge["macaroon"]
    assert (invoice["network"], invoice["amount_msat"], invoice["payment_hash"]) == ("regtest", 21_000, HASH.hex)
    assert (invoice["timestamp"], invoice["expires_at"], invoice["expired"]) == (NOW, NOW + 3_600, False)
    assert (invoice["payee"], invoice["signature_valid"], invoice["min_final_cltv"]) == (NODE, True, 18)
    assert (invoice["payment_secret"], invoice["description_hash"]) == (SECRET.hex(), None)
    assert [f["name"] for f in invoice["features"]] == ["var_onion_optin", "payment_secret"]
    assert (macaroon["format"], macaroon["location"]) == ("v2", "lsat")
    assert macaroon["identifier"]["version"] == 0
    assert macaroon["identifier"]["payment_hash"] == HASH.hex
    assert macaroon["identifier"]["token_id"] == "07" * 32
    assert macaroon["identifier"]["raw_hex"] == "0000" + HASH.hex + "07" * 32
    assert macaroon["caveats"] == [
        {
            "raw": "services=weather:0",
            "condition": "services",
            "value": "weather:0",
            "meaning": "service weather, base tier",
        }
    ]


def test_an_expired_invoice_says_so() -> None:
    found = whole(mint_invoice(expiry=5), mint_token())
    assert found["challenges"][0]["invoice"]["expired"] is True
    assert found["verdict"] == "refuse"


def test_a_part_alone_has_nulls_for_the_others() -> None:
    invoice = report("invoice", (inspect_invoice(mint_invoice(), NEAR),), NEAR.now)
    macaroon = report("macaroon", (inspect_credential(mint_token(), NEAR),), NEAR.now)
    (alone,), (other,) = json.loads(json.dumps([invoice["challenges"], macaroon["challenges"]]))
    assert [alone[name] for name in ("scheme", "version", "macaroon")] == [None] * 3
    assert [other[name] for name in ("scheme", "version", "invoice")] == [None] * 3


def test_a_402_without_a_challenge_has_one_entry_of_nulls() -> None:
    found: Any = report("challenge", inspect_demand(read_demand(402, []), NEAR), NEAR.now)
    (only,) = found["challenges"]
    assert [only[name] for name in ("scheme", "version", "macaroon", "invoice")] == [None] * 4
    assert found["verdict"] == only["verdict"] == "refuse"


def test_a_token_that_is_no_macaroon_keeps_the_shape() -> None:
    token = base64.b64encode(json.dumps({"hash": HASH.hex, "exp": 1}).encode()).decode()
    (challenge,) = whole(mint_invoice(), token)["challenges"]
    assert challenge["macaroon"] == {
        "format": "json",
        "location": None,
        "identifier": {"version": None, "payment_hash": HASH.hex, "token_id": None, "raw_hex": None},
        "caveats": [],
        "signature_hex": None,
    }
    (other,) = whole(mint_invoice(), "deposit_17")["challenges"]
    assert other["macaroon"]["identifier"] is None


def test_no_proof_of_payment_is_in_it() -> None:
    paid = Token("LSAT", mint_token(HASH, f"preimage={PROOF.hex}".encode()), PROOF)
    found = report("token", (inspect_token(paid, NEAR),), NEAR.now, paid.scheme)
    text = json.dumps(found)
    assert PROOF.hex not in text
    assert json.loads(text)["challenges"][0]["scheme"] == "LSAT"
    assert json.loads(text)["challenges"][0]["macaroon"]["caveats"][0]["raw"] == "preimage=(hidden)"


def test_several_challenges_are_best_first() -> None:
    demand = mint_demand()
    both = read_demand(
        402,
        [("WWW-Authenticate", challenge.raw.replace("L402", scheme))
         for scheme in ("LSAT", "L402") for challenge in demand.challenges],
    )  # fmt: skip
    found: Any = report("challenge", inspect_demand(both, NEAR), NEAR.now)
    assert [challenge["scheme"] for challenge in found["challenges"]] == ["L402", "LSAT"]
