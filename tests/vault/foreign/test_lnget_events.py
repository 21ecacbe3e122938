"""lnget's events: counts to show, and what is known of a token by its payment."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.protocol.amount import Msat
from l402desk.vault.foreign.entries import ImportRefused
from l402desk.vault.foreign.lnget_events import read_events
from tests.fakes.purchased import hash_of
from tests.vault.foreign import stores

WHEN = "2024-04-25 11:44:08 +0000 UTC"
AT = 1_714_045_448


def row(number: int, status: str = "success", *, sats: object = 21, domain: str = "api.example") -> tuple[object, ...]:
    url = f"https://{domain}/v1/data?api_key=secret"
    return (domain, url, "POST", hash_of(number).hex, sats, 1, status, 200, WHEN)


def test_payments_are_known_by_their_hash_and_counted(tmp_path: Path) -> None:
    rows = [row(1), row(2, domain="b.example"), row(3, "failed"), row(4, "pending")]
    events, history = read_events(stores.lnget_events(tmp_path / "events.db", rows))
    event = events[hash_of(1).hex]
    assert (event.amount, event.at, event.uses, event.last_status) == (Msat(21_000), AT, 1, 200)
    assert event.note == "lnget bought it for POST https://api.example/v1/data."
    assert set(events) == {hash_of(1).hex, hash_of(2).hex}
    assert (history.payments, history.failed, history.hosts) == (2, 1, 2)
    assert (history.spent, history.fees) == (Msat(42_000), Msat(2_000))


def test_the_same_payment_told_twice_is_counted_once(tmp_path: Path) -> None:
    _, history = read_events(stores.lnget_events(tmp_path / "events.db", [row(1), row(1)]))
    assert (history.payments, history.spent) == (1, Msat(21_000))


def test_rows_that_are_no_events_are_left_out_and_sums_never_overflow(tmp_path: Path) -> None:
    rows = [
        ("d", "u", "GET", "no hash", 1, 1, "success", 200, WHEN),
        ("d", b"\xff", "GET", hash_of(5).hex, 1, 1, "success", 200, WHEN),
        row(6, sats=2**63 - 1),
        row(7, sats=-5),
        row(8, sats="many"),
        ("d", "", "no method", hash_of(9).hex, 2_100_000_000_000_000, 0, "success", 99_999, "never"),
        ("d", "", "GET", hash_of(10).hex, 2_100_000_000_000_000, 0, "success", 0, WHEN),
    ]
    events, history = read_events(stores.lnget_events(tmp_path / "events.db", rows))
    assert history.payments == 5
    assert history.spent == Msat(21_000_000 * 100_000_000 * 1000)
    assert (events[hash_of(9).hex].uses, events[hash_of(9).hex].at, events[hash_of(9).hex].note) == (0, None, "")


def test_another_database_holds_no_events(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no events"):
        read_events(stores.l402sdk(tmp_path / "tokens.db", []))
