"""What an inspection can find, as one table of codes, and the verdict that follows from the findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network

if TYPE_CHECKING:  # it brings urllib and ipaddress along, which the `inspect` command has no time for
    from l402desk.protocol.origin import Origin


class Severity(StrEnum):
    """How much a finding weighs: a danger refuses, a warning asks a person to look, an info informs."""

    DANGER = "danger"
    WARNING = "warning"
    INFO = "info"


class Verdict(StrEnum):
    """May this be paid: yes; by a person who has read the warnings, but never automatically; no."""

    PAYABLE = "payable"
    CAUTION = "caution"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about a challenge. ``code`` is stable; ``message`` is a plain sentence, safe to show."""

    code: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a challenge is judged against; ``now`` is seconds since 1970.

    ``origin`` is where the challenge came from and ``status`` the answer's; ``network`` is that of the wallet
    that would pay; ``cap`` the most to pay without a question; ``known_price`` what this cost before or was
    advertised. None leaves a check out.
    """

    now: int
    origin: Origin | None = None
    status: int = 402
    network: Network | None = None
    cap: Msat | None = None
    known_price: Msat | None = None


_D, _W, _I = Severity.DANGER, Severity.WARNING, Severity.INFO

SEVERITIES: dict[str, Severity] = {
    # The token and the invoice (law 5).
    "hash-matches": _I,
    "hash-mismatch": _D,
    "hash-unverifiable": _W,
    "proof-matches": _I,
    "proof-mismatch": _D,
    "proof-unverifiable": _W,
    "opaque-token": _I,
    "unreadable-token": _W,
    "caveat-expired": _D,
    "caveat-expires-soon": _W,
    "valid-until": _I,
    "third-party-caveat": _W,
    # The invoice (BOLT 11; the first eight are found while reading it).
    "bad-signature": _D,
    "missing-payment-secret": _D,
    "unknown-required-feature": _D,
    "duplicate-field": _D,
    "missing-description": _W,
    "two-descriptions": _W,
    "unreadable-description": _W,
    "unreadable-route-hint": _W,
    "unreadable-invoice": _D,
    "amountless": _D,
    "expired": _D,
    "expires-soon": _W,
    "timestamp-in-future": _W,
    "wrong-network": _D,
    "test-network": _I,
    "absurd-cltv": _W,
    # The price.
    "amount-above-cap": _W,
    "price-changed": _W,
    # The challenge and the answer it came in.
    "plain-http": _D,
    "challenge-on-401": _W,
    "challenge-on-other-status": _D,
    "challenge-in-body": _I,
    "body-differs": _W,
    "unknown-version": _W,
    "two-tokens": _I,
    "duplicate-parameter": _W,
    "suspicious-text": _W,
    "several-offers": _I,
    "cannot-pay-offer": _I,
    "part-ignored": _I,
    "unreadable-challenge": _D,
}
"""The severity of every code, where the check that found it does not say otherwise."""

_RANK = {Severity.DANGER: 0, Severity.WARNING: 1, Severity.INFO: 2}


def found(code: str, message: str, severity: Severity | None = None) -> Finding:
    """A finding of a known code, with its usual severity unless another is given."""
    return Finding(code, SEVERITIES[code] if severity is None else severity, message)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Dangers, then warnings, then what is good to know; otherwise in the order found."""
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> int:
    return _RANK[finding.severity]


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Any danger refuses, any warning asks for caution, else it is payable."""
    worst = min(map(_rank, findings), default=2)
    return (Verdict.REFUSE, Verdict.CAUTION, Verdict.PAYABLE)[worst]
