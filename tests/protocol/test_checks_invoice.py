"""Every way in which an invoice speaks against itself is found, with figures in plain words."""

from __future__ import annotations

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.checks_invoice import check_invoice
from l402desk.protocol.findings import Circumstances, Finding, Severity
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network
from tests.fakes.invoices import NOW, data_field, mint_invoice, number_field

D, W, I = Severity.DANGER, Severity.WARNING, Severity.INFO  # noqa: E741 - columns of a table


def findings(text: str, now: int = NOW + 10, **others: object) -> list[Finding]:
    return check_invoice(read_invoice(text), Circumstances(now, **others))  # type: ignore[arg-type] # any field


def shown(text: str, now: int = NOW + 10, **others: object) -> dict[str, Severity]:
    return {finding.code: finding.severity for finding in findings(text, now, **others)}


def message(code: str, text: str, now: int = NOW + 10, **others: object) -> str:
    (only,) = [finding.message for finding in findings(text, now, **others) if finding.code == code]
    return only


def mainnet(msat: int | None = 21_000, **fields: object) -> str:
    return mint_invoice(msat, prefix="lnbc", **fields)  # type: ignore[arg-type] # any field


def test_a_sound_invoice_has_no_findings() -> None:
    assert findings(mainnet()) == []


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        (mainnet(signature=bytes(64) + b"\0"), "bad-signature", D),
        (mainnet(payment_secret=None), "missing-payment-secret", D),
        (mainnet(features=(8, 14, 100)), "unknown-required-feature", D),
        (mainnet(more=[data_field("d", b"other")]), "duplicate-field", D),
        (mainnet(description=None), "missing-description", W),
        (mainnet(description=b"\xff\xfe"), "unreadable-description", W),
        (mainnet(None), "amountless", D),
        (mainnet(description="pay\u202e me"), "suspicious-text", W),
        (mainnet(description="<b>pay</b>"), "suspicious-text", W),
        (mainnet(more=[number_field("c", 1_009)]), "absurd-cltv", W),
        (mainnet(more=[number_field("c", 2_017)]), "absurd-cltv", D),
        (mint_invoice(), "test-network", I),
        (mint_invoice(prefix="lntbs"), "test-network", I),
    ],
)
def test_what_an_invoice_lacks_is_found(text: str, code: str, severity: Severity) -> None:
    assert shown(text).get(code) is severity
    assert message(code, text).endswith(".")


def test_a_usual_final_delay_is_no_finding() -> None:
    assert findings(mainnet(more=[number_field("c", 1_008)])) == []


@pytest.mark.parametrize(
    ("left", "severity", "words"),
    [
        (301, None, ""),
        (300, None, ""),
        (299, W, "The invoice expires in 4 minutes."),
        (30, W, "The invoice expires in 30 seconds."),
        (29, D, "The invoice expires in 29 seconds, too soon to pay it safely. Send again for a fresh one."),
        (1, D, "The invoice expires in 1 second, too soon to pay it safely. Send again for a fresh one."),
    ],
)
def test_time_running_out_is_told(left: int, severity: Severity | None, words: str) -> None:
    text = mainnet(expiry=3600)
    now = NOW + 3600 - left
    assert shown(text, now).get("expires-soon") is severity
    assert severity is None or message("expires-soon", text, now) == words


@pytest.mark.parametrize(("since", "words"), [(0, "just now"), (1, "1 second ago"), (240, "4 minutes ago")])
def test_an_expired_invoice_is_refused(since: int, words: str) -> None:
    text = mainnet(expiry=60)
    assert shown(text, NOW + 60 + since) == {"expired": D}
    assert message("expired", text, NOW + 60 + since) == f"The invoice expired {words}. Send again for a fresh one."


def test_an_invoice_from_the_future_is_told_beyond_the_usual_skew() -> None:
    assert shown(mainnet(), NOW - 600) == {}
    assert shown(mainnet(), NOW - 601) == {"timestamp-in-future": W}
    assert "10 minutes in the future (2023-11-14 22:13 UTC)" in message("timestamp-in-future", mainnet(), NOW - 601)


def test_another_network_than_the_wallets_is_refused() -> None:
    assert shown(mainnet(), network=Network.MAINNET) == {}
    assert shown(mint_invoice(), network=Network.REGTEST) == {"test-network": I}
    assert shown(mainnet(), network=Network.REGTEST) == {"wrong-network": D}
    words = "The invoice is for regtest, but the wallet is on mainnet."
    assert message("wrong-network", mint_invoice(), network=Network.MAINNET) == words


def test_a_price_above_the_limit_is_told_with_both_figures() -> None:
    assert shown(mainnet(), cap=Msat(21_000)) == {}
    assert shown(mainnet(), cap=Msat(20_999)) == {"amount-above-cap": W}
    words = "21 sats is more than your limit of 10 sats."
    assert message("amount-above-cap", mainnet(), cap=Msat.of_sats(10)) == words


def test_a_changed_price_is_told_with_both_figures() -> None:
    assert shown(mainnet(), known_price=Msat(21_000)) == {}
    assert shown(mainnet(), known_price=Msat(5_000)) == {"price-changed": W}
    assert shown(mainnet(), known_price=Msat(50_000)) == {"price-changed": I}
    assert message("price-changed", mainnet(), known_price=Msat(5_000)) == "The price rose from 5 sats to 21 sats."
    assert message("price-changed", mainnet(), known_price=Msat(50_000)) == "The price fell from 50 sats to 21 sats."


def test_an_amountless_invoice_is_refused_whatever_the_limit() -> None:
    assert shown(mainnet(None), cap=Msat(0), known_price=Msat(1)) == {"amountless": D}
