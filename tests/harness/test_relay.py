"""The relay of the tests is a relay: what it does without a lie, seen by a client that knows nothing of ours."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from l402desk.wallets.nostr.event import Event, sign
from tests.harness import relay, relay_lies
from tests.harness.relay import LyingRelay
from tests.harness.relay_lies import LIES

pytestmark = pytest.mark.anyio

ONE, TWO = b"\x07" * 32, b"\x09" * 32


async def say(client: ClientConnection, *message: object) -> None:
    await client.send(json.dumps(message))


async def heard(client: ClientConnection) -> list[Any]:
    value: list[Any] = json.loads(await client.recv())
    return value


def as_object(event: Event) -> Any:
    return json.loads(event.to_json())


async def test_events_are_taken_kept_and_passed_on() -> None:
    kept, passing = sign(ONE, 1, [["t", "x"]], "kept", 5), sign(ONE, 23_194, [], "passing", 6)
    async with LyingRelay() as there, connect(there.url) as one, connect(there.url) as two:
        await say(two, "REQ", "all", {})
        assert await heard(two) == ["EOSE", "all"]
        for event in (kept, passing):
            await say(one, "EVENT", as_object(event))
            assert await heard(one) == ["OK", event.id, True, ""]
            assert await heard(two) == ["EVENT", "all", as_object(event)]
        await say(one, "REQ", "later", {"kinds": [1, 23_194], "#t": ["x"]})
        assert [await heard(one), await heard(one)] == [["EVENT", "later", as_object(kept)], ["EOSE", "later"]]
        assert there.published == [kept, passing]


async def test_of_replaceable_events_the_newest_of_each_author_is_kept() -> None:
    async with LyingRelay() as there, connect(there.url) as client:
        infos = [sign(ONE, 13_194, [], "old", 5), sign(TWO, 13_194, [], "another", 6), sign(ONE, 13_194, [], "new", 7)]
        for event in infos:
            await say(client, "EVENT", as_object(event))
            await heard(client)
        await say(client, "REQ", "a", {"kinds": [13_194]})
        assert [(await heard(client))[2]["content"] for _ in range(2)] == ["new", "another"]


async def test_a_closed_subscription_gets_nothing_more() -> None:
    async with LyingRelay() as there, connect(there.url) as client:
        await say(client, "REQ", "a", {})
        await say(client, "CLOSE", "a")
        assert await heard(client) == ["EOSE", "a"]
        event = sign(ONE, 1, [], "", 5)
        await say(client, "EVENT", as_object(event))
        assert (await heard(client))[0] == "OK"


async def test_what_is_no_event_is_refused() -> None:
    async with LyingRelay() as there, connect(there.url) as client:
        await say(client, "EVENT", {**as_object(sign(ONE, 1, [], "", 5)), "content": "other"})
        answer = await heard(client)
        assert (answer[0], answer[2]) == ("OK", False)
        assert answer[3].startswith("invalid:")
        assert there.published == []


async def test_it_listens_again_where_it_listened() -> None:
    async with LyingRelay() as there:
        port = there.port
        await there.stop()
        with pytest.raises(OSError):
            await connect(there.url)
        await there.start()
        assert there.port == port
        async with connect(there.url) as client:
            await say(client, "REQ", "a", {})
            assert await heard(client) == ["EOSE", "a"]


@pytest.mark.parametrize("lie", sorted(LIES))
def test_every_lie_is_told_somewhere(lie: str) -> None:
    source = inspect.getsource(relay) + inspect.getsource(relay_lies).partition("_GARBAGE")[2]
    assert f'"{lie}"' in source or (lie == "own-id" and lie in relay_lies.INSTEAD)


def test_an_unknown_lie_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        LyingRelay("no such lie")
