"""What is behind each door, on the terms that were promised."""

from __future__ import annotations

import pytest

from l402desk.sandbox import bulk, content, media
from tests.sandbox.buyer import Buyer, a_buyer

pytestmark = pytest.mark.anyio


async def statuses(buyer: Buyer, path: str, header: dict[str, str], count: int) -> list[int]:
    return [(await buyer.client.get(path, headers=header)).status_code for _ in range(count)]


async def test_weather_is_for_one_hour_and_for_any_city() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/weather?city=Lisbon")
        assert (await buyer.client.get("/weather?city=Oslo", headers=header)).json() == content.weather("Oslo")
        buyer.clock.now += 3599
        assert await statuses(buyer, "/weather", header, 1) == [200]
        buyer.clock.now += 1
        expired = await buyer.client.get("/weather", headers=header)
        assert (expired.status_code, expired.json()["error"]) == (402, "token-expired")


async def test_quote_has_three_uses() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/quote")
        assert await statuses(buyer, "/quote", header, 4) == [200, 200, 200, 402]


async def test_once_has_one_use() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/once")
        assert await statuses(buyer, "/once", header, 2) == [200, 402]


async def test_expires_is_for_twenty_seconds() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/expires")
        buyer.clock.now += 19
        assert await statuses(buyer, "/expires", header, 1) == [200]
        buyer.clock.now += 1
        assert await statuses(buyer, "/expires", header, 1) == [402]


async def test_the_body_follows_the_tier_that_was_paid() -> None:
    async with a_buyer() as buyer:
        _, base = await buyer.buy("/premium")
        _, premium = await buyer.buy("/premium?tier=premium")
        assert (await buyer.client.get("/premium", headers=base)).json() == content.premium(0)
        assert (await buyer.client.get("/premium", headers=premium)).json() == content.premium(1)
        upgrade = await buyer.client.get("/premium?tier=premium", headers=base)
        assert (upgrade.status_code, upgrade.json()["price_sats"]) == (402, 50)


async def test_echo_says_all_but_the_credential() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/echo", "POST")
        answer = await buyer.client.post("/echo", headers={**header, "X-Mine": "1"}, content="hallo")
        said = answer.json()
        assert (said["method"], said["body"]) == ("POST", "hallo")
        assert ["x-mine", "1"] in said["headers"]
        assert "L402" not in answer.text
        binary = await buyer.client.post("/echo", headers=header, content=b"\xff\x00")
        assert binary.json()["body_base64"] == "/wA="


async def test_echo_takes_a_mebibyte_at_most() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/echo", "POST")
        answer = await buyer.client.post("/echo", headers=header, content=b"x" * (1024 * 1024 + 1))
        assert answer.status_code == 413


async def test_big_json_is_as_big_as_asked() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/big.json")
        answer = await buyer.client.get("/big.json?mb=2", headers=header)
        assert len(answer.content) == 2 * bulk.MIB == int(answer.headers["content-length"])


async def test_pictures_tones_and_events_come_with_their_types() -> None:
    async with a_buyer() as buyer:
        for path, kind, body in (
            ("/image.png", "image/png", media.png()),
            ("/audio", "audio/wav", media.wav()),
            ("/stream?every_ms=0", "text/event-stream", b"".join([e async for e in bulk.events(0)])),
        ):
            _, header = await buyer.buy(path)
            answer = await buyer.client.get(path, headers=header)
            assert answer.headers["content-type"].partition(";")[0] == kind
            assert answer.content == body


async def test_flaky_fails_once_and_keeps_the_token_good() -> None:
    async with a_buyer() as buyer:
        _, header = await buyer.buy("/flaky")
        first = await buyer.client.get("/flaky", headers=header)
        assert (first.status_code, first.headers["retry-after"]) == (503, "1")
        assert await statuses(buyer, "/flaky", header, 2) == [200, 200]


@pytest.mark.parametrize(
    "path",
    [
        "/weather?city=",
        f"/weather?city={'x' * 81}",
        "/premium?tier=gold",
        "/big.json?mb=0",
        "/big.json?mb=two",
        "/big.json?mb=9999999",
        "/stream?every_ms=1001",
        "/stream?every_ms=-1",
    ],
)
async def test_nobody_pays_for_a_parameter_that_makes_no_sense(path: str) -> None:
    async with a_buyer() as buyer:
        assert (await buyer.client.get(path)).status_code == 400
