"""Useless messages are borne for a while."""

from __future__ import annotations

from l402desk.wallets.nostr.patience import AGAIN_A_SECOND, BYTES_A_POINT, MOST, Patience


def test_a_flood_ends_it_and_quiet_restores_it() -> None:
    now = 0.0
    patience = Patience(lambda: now)
    borne = 0
    while patience.bears(0):
        borne += 1
    assert borne == MOST - 1
    now += 10.0
    assert sum(patience.bears(0) for _ in range(1_000)) == int(10 * AGAIN_A_SECOND) - 1


def test_long_messages_end_it_sooner() -> None:
    patience = Patience(lambda: 0.0)
    assert sum(patience.bears(64 * BYTES_A_POINT) for _ in range(100)) == 15


def test_an_honest_relay_never_ends_it() -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 1.0
        return now

    patience = Patience(clock)
    assert all(patience.bears(500) for _ in range(10_000))
