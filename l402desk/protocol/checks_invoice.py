"""What can be wrong with an invoice before it is paid: its signature, its time, its network, its amount."""

from __future__ import annotations

from l402desk.protocol.durations import duration_words
from l402desk.protocol.findings import SEVERITIES, Circumstances, Finding, Severity, found
from l402desk.protocol.instants import instant_words
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.network import Network
from l402desk.protocol.text import is_suspicious

SOON_S = 5 * 60
"""From here on a person is told that time is short."""
TOO_LATE_S = 30
"""A payment may take this long: below it the money can leave after the invoice has ended."""
CLOCK_SKEW_S = 10 * 60
CLTV_WARNING, CLTV_DANGER = 1_008, 2_016
"""Blocks that the last hop may hold the money: one week, two weeks. Wallets refuse above about the second."""


def check_invoice(invoice: Invoice, circumstances: Circumstances) -> list[Finding]:
    """All findings about the invoice itself and its price, in reading order."""
    findings = [
        found(problem.code if problem.code in SEVERITIES else "unreadable-invoice", _sentence(problem.message))
        for problem in invoice.problems
    ]
    findings += _time(invoice, circumstances.now)
    findings += _network(invoice, circumstances.network)
    findings += _amount(invoice, circumstances)
    if invoice.min_final_cltv > CLTV_WARNING:
        findings.append(_cltv(invoice.min_final_cltv))
    if invoice.description is not None and is_suspicious(invoice.description):
        findings.append(found("suspicious-text", "The invoice's description holds hidden characters or markup."))
    return findings


def _sentence(words: str) -> str:
    return words if words.endswith(".") else words + "."


def _time(invoice: Invoice, now: int) -> list[Finding]:
    findings = []
    left = invoice.expires_at - now
    if left <= 0:
        ago = f"{duration_words(left)} ago" if left else "just now"
        findings.append(found("expired", f"The invoice expired {ago}. Send again for a fresh one."))
    elif left < TOO_LATE_S:
        words = f"The invoice expires in {duration_words(left)}, too soon to pay it safely."
        findings.append(found("expires-soon", f"{words} Send again for a fresh one.", Severity.DANGER))
    elif left < SOON_S:
        findings.append(found("expires-soon", f"The invoice expires in {duration_words(left)}."))
    ahead = invoice.timestamp - now
    if ahead > CLOCK_SKEW_S:
        when = f"{duration_words(ahead)} in the future ({instant_words(invoice.timestamp)})"
        words = f"The invoice is dated {when}: your clock or the server's is wrong."
        findings.append(found("timestamp-in-future", words))
    return findings


def _network(invoice: Invoice, wallet: Network | None) -> list[Finding]:
    findings = []
    if wallet is not None and wallet is not invoice.network:
        words = f"The invoice is for {invoice.network}, but the wallet is on {wallet}."
        findings.append(found("wrong-network", words))
    if invoice.network is not Network.MAINNET:
        findings.append(found("test-network", f"This is {invoice.network}: not real money."))
    return findings


def _amount(invoice: Invoice, circumstances: Circumstances) -> list[Finding]:
    amount, cap, known = invoice.amount, circumstances.cap, circumstances.known_price
    if amount is None:
        words = "The invoice names no amount: whatever you send would be taken."
        return [found("amountless", words)]
    findings = []
    if cap is not None and amount > cap:
        words = f"{amount.words()} is more than your limit of {cap.words()}."
        findings.append(found("amount-above-cap", words))
    if known is not None and amount != known:
        rose = amount > known
        words = f"The price {'rose' if rose else 'fell'} from {known.words()} to {amount.words()}."
        findings.append(found("price-changed", words, Severity.WARNING if rose else Severity.INFO))
    return findings


def _cltv(blocks: int) -> Finding:
    days = duration_words(blocks * 600)
    words = f"The invoice lets its payee hold your payment for {blocks:,} blocks, about {days}."
    return found("absurd-cltv", words, Severity.DANGER if blocks > CLTV_DANGER else Severity.WARNING)
