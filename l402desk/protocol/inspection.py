"""The judgement before money moves: every challenge of an answer opened, checked, and given a verdict.

Pure: the time and everything else it is judged against come in as ``Circumstances``. Law 1: what is found
here about amount, host and payee comes from the signed invoice and the exact challenge that would be paid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from l402desk.protocol.amount import Msat
from l402desk.protocol.challenge import Challenge, Demand
from l402desk.protocol.checks_challenge import check_challenge, check_demand, nothing_to_pay
from l402desk.protocol.checks_invoice import check_invoice
from l402desk.protocol.checks_token import check_binding, check_proof, check_token
from l402desk.protocol.errors import InvoiceError, MacaroonError, ProtocolError
from l402desk.protocol.findings import (
    Circumstances,
    Finding,
    Severity,
    Verdict,
    found,
    verdict_of,
    worst_first,
)
from l402desk.protocol.invoice import Invoice, read_invoice
from l402desk.protocol.macaroon import Macaroon, OpaqueToken, read_token
from l402desk.protocol.proof import PaymentHash

if TYPE_CHECKING:
    from l402desk.protocol.token import Token

__all__ = [
    "Circumstances",
    "Finding",
    "Inspection",
    "Severity",
    "Verdict",
    "inspect_challenge",
    "inspect_credential",
    "inspect_demand",
    "inspect_invoice",
    "inspect_token",
]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Inspection:
    """One challenge opened and judged. A part that is absent or cannot be read is None; a finding says why.

    ``findings`` are the worst first; ``verdict`` follows from them alone.
    """

    challenge: Challenge | None
    invoice: Invoice | None
    token: Macaroon | OpaqueToken | None
    findings: tuple[Finding, ...]
    verdict: Verdict

    @property
    def amount(self) -> Msat | None:
        """The price in the invoice; None where it names none or cannot be read."""
        return None if self.invoice is None else self.invoice.amount

    @property
    def payment_hash(self) -> PaymentHash | None:
        return None if self.invoice is None else self.invoice.payment_hash


def inspect_demand(demand: Demand, circumstances: Circumstances) -> tuple[Inspection, ...]:
    """Judge every challenge of an answer, best first: by verdict, L402 before LSAT, header before body.

    A 402 without a readable challenge gives exactly one inspection without parts, which is refused and says
    what is wrong; any other status without a challenge gives none. Findings about the answer as a whole are
    in each.
    """
    if not demand.challenges:
        return (_judged(None, None, None, nothing_to_pay(demand)),) if demand.status == 402 else ()
    if demand.status not in (402, circumstances.status):
        # Law 1 hangs on the status, so what was read counts, not what the caller remembered to repeat.
        circumstances = replace(circumstances, status=demand.status)
    around = check_demand(demand)
    # The same invoice often comes twice, under LSAT and L402: it is decoded once per answer.
    invoices: dict[str, Invoice | InvoiceError] = {}
    tokens: dict[str, Macaroon | OpaqueToken | MacaroonError] = {}
    inspections = []
    for challenge in demand.challenges:
        if challenge.invoice not in invoices:
            invoices[challenge.invoice] = _attempt(read_invoice, challenge.invoice, InvoiceError)
        if challenge.credential not in tokens:
            tokens[challenge.credential] = _attempt(read_token, challenge.credential, MacaroonError)
        inspections.append(
            _inspect(challenge, invoices[challenge.invoice], tokens[challenge.credential], circumstances, around)
        )
    return tuple(sorted(inspections, key=_rank)) if len(inspections) > 1 else tuple(inspections)


def inspect_challenge(challenge: Challenge, circumstances: Circumstances) -> Inspection:
    """Judge one challenge by itself. Never raises: what cannot be read is a finding."""
    invoice = _attempt(read_invoice, challenge.invoice, InvoiceError)
    token = _attempt(read_token, challenge.credential, MacaroonError)
    return _inspect(challenge, invoice, token, circumstances, [])


def inspect_invoice(text: str, circumstances: Circumstances) -> Inspection:
    """Judge an invoice alone. Raises InvoiceError when it is none."""
    invoice = read_invoice(text)
    return _judged(None, invoice, None, check_invoice(invoice, circumstances))


def inspect_credential(text: str, circumstances: Circumstances) -> Inspection:
    """Judge a macaroon or other token alone. Raises MacaroonError when it is none."""
    token = read_token(text)
    return _judged(None, None, token, check_token(token, circumstances.now))


def inspect_token(paid: Token, circumstances: Circumstances) -> Inspection:
    """Judge a paid token: its proof must fit what it commits to. Raises MacaroonError if unreadable."""
    token = read_token(paid.credential)
    findings = [check_proof(token, paid.preimage), *check_token(token, circumstances.now)]
    return _judged(None, None, token, findings)


def _inspect(
    challenge: Challenge,
    invoice: Invoice | InvoiceError,
    token: Macaroon | OpaqueToken | MacaroonError,
    circumstances: Circumstances,
    around: list[Finding],
) -> Inspection:
    findings = []
    readable_invoice = readable_token = None
    if isinstance(token, MacaroonError):
        words = f"Not verifiable: the token cannot be read ({token}), so nothing ties it to the invoice."
        findings.append(found("hash-unverifiable", words))
    else:
        readable_token = token
    if isinstance(invoice, InvoiceError):
        findings.append(found("unreadable-invoice", f"The invoice cannot be read: {invoice}."))
    else:
        readable_invoice = invoice
        if readable_token is not None:
            findings.append(check_binding(readable_token, invoice))
        findings += check_invoice(invoice, circumstances)
    if readable_token is not None:
        findings += check_token(readable_token, circumstances.now)
    findings += check_challenge(challenge, circumstances)
    return _judged(challenge, readable_invoice, readable_token, [*findings, *around])


def _judged(
    challenge: Challenge | None,
    invoice: Invoice | None,
    token: Macaroon | OpaqueToken | None,
    findings: list[Finding],
) -> Inspection:
    return Inspection(challenge, invoice, token, worst_first(findings), verdict_of(findings))


_E = TypeVar("_E", bound=ProtocolError)


def _attempt(read: Callable[[str], _T], text: str, error: type[_E]) -> _T | _E:
    try:
        return read(text)
    except error as failure:
        return failure


_VERDICT_RANK = {Verdict.PAYABLE: 0, Verdict.CAUTION: 1, Verdict.REFUSE: 2}


def _rank(inspection: Inspection) -> tuple[int, bool, bool]:
    challenge = inspection.challenge
    is_lsat = challenge is not None and challenge.scheme.upper() == "LSAT"
    in_body = challenge is not None and challenge.source == "body"
    return _VERDICT_RANK[inspection.verdict], is_lsat, in_body
