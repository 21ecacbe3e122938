from __future__ import annotations

import pytest

from l402desk.protocol.payment import Failed, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.quiet import OLD_S, Quiet, confirmed

ONE, OTHER = PaymentHash(b"\x01" * 32), PaymentHash(b"\x02" * 32)
TRIES_S = 60.0
NOW = 1_700_000_000.0


class Clock:
    def __init__(self) -> None:
        self.seconds = 5.0

    def __call__(self) -> float:
        return self.seconds


def at_rest() -> tuple[Quiet, Clock]:
    clock = Clock()
    return Quiet(TRIES_S, clock, lambda: NOW), clock


def test_an_order_that_was_answered_is_over() -> None:
    quiet, _ = at_rest()
    quiet.begins(ONE)
    assert not quiet.reigns(ONE, None)
    quiet.ends(ONE)
    assert quiet.reigns(ONE, None)


def test_an_order_without_an_answer_may_go_on_for_as_long_as_the_wallet_tries() -> None:
    quiet, clock = at_rest()
    quiet.begins(ONE)
    clock.seconds += TRIES_S - 0.1
    assert not quiet.reigns(ONE, None)
    clock.seconds += 0.1
    assert quiet.reigns(ONE, None)


def test_an_order_that_this_run_never_saw_counts_from_the_first_look() -> None:
    quiet, clock = at_rest()
    clock.seconds += 1_000
    assert not quiet.reigns(ONE, NOW - 5)
    clock.seconds += TRIES_S
    assert not quiet.reigns(OTHER, None)
    assert quiet.reigns(ONE, NOW - 5)


def test_what_ended_long_ago_is_over_unless_this_run_ordered_it_again() -> None:
    quiet, _ = at_rest()
    assert quiet.reigns(ONE, NOW - OLD_S - 1)
    assert not quiet.reigns(OTHER, NOW - OLD_S + 1)
    quiet.begins(ONE)
    assert not quiet.reigns(ONE, NOW - OLD_S - 1)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("found", "result", "pauses"),
    [
        ([None], None, []),
        ([Unknown("on its way")], Unknown("on its way"), []),
        ([Failed("no"), Unknown("on its way")], Unknown("on its way"), [0.5]),
        ([Failed("no"), Failed("no"), None], None, [0.5, 1.5]),
        ([Failed("no"), Failed("no"), Failed("no")], Failed("no"), [0.5, 1.5]),
    ],
)
async def test_failed_is_believed_when_it_is_said_each_time(
    found: list[PaymentResult | None], result: PaymentResult | None, pauses: list[float]
) -> None:
    slept: list[float] = []

    async def look_up() -> PaymentResult | None:
        return found.pop(0)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    assert await confirmed(look_up, (0.5, 1.5), sleep) == result
    assert slept == pauses
    assert found == []
