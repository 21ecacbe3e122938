"""The same question gets the same answer, and it looks like one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from l402desk.sandbox import content


@given(st.text(min_size=1, max_size=80))
def test_weather_is_plausible_everywhere(city: str) -> None:
    report = content.weather(city)
    assert report == content.weather(city)
    assert -10 <= report["temperature_c"] <= 30
    assert 0 <= report["humidity_percent"] <= 100
    assert 0 <= report["wind"]["direction_degrees"] < 360
    assert all(day["low_c"] < day["high_c"] for day in report["forecast"])
    assert report["conditions"] in content.SKIES


def test_cities_differ_and_their_spelling_does_not_matter() -> None:
    lisbon, oslo = content.weather("Lisbon"), content.weather("Oslo")
    assert lisbon["pressure_hpa"] != oslo["pressure_hpa"]
    assert content.weather("LISBON") == {**lisbon, "city": "LISBON"}


def test_quotes_go_round() -> None:
    count = len(content.QUOTES)
    assert content.quote(0) == content.quote(count)
    assert len({content.quote(number)["quote"] for number in range(count)}) == count


def test_premium_has_what_base_has_and_more() -> None:
    base, premium = content.premium(0), content.premium(1)
    assert (base["tier"], premium["tier"]) == ("base", "premium")
    assert base.keys() < premium.keys()
