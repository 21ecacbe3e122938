"""One table of codes, and a verdict that follows from the worst finding alone."""

from __future__ import annotations

import re

import pytest

from l402desk.protocol.findings import SEVERITIES, Severity, Verdict, found, verdict_of, worst_first

INFO, WARNING, DANGER = (
    found("test-network", "i"),
    found("expires-soon", "w"),
    found("hash-mismatch", "d"),
)


def test_every_code_is_a_stable_name() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in SEVERITIES)


def test_a_finding_has_the_severity_of_its_code() -> None:
    assert [f.severity for f in (INFO, WARNING, DANGER)] == [Severity.INFO, Severity.WARNING, Severity.DANGER]
    assert found("expires-soon", "d", Severity.DANGER).severity is Severity.DANGER


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        found("no-such-code", "")


def test_the_worst_comes_first_and_equals_keep_their_order() -> None:
    other = found("several-offers", "i2")
    assert worst_first([INFO, WARNING, other, DANGER]) == (DANGER, WARNING, INFO, other)


def test_the_verdict_follows_the_worst_finding() -> None:
    assert verdict_of([]) is Verdict.PAYABLE
    assert verdict_of([INFO]) is Verdict.PAYABLE
    assert verdict_of([INFO, WARNING]) is Verdict.CAUTION
    assert verdict_of([INFO, WARNING, DANGER]) is Verdict.REFUSE
