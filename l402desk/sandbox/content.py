"""What the sandbox sells: weather, quotes and the rest, the same for the same question."""

from __future__ import annotations

import hashlib
from typing import Any

LONGEST_CITY = 80
SKIES = ("clear", "partly cloudy", "overcast", "light rain", "showers", "fog", "thunderstorm", "snow")
QUOTES = (
    "A receipt nobody can forge is worth more than a promise everybody makes.",
    "Read the price before the product.",
    "What was paid for once should be asked for twice.",
    "The cheapest request is the one whose answer you kept.",
    "Trust the hash; the rest is conversation.",
)

Json = dict[str, Any]


def weather(city: str) -> Json:
    """A report that looks real and depends on the city's name alone: people and tests can compare."""
    dice = hashlib.sha256(city.casefold().encode()).digest()
    base = -5 + dice[0] % 33
    return {
        "city": city,
        "temperature_c": round(base + dice[1] / 256, 1),
        "feels_like_c": round(base + dice[1] / 256 - dice[3] % 4, 1),
        "humidity_percent": 30 + dice[2] % 66,
        "wind": {"speed_kmh": dice[3] % 55, "direction_degrees": dice[4] * 360 // 256},
        "pressure_hpa": 985 + dice[5] % 50,
        "conditions": SKIES[dice[6] % len(SKIES)],
        "forecast": [
            {
                "day": day,
                "low_c": base - 2 - dice[7 + day] % 5,
                "high_c": base + 2 + dice[11 + day] % 6,
                "conditions": SKIES[dice[15 + day] % len(SKIES)],
            }
            for day in (1, 2, 3)
        ],
        "source": "made up by the sandbox",
    }


def quote(number: int) -> Json:
    return {"quote": QUOTES[number % len(QUOTES)], "author": "the sandbox"}


def premium(tier: int) -> Json:
    """Fee estimates: the base tier has one, the premium tier has them all."""
    report: Json = {"tier": "premium" if tier else "base", "next_block_sat_per_vbyte": 12}
    if tier:
        report |= {
            "half_hour_sat_per_vbyte": 9,
            "hour_sat_per_vbyte": 6,
            "day_sat_per_vbyte": 2,
            "mempool": {"transactions": 41_532, "megabytes": 87.4, "minimum_sat_per_vbyte": 1.0},
        }
    return report
