"""Each event that was wanted is delivered once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.subscription import MOST_REMEMBERED, Subscription

SECRET = b"\x07" * 32
NOW = 1_700_000_000


def event(number: int = 0, kind: int = 23_195) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(sign(SECRET, kind, [], str(number), NOW).to_json())
    return value


def subscribed(**more: Any) -> tuple[Subscription, list[Event]]:
    got: list[Event] = []
    return Subscription({"kinds": [23_195], **more}, got.append, lambda _: None, lambda: NOW), got


def test_an_event_is_delivered_once_however_often_it_comes() -> None:
    subscription, got = subscribed()
    assert subscription.offer(event(1))
    assert not subscription.offer(event(1))
    assert subscription.offer(event(2))
    assert [one.content for one in got] == ["1", "2"]


def test_a_forged_event_does_not_hide_the_real_one_of_its_id() -> None:
    subscription, got = subscribed()
    assert not subscription.offer({**event(1), "sig": event(2)["sig"]})
    assert subscription.offer(event(1))
    assert len(got) == 1


@pytest.mark.parametrize("value", [None, [], {"id": []}, {"id": "x"}, "event", event(kind=1)])
def test_what_was_not_asked_for_is_not_delivered(value: object) -> None:
    subscription, got = subscribed()
    assert not subscription.offer(value)
    assert got == []


def test_what_is_older_than_asked_for_or_of_the_far_future_is_not_delivered() -> None:
    subscription, got = subscribed(since=NOW - 60)
    for at in (NOW - 61, NOW + 86_400):
        assert not subscription.offer(json.loads(sign(SECRET, 23_195, [], "", at).to_json()))
    assert got == []


def test_it_does_not_remember_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    subscription, _ = subscribed()
    for number in range(MOST_REMEMBERED + 10):
        subscription._remember(f"{number:064}")
    assert len(subscription._known) == MOST_REMEMBERED


def test_its_name_says_nothing_and_is_never_the_same() -> None:
    names = {subscribed()[0].id for _ in range(50)}
    assert len(names) == 50
    assert all(len(name) == 16 for name in names)


def test_it_forgets_what_a_relay_said_whose_connection_ended() -> None:
    subscription, _ = subscribed()
    subscription.heard.add("a")
    subscription.refused["b"] = "error: no"
    subscription.leave("a")
    subscription.leave("b")
    assert not subscription.heard
    assert not subscription.refused


def test_what_is_no_filter_is_no_subscription() -> None:
    with pytest.raises(ValueError):
        Subscription({"kind": [1]}, print, lambda _: None)
