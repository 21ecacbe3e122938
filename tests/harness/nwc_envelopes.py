"""The events in which a mock wallet service answers: the right one, and what its lies put before it or in its place."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any, Protocol

from l402desk.wallets.nostr import nip44
from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import fresh_secret, public_key

RESPONSE = 23_195
QUOTA: dict[str, Any] = {"result_type": "pay_invoice", "error": {"code": "QUOTA_EXCEEDED", "message": ""}}
BALANCE: dict[str, Any] = {"result_type": "get_balance", "result": {"balance": 1}}
UNREADABLE = ("", "?iv=", "AAAA?iv=AAAA", "AgAA", "#", "\u20ac" * 200, "A" * 20_000)
NOT_JSON = ("pong", "null", "[]", "7", '{"result_type":', "9" * 5_000)
DEEP = '{"result":' + "[" * 10_000 + "]" * 10_000 + "}"


class Service(Protocol):
    @property
    def lie(self) -> str: ...

    secret: bytes
    client_key: str
    requests: list[Event]

    def answer(
        self, request: Event, speech: str, told: Any, *, by: bytes | None = None, to: str | None = None
    ) -> Event: ...


def envelopes(service: Service, request: Event, speech: str, told: dict[str, Any]) -> Iterator[Event]:
    """What is published in answer to a request to pay."""
    right = service.answer(request, speech, told)
    stranger = secrets.token_bytes(32)
    if service.lie in ("doubled", "lie-by-another", "other-method", "garbage", "not-json"):
        yield from _before(service, request, speech, right)
        yield right
        return
    instead = {
        "wrong-author": lambda: service.answer(request, speech, told, by=stranger),
        "other-request": lambda: service.answer(request, speech, told, to=service.requests[0].id),
        "no-request": lambda: _sealed(service, right.tags[:1], right.content),
        "oversized": lambda: _sealed(service, right.tags, "A" * 262_144),
        "deep": lambda: service.answer(request, speech, DEEP),
        "other-key": lambda: _sealed(service, right.tags, _for_another(service, told)),
    }
    yield instead.get(service.lie, lambda: right)()


def _before(service: Service, request: Event, speech: str, right: Event) -> Iterator[Event]:
    match service.lie:
        case "doubled":
            yield right
            yield _sealed(service, (*right.tags, ("t", "again")), right.content)
        case "lie-by-another":
            yield service.answer(request, speech, QUOTA, by=secrets.token_bytes(32))
        case "other-method":
            yield service.answer(request, speech, BALANCE)
        case "garbage":
            yield from (_sealed(service, right.tags, content) for content in UNREADABLE)
        case "not-json":
            yield from (service.answer(request, speech, text) for text in NOT_JSON)


def _sealed(service: Service, tags: Any, content: str) -> Event:
    return sign(service.secret, RESPONSE, tags, content, 1_800_000_000)


def _for_another(service: Service, told: dict[str, Any]) -> str:
    return nip44.encrypt(json.dumps(told), nip44.conversation_key(service.secret, public_key(fresh_secret())))
