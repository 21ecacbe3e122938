"""A token is held against its invoice (law 5), its proof and the clock."""

from __future__ import annotations

import base64
import json

import pytest

from l402desk.protocol.checks_token import check_binding, check_proof, check_token
from l402desk.protocol.findings import Finding, Severity
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.macaroon import Macaroon, OpaqueToken, read_token
from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.challenges import HASH, PROOF, mint_token
from tests.fakes.invoices import NOW, mint_invoice
from tests.fakes.macaroons import SATS4AI

OTHER = PaymentHash(b"\x01" * 32)
STRANGER = Preimage(b"\x02" * 32)


@pytest.fixture(scope="module")
def invoice() -> Invoice:
    return read_invoice(mint_invoice())


def token(*caveats: str, payment_hash: PaymentHash = HASH) -> Macaroon | OpaqueToken:
    return read_token(mint_token(payment_hash, *(caveat.encode() for caveat in caveats)))


def opaque(**fields: object) -> Macaroon | OpaqueToken:
    return read_token(base64.b64encode(json.dumps(fields).encode()).decode())


def shown(opened: Macaroon | OpaqueToken, now: int = NOW) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in check_token(opened, now)}


def judged(finding: Finding) -> tuple[str, Severity]:
    assert finding.message.endswith(".")
    return finding.code, finding.severity


def test_a_token_of_this_payment_belongs_to_the_invoice(invoice: Invoice) -> None:
    for opened in (token(), opaque(hash=HASH.hex, exp=1), token(f"payment_hash = {HASH}")):
        assert judged(check_binding(opened, invoice)) == ("hash-matches", Severity.INFO)


def test_a_token_of_another_payment_is_refused(invoice: Invoice) -> None:
    for opened in (
        token(payment_hash=OTHER),
        opaque(paymentHash=OTHER.hex),
        token(f"payment_hash = {OTHER}"),
    ):
        assert judged(check_binding(opened, invoice)) == ("hash-mismatch", Severity.DANGER)


def test_a_token_that_names_no_payment_is_not_verifiable(invoice: Invoice) -> None:
    for opened in (read_token(SATS4AI), opaque(user=1), read_token("deposit_17")):
        assert judged(check_binding(opened, invoice)) == ("hash-unverifiable", Severity.WARNING)


def test_a_proof_is_held_against_the_token() -> None:
    assert judged(check_proof(token(), PROOF)) == ("proof-matches", Severity.INFO)
    assert judged(check_proof(token(), STRANGER)) == ("proof-mismatch", Severity.DANGER)
    assert judged(check_proof(token(f"payment_hash = {OTHER}"), PROOF)) == ("proof-mismatch", Severity.DANGER)
    assert judged(check_proof(read_token("deposit_17"), PROOF)) == ("proof-unverifiable", Severity.WARNING)


def test_a_plain_macaroon_has_no_findings() -> None:
    assert check_token(token("services=weather:0", "ip = 127.0.0.1"), NOW) == []


@pytest.mark.parametrize(
    ("left", "code", "words"),
    [
        (3600, "valid-until", "The token is good for 1 hour, until 2023-11-14 23:13 UTC."),
        (60, "valid-until", "The token is good for 1 minute, until 2023-11-14 22:14 UTC."),
        (
            59,
            "caveat-expires-soon",
            "The token is good for 59 seconds only: it may end before the answer arrives.",
        ),
        (0, "caveat-expired", "The token ended just now (2023-11-14 22:13 UTC): paying would buy nothing."),
        (
            -7200,
            "caveat-expired",
            "The token ended 2 hours ago (2023-11-14 20:13 UTC): paying would buy nothing.",
        ),
    ],
)
def test_the_life_of_a_token_is_told(left: int, code: str, words: str) -> None:
    (only,) = check_token(token("services=a:0", f"a_valid_until={NOW + left}", f"expires_at={NOW + 9_999}"), NOW)
    assert (only.code, only.message) == (code, words)


def test_an_opaque_token_is_told_and_its_end_is_read() -> None:
    assert shown(opaque(hash=HASH.hex)) == {"opaque-token": Severity.INFO}
    assert shown(opaque(hash=HASH.hex, exp=(NOW - 5) * 1000)) == {
        "opaque-token": Severity.INFO,
        "caveat-expired": Severity.DANGER,
    }


def test_a_broken_macaroon_is_told_as_such() -> None:
    broken = mint_token()[:-24]
    assert shown(read_token(broken)) == {"unreadable-token": Severity.WARNING}


def test_hidden_characters_in_a_caveat_are_told() -> None:
    assert shown(token("note=\u202eevil")) == {"suspicious-text": Severity.WARNING}


def test_a_discharge_that_cannot_be_had_is_told() -> None:
    from pymacaroons import Macaroon as Minted

    minted = Minted(location="lsat", identifier="x", key="k")
    minted.add_third_party_caveat("https://auth.example", "key", "id")
    assert shown(read_token(minted.serialize())) == {"third-party-caveat": Severity.WARNING}
