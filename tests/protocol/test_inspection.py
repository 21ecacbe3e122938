"""The verdict on a whole challenge: what is refused, what asks for care; and nothing makes the judge fail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.challenge import Demand, read_demand
from l402desk.protocol.errors import InvoiceError, MacaroonError
from l402desk.protocol.findings import SEVERITIES
from l402desk.protocol.inspection import (
    Circumstances,
    Inspection,
    Severity,
    Verdict,
    inspect_challenge,
    inspect_credential,
    inspect_demand,
    inspect_invoice,
    inspect_token,
)
from l402desk.protocol.macaroon import Macaroon
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.token import Token
from tests.fakes.challenges import HASH, PROOF, mint_token
from tests.fakes.invoices import NOW, mint_invoice
from tests.fakes.macaroons import SATS4AI

NEAR = Circumstances(NOW + 10)


def header(token: str | None = None, invoice: str | None = None, scheme: str = "L402") -> tuple[str, str]:
    credential = mint_token() if token is None else token
    bolt11 = mint_invoice(prefix="lnbc") if invoice is None else invoice
    return "WWW-Authenticate", f'{scheme} macaroon="{credential}", invoice="{bolt11}"'


def judge(*headers: tuple[str, str], status: int = 402, circumstances: Circumstances = NEAR) -> tuple[Inspection, ...]:
    return inspect_demand(read_demand(status, headers), circumstances)


def codes(inspection: Inspection) -> list[str]:
    return [finding.code for finding in inspection.findings]


def test_an_honest_challenge_is_payable_and_says_why() -> None:
    (only,) = judge(header())
    assert only.verdict is Verdict.PAYABLE
    assert codes(only) == ["hash-matches"]
    assert only.amount == Msat.of_sats(21)
    assert only.payment_hash == HASH
    assert isinstance(only.token, Macaroon)


def test_a_token_of_another_payment_is_refused() -> None:
    (only,) = judge(header(mint_token(PaymentHash(bytes(32)))))
    assert only.verdict is Verdict.REFUSE
    assert codes(only)[0] == "hash-mismatch"


def test_a_token_that_cannot_be_checked_asks_for_care() -> None:
    for token in (SATS4AI, "deposit_17"):
        (only,) = judge(header(token), circumstances=Circumstances(NOW))
        assert only.verdict is Verdict.CAUTION
        assert codes(only)[0] == "hash-unverifiable"


def test_an_unreadable_invoice_is_refused_and_says_where() -> None:
    (only,) = judge(header(invoice="lnbc210n1demo"))
    assert only.verdict is Verdict.REFUSE
    assert (only.invoice, only.amount, only.payment_hash) == (None, None, None)
    assert only.findings[0].code == "unreadable-invoice"
    assert only.findings[0].message.startswith("The invoice cannot be read: ")


def test_the_worst_finding_comes_first() -> None:
    expired = mint_invoice(expiry=5)
    (only,) = judge(header(SATS4AI, expired), circumstances=Circumstances(NOW + 10, cap=Msat(1)))
    severities = [finding.severity for finding in only.findings]
    assert severities == sorted(severities, key=list(Severity).index)
    assert codes(only)[0] == "expired"


def test_the_best_challenge_comes_first() -> None:
    bad = header(invoice=mint_invoice(expiry=1))
    lsat = header(scheme="LSAT")
    assert [i.challenge and i.challenge.scheme for i in judge(lsat, header())] == ["L402", "LSAT"]
    assert [i.verdict for i in judge(bad, lsat)] == [Verdict.PAYABLE, Verdict.REFUSE]
    schemes = [(i.challenge and i.challenge.scheme, i.verdict) for i in judge(bad, lsat, header(SATS4AI))]
    assert schemes == [("LSAT", Verdict.PAYABLE), ("L402", Verdict.CAUTION), ("L402", Verdict.REFUSE)]


def test_a_header_comes_before_a_body_that_differs() -> None:
    body = json.dumps({"invoice": mint_invoice(1_000, prefix="lnbc"), "macaroon": mint_token()}).encode()
    first, second = inspect_demand(read_demand(402, [header()], body), NEAR)
    assert [i.challenge and i.challenge.source for i in (first, second)] == ["header", "body"]
    assert {"body-differs", "several-offers"} <= set(codes(first))


def test_status_and_place_are_judged() -> None:
    assert judge(header(), circumstances=Circumstances(NOW, status=200))[0].verdict is Verdict.REFUSE
    assert judge(header(), circumstances=Circumstances(NOW, status=401))[0].verdict is Verdict.CAUTION


def test_the_status_of_the_answer_counts_even_if_the_caller_forgets_it() -> None:
    assert [codes(i)[0] for i in judge(header(), status=200)] == ["challenge-on-other-status"]
    assert [codes(i)[0] for i in judge(header(), status=401)] == ["challenge-on-401"]


def test_a_402_without_a_challenge_is_one_refusal_that_says_why() -> None:
    for headers in ([], [("WWW-Authenticate", "L402 price-only")], [("WWW-Authenticate", "Bearer realm=x")]):
        (only,) = judge(*headers)
        assert (only.challenge, only.invoice, only.token) == (None, None, None)
        assert only.verdict is Verdict.REFUSE
        assert codes(only)[0] == "unreadable-challenge"


def test_another_status_without_a_challenge_is_nothing_to_judge() -> None:
    assert judge(status=200) == ()
    assert judge(("WWW-Authenticate", "L402"), ("WWW-Authenticate", "Basic realm=x"), status=401) == ()


def test_one_challenge_can_be_judged_alone() -> None:
    (challenge,) = read_demand(402, [header()]).challenges
    assert inspect_challenge(challenge, NEAR) == judge(header())[0]


def test_an_invoice_can_be_judged_alone() -> None:
    inspection = inspect_invoice(mint_invoice(), NEAR)
    assert (inspection.challenge, inspection.token, codes(inspection)) == (None, None, ["test-network"])
    with pytest.raises(InvoiceError):
        inspect_invoice("lnbc1", NEAR)


def test_a_macaroon_can_be_judged_alone() -> None:
    inspection = inspect_credential(mint_token(HASH, b"expires_at=1"), NEAR)
    assert (inspection.invoice, codes(inspection), inspection.verdict) == (
        None,
        ["caveat-expired"],
        Verdict.REFUSE,
    )
    with pytest.raises(MacaroonError):
        inspect_credential("no token", NEAR)


def test_a_paid_token_is_held_against_its_proof() -> None:
    assert inspect_token(Token("L402", mint_token(), PROOF), NEAR).verdict is Verdict.PAYABLE
    assert inspect_token(Token("L402", mint_token(), Preimage(b"\x09" * 32)), NEAR).verdict is Verdict.REFUSE


@pytest.mark.parametrize("name", ["direct-l402-macaroon", "direct-l402-token", "l402space-402", "lsat-scheme"])
def test_live_captures_are_judged(vectors: Any, name: str) -> None:
    """The invoices are real and long expired, the tokens cut: at its own time only the token is in doubt."""
    capture = vectors(f"402index/{name}.json")
    demand = read_demand(402, [("WWW-Authenticate", capture["wwwAuthenticate"])])
    (late,) = inspect_demand(demand, Circumstances(2_000_000_000))
    assert late.invoice is not None
    assert late.invoice.signature_valid
    assert codes(late)[0] == "expired"
    (fresh,) = inspect_demand(demand, Circumstances(late.invoice.timestamp + 1))
    assert fresh.verdict in (Verdict.PAYABLE, Verdict.CAUTION)
    expected = "hash-matches" if name == "l402space-402" else "hash-unverifiable"
    assert expected in codes(fresh) or "unreadable-token" in codes(fresh)


TOKENS = st.one_of(st.just(mint_token()), st.just(SATS4AI), st.text(min_size=1), st.binary().map(bytes.hex))
INVOICES = st.one_of(
    st.just(mint_invoice()),
    st.text(),
    st.tuples(st.integers(0, 200), st.sampled_from("1qpz9"), st.just(mint_invoice())).map(
        lambda cut: cut[2][: cut[0]] + cut[1] + cut[2][cut[0] + 1 :]
    ),
)


@given(TOKENS, INVOICES, st.integers(-(10**12), 10**12), st.sampled_from([200, 401, 402, 500]))
def test_nothing_makes_the_judge_fail(token: str, invoice: str, now: int, status: int) -> None:
    demand: Demand = read_demand(status, [header(token, invoice)])
    for inspection in inspect_demand(demand, Circumstances(now, status=status)):
        assert {finding.code for finding in inspection.findings} <= SEVERITIES.keys()
        assert all(finding.message.isprintable() for finding in inspection.findings)
        dangers = [finding for finding in inspection.findings if finding.severity is Severity.DANGER]
        assert (inspection.verdict is Verdict.REFUSE) == bool(dangers)
        if inspection.verdict is Verdict.PAYABLE:
            assert inspection.invoice is not None
            assert not inspection.invoice.problems
            assert inspection.token is not None
