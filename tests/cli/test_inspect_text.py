"""The page tells the verdict first, aligned in 80 columns, and shows no secret."""

from __future__ import annotations

import base64
import json

import pytest

from l402desk.cli.inspect_subject import read_subject
from l402desk.cli.inspect_text import page_of
from l402desk.cli.page import WIDTH, Page, columns
from tests.fakes.challenges import HASH, PROOF, mint_token
from tests.fakes.invoices import NODE, NOW, data_field, fallback_field, hop, mint_invoice
from tests.fakes.macaroons import SATS4AI

PAYMENT = 'Payment id="p", realm="r", method="stripe", intent="charge", request="e30"'
ROUTE = data_field("r", hop(NODE, (1 << 40) + (2 << 16) + 3, 1_000, 10, 40))
CAVEATS = (b"services=weather:0", f"weather_valid_until={NOW + 3_600}".encode(), b"time < 2030-01-01T00:00:00Z")
RICH = mint_invoice(description="Weather for one hour", more=[fallback_field(0, bytes(20)), ROUTE])
GOOD = f'L402 version="0", token="{mint_token(HASH, *CAVEATS)}", invoice="{RICH}"'


def page(text: str, *, unicode: bool = True) -> str:
    found = page_of(read_subject(text, NOW + 10), NOW + 10, Page(unicode=unicode, colour=False)).text()
    assert all(columns(line) <= WIDTH for line in found.splitlines())
    return found


def test_the_verdict_and_its_reasons_come_first() -> None:
    lines = page(GOOD).splitlines()
    assert lines[0] == "✓ PAYABLE  21 sats. Nothing speaks against paying it."
    assert lines[2].startswith("✓ good        Token and invoice belong together")
    assert lines[4] == "· info        This is regtest: not real money."


def test_every_part_has_its_section() -> None:
    found = page(
        f"HTTP/1.1 402 X\nWWW-Authenticate: {GOOD}\nWWW-Authenticate: LSAT {GOOD[5:]}\nWWW-Authenticate: {PAYMENT}\n"
    )
    titles = [line.split()[1] for line in found.splitlines() if line.startswith("── ")]
    assert titles == ["Price", "Invoice", "Token", "Other"]
    for line in (
        "Amount        21 sats (21,000 msat), regtest",
        "For           “Weather for one hour”",
        "Expires       in 59 minutes, 2023-11-14 23:13 UTC",
        f"Payment hash  {HASH}",
        f"Payee         {NODE}",
        "Route hint    03e7156ae3… over 1x2x3",
        "Scheme        L402, version 0, sent as “token” in the header",
        "Condition 2   service weather: valid until 2023-11-14 23:13 UTC",
        "              time < 2030-01-01T00:00:00Z",
        "LSAT          21 sats, payable: the same invoice under another name",
        "              Paid by card through Stripe: not with Lightning.",
    ):
        assert line in found.splitlines(), line


def test_a_refusal_says_so_at_the_top() -> None:
    found = page(f'L402 macaroon="{SATS4AI}", invoice="{mint_invoice(None, expiry=1)}"')
    assert found.startswith("✗ REFUSE  Do not pay it.\n\n✗ danger      The invoice expired 9 seconds ago.")
    assert "Amount        none named" in found


@pytest.mark.parametrize("description", ["<b>\x1b[31mred\u202e", "x" * 500, "早上好" * 60, ""])
def test_foreign_text_stays_in_its_column(description: str) -> None:
    found = page(f'L402 macaroon="deposit_1", invoice="{mint_invoice(description=description)}"')
    assert "\x1b" not in found
    assert "\u202e" not in found


def test_an_unreadable_invoice_leaves_the_rest_readable() -> None:
    found = page(f'L402 macaroon="{mint_token()}", invoice="lnbc1demo"')
    assert "── Invoice" not in found
    assert "── Token" in found


def test_a_proof_of_payment_is_only_present() -> None:
    token = mint_token(HASH, f"preimage={PROOF.hex}".encode())
    found = page(f"Authorization: L402 {token}:{PROOF.hex}")
    assert "Preimage      present" in found
    assert PROOF.hex not in found
    assert found.startswith("✓ OK  Nothing wrong was found.")


def test_a_json_token_shows_its_members() -> None:
    token = base64.b64encode(json.dumps({"hash": HASH.hex, "path": "/x"}).encode()).decode()
    found = page(token)
    assert "Format        unsigned JSON, " in found
    assert "path          /x" in found


def test_an_offer_that_is_no_l402_is_explained() -> None:
    found = page(PAYMENT)
    assert found.startswith("✗ REFUSE  Do not pay it.")
    assert "none of its offers can be paid with this app" in found.replace("\n              ", " ")


def test_plain_terminals_get_plain_text() -> None:
    assert page(GOOD, unicode=False).isascii()
