"""Caveats can only narrow, and what is unknown is skipped."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.sandbox.caveats import Allowance, weigh
from l402desk.sandbox.refusal import Refused


def test_no_caveat_allows_everything_in_the_base_tier() -> None:
    assert weigh([], "weather") == Allowance()


def test_each_condition_is_read() -> None:
    caveats = [
        "services=weather:1,quote:0",
        "weather_valid_until=200",
        "weather_max_uses=3",
        "order_id=ord_1",
    ]
    assert weigh(caveats, "weather") == Allowance(1, 200, 3, "ord_1")


def test_boltwalls_expiry_is_in_milliseconds() -> None:
    assert weigh(["expiration=200999"], "weather").valid_until == 200


def test_another_services_limits_do_not_concern_this_one() -> None:
    assert weigh(["quote_max_uses=3", "quote_valid_until=1"], "weather") == Allowance()


def test_an_unknown_condition_is_skipped_as_aperture_does() -> None:
    assert weigh(["preimage=00ff", "moon=full", "no equals sign", ""], "weather") == Allowance()


@pytest.mark.parametrize(
    "caveats",
    [
        ["weather_valid_until=200", "weather_valid_until=100"],
        ["weather_valid_until=100", "weather_valid_until=100"],
        ["weather_max_uses=3", "weather_max_uses=1"],
        ["services=weather:1,quote:0", "services=weather:1"],
        ["services=weather:1", "services=weather:0"],
        ["order_id=a", "order_id=a"],
    ],
)
def test_a_repeated_condition_may_narrow(caveats: list[str]) -> None:
    assert weigh(caveats, "weather") == weigh(caveats[1:], "weather")


@pytest.mark.parametrize(
    "caveats",
    [
        ["weather_valid_until=100", "weather_valid_until=101"],
        ["expiration=100000", "expiration=200000"],
        ["weather_max_uses=1", "weather_max_uses=2"],
        ["services=quote:0", "services=weather:0"],
        ["services=weather:0", "services=weather:1"],
        ["order_id=a", "order_id=b"],
    ],
)
def test_a_repeated_condition_may_not_widen(caveats: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        weigh(caveats, "weather")
    assert refused.value.code == "caveat-widened"


def test_a_token_for_another_service_is_refused() -> None:
    with pytest.raises(Refused, match="for quote, not for weather"):
        weigh(["services=quote:0"], "weather")


@pytest.mark.parametrize("caveat", ["weather_valid_until=soon", "weather_max_uses=-1", "services=weather:x"])
def test_a_number_that_is_none_is_refused(caveat: str) -> None:
    with pytest.raises(Refused) as refused:
        weigh([caveat], "weather")
    assert refused.value.code == "caveat-unreadable"


@given(st.lists(st.text(max_size=40), max_size=6))
def test_whatever_is_written_is_weighed_or_refused(caveats: list[str]) -> None:
    prefixed = [f"{name}={text}" for name, text in zip(("services", "weather_max_uses"), caveats, strict=False)]
    for written in (caveats, prefixed):
        with suppress(Refused):
            weigh(written, "weather")
