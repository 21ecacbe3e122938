"""The way a challenge came, and what came beside it, is judged too."""

from __future__ import annotations

import pytest

from l402desk.protocol.challenge import Challenge, Demand, read_demand
from l402desk.protocol.checks_challenge import check_challenge, check_demand, nothing_to_pay, unpayable_offers
from l402desk.protocol.findings import Circumstances, Finding, Severity
from l402desk.protocol.origin import Origin

PAYMENT = 'Payment id="p", realm="r", method="stripe", intent="charge", request="e30"'
D, W, I = Severity.DANGER, Severity.WARNING, Severity.INFO  # noqa: E741 - columns of a table


def demand(*values: str, status: int = 402, body: bytes = b"") -> Demand:
    return read_demand(status, [("WWW-Authenticate", value) for value in values], body)


def challenge(parameters: str = "", source: str = "header") -> Challenge:
    if source == "body":
        (only,) = demand(body=b'{"invoice": "lnbc1", "token": "t"}').challenges
    else:
        (only,) = demand(f'L402 macaroon="m", invoice="lnbc1"{parameters}').challenges
    return only


def shown(findings: list[Finding]) -> dict[str, Severity]:
    assert all(finding.message.endswith(".") and finding.message.isprintable() for finding in findings)
    return {finding.code: finding.severity for finding in findings}


def judged(one: Challenge, **circumstances: object) -> dict[str, Severity]:
    return shown(check_challenge(one, Circumstances(0, **circumstances)))  # type: ignore[arg-type] # any field


def test_an_ordinary_challenge_over_tls_has_no_findings() -> None:
    assert judged(challenge(', version="0"'), origin=Origin.of("https://api.example.com/")) == {}


@pytest.mark.parametrize(
    ("url", "severity"),
    [
        ("http://api.example.com/", D),
        ("http://192.168.1.5:8080/", D),
        ("http://127.0.0.1:8402/", I),
        ("http://localhost/", I),
        ("http://abcdef.onion/", I),
    ],
)
def test_a_connection_without_tls_is_refused_except_near_and_onion(url: str, severity: Severity) -> None:
    assert judged(challenge(), origin=Origin.of(url)) == {"plain-http": severity}


@pytest.mark.parametrize(
    ("status", "code", "severity"),
    [
        (401, "challenge-on-401", W),
        (200, "challenge-on-other-status", D),
        (403, "challenge-on-other-status", D),
        (500, "challenge-on-other-status", D),
    ],
)
def test_only_a_402_asks_for_a_payment(status: int, code: str, severity: Severity) -> None:
    assert judged(challenge(), status=status) == {code: severity}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (', version="7"', {"unknown-version": W}),
        (', invoice="lnbc2"', {"duplicate-parameter": W}),
        (', token="other"', {"two-tokens": I}),
        (', token="m"', {}),
        (', description="\u202egnihton"', {"suspicious-text": W}),
        (', realm="<img src=x>"', {"suspicious-text": W}),
    ],
)
def test_odd_parameters_are_told(parameters: str, expected: dict[str, Severity]) -> None:
    assert judged(challenge(parameters)) == expected


def test_a_challenge_from_a_body_is_told() -> None:
    assert judged(challenge(source="body")) == {"challenge-in-body": I}


def test_other_offers_are_counted_and_named_with_their_reasons() -> None:
    findings = check_demand(demand('L402 macaroon="m", invoice="lnbc1"', PAYMENT))
    assert shown(findings) == {"several-offers": I, "cannot-pay-offer": I}
    assert findings[0].message == "The answer offers 2 ways to pay."
    assert findings[1].message == (
        "Payment scheme (MPP): stripe charge: Paid by card through Stripe: not with Lightning."
    )


def test_the_same_invoice_under_both_names_is_one_way_to_pay() -> None:
    assert check_demand(demand('LSAT macaroon="m", invoice="lnbc1"', 'L402 macaroon="m", invoice="LNBC1"')) == []


def test_a_login_is_no_way_to_pay() -> None:
    findings = check_demand(demand("Bearer realm=x", "L402 invoice=i", 'L402 macaroon="m", invoice="lnbc1"'))
    assert "several-offers" not in shown(findings)
    assert len([finding for finding in findings if finding.code == "cannot-pay-offer"]) == 2


def test_parts_that_were_left_out_are_told() -> None:
    assert shown(check_demand(demand("L402", 'L402 macaroon="m", invoice="lnbc1"'))) == {"part-ignored": I}
    differs = demand('L402 macaroon="m", invoice="lnbc1"', body=b'{"invoice": "lnbc2", "token": "t"}')
    assert shown(check_demand(differs))["body-differs"] is W


def test_why_there_is_nothing_to_pay_is_said() -> None:
    assert shown(nothing_to_pay(demand())) == {"unreadable-challenge": D}
    assert "does not say how" in nothing_to_pay(demand())[0].message
    assert "none of its offers" in nothing_to_pay(demand(PAYMENT))[0].message
    assert nothing_to_pay(demand('L402 invoice="lnbc1"'))[0].message.startswith("The L402 challenge holds an invoice")


def test_an_offer_is_named_with_its_price() -> None:
    (only,) = unpayable_offers(demand('L402 invoice="lnbc210n1p"'))
    assert only.message.startswith("L402, incomplete for 21 sats: ")
