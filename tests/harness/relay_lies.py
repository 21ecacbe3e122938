"""The lies of the hostile relay: what it can be told to do with what passes through it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

from l402desk.wallets.nostr.event import Event, canonical, sign

LIES = {
    # events that are not what they seem, in place of the real ones
    "forged-signature": "the signature is another one",
    "no-signature": "the signature is missing",
    "changed-content": "the content is another one, id and signature stay",
    "own-id": "the content is another one, with the id that belongs to it, and the old signature",
    "wrong-id": "the id is another one",
    "wrong-author": "the same event, signed rightly by somebody else",
    "foreign-subscription": "under a subscription id that nobody asked for",
    # real events, handled badly
    "forged-first": "the forged event, then the real one with the same id",
    "replay": "before each event, the oldest one that ever passed is sent again",
    "unasked": "before each event, all stored ones, whatever was asked for",
    "late": "after ``delay_s``",
    "doubled": "three times",
    "reordered": "two by two, the second one first",
    "swallows": "takes events of clients, says OK, and passes none on",
    "loses": "passes no event on to clients",
    # what is no event at all, before each real one
    "garbage": "texts that are no JSON, no array, no message",
    "binary": "binary frames",
    "deep": "arrays in arrays, very deep",
    "numbers": "numbers of a hundred thousand digits, NaN and infinity",
    "surrogates": "an event with half a character",
    "oversized": "a message of a mebibyte",
    "fragments": "one message in fragments without an end",
    # floods that begin when somebody subscribes
    "endless": "notices without an end",
    "endless-forged": "forged events without an end",
    "endless-pings": "pings without an end",
    "endless-large": "large useless messages without an end",
    # subscriptions
    "never-eose": "never says that all stored events were sent",
    "silent": "takes everything and says nothing: no EOSE, no OK",
    "closed": "closes every subscription: “error: no room”",
    "closes-later": "closes every subscription after its first event",
    # events of clients
    "ok-false": "says “blocked: not you”, and does not pass it on",
    "ok-false-but-passes": "says “blocked: not you”, and passes it on",
    "duplicate": "says no with “duplicate: exists”, and passes it on",
    "never-ok": "passes it on and says nothing",
    "foreign-ok": "says OK of another event only",
    "accepts-then-closes": "says OK, passes it on, closes the connection",
    "drops-after": "passes it on, and the connection breaks without an answer",
    "drops-before": "the connection breaks, and nothing is passed on",
    # connections
    "slow-handshake": "greets after ``delay_s``",
    "hangs-up": "closes each connection as soon as it is open",
    "redirect": "sends whoever connects to ``elsewhere``",
    "page": "answers with a page of HTML",
    "never-closes": "does not answer a closing handshake",
    # keys (NIP-42)
    "auth": "wants our key proven for subscriptions and events, and gives the challenge at once",
    "auth-late": "the same, with the challenge after the refusal",
    "auth-for-reading": "wants our key proven for subscriptions alone",
    "auth-again": "wants our key proven, takes the proof, and wants it proven all the same",
    "auth-refused": "wants our key proven, and then says “restricted: members only”",
    "auth-without-challenge": "wants our key proven and never says how",
    "auth-endless": "challenges without an end",
}

_GARBAGE = ("", "{", "null", "[]", "{}", '"EVENT"', "[1]", '["EVENT"]', '["OK"]', '["OK",1,2,3]', '["EOSE",{}]')
_GARBAGE_FOR_US = (
    '["EVENT","NAME"]',
    '["EVENT","NAME",null]',
    '["EVENT","NAME",[]]',
    '["EVENT","NAME",{"id":[],"tags":[[1]]}]',
    '["CLOSED"]',
    '["AUTH",null]',
    '["NOTICE",[]]',
    '["",""]',
)
INSTEAD = ("forged-signature", "no-signature", "changed-content", "own-id", "wrong-id", "wrong-author")


def as_object(event: Event) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(event.to_json())
    return value


def falsified(lie: str, event: Event) -> dict[str, Any]:
    """What is sent in place of the event."""
    value = as_object(event)
    stranger = sign(secrets.token_bytes(32), event.kind, event.tags, event.content, event.created_at)
    if lie == "wrong-author":
        return as_object(stranger)
    if lie == "forged-signature":
        value["sig"] = stranger.sig
    elif lie == "no-signature":
        del value["sig"]
    elif lie == "wrong-id":
        value["id"] = stranger.id
    else:
        value["content"] += "A"
    if lie == "own-id":
        text = canonical(event.pubkey, event.created_at, event.kind, event.tags, value["content"])
        value["id"] = hashlib.sha256(text.encode()).hexdigest()
    return value


def before_it(lie: str, name: str, event: Event, passed: list[Event], kept: list[Event]) -> Iterator[str | bytes]:
    """What is sent before the event, ``name`` being its subscription."""
    if lie == "forged-first":
        yield json.dumps(["EVENT", name, falsified("forged-signature", event)])
    elif lie == "replay" and passed:
        yield json.dumps(["EVENT", name, as_object(passed[0])])
    elif lie == "unasked":
        yield from (json.dumps(["EVENT", name, as_object(old)]) for old in kept)
    elif lie == "binary":
        yield json.dumps(["EVENT", name, as_object(event)]).encode()
        yield b"\xff\xfe\x00"
    elif lie == "deep":
        yield "[" * 100_000
        yield f'["EVENT","{name}",' + "[" * 50_000 + "]" * 50_000 + "]"
    elif lie == "oversized":
        yield json.dumps(["EVENT", name, {**as_object(event), "content": "x" * 1_048_576}])
    elif lie == "surrogates":
        yield json.dumps(["EVENT", name, {**as_object(event), "content": "\ud800"}])
    elif lie == "numbers":
        yield f'["EVENT","{name}",{{"created_at":{"9" * 100_000}}}]'
        yield f'["EVENT","{name}",{{"kind":NaN,"created_at":-Infinity}}]'
        yield json.dumps(["EVENT", name, {**as_object(event), "created_at": 1e300, "kind": True}])
    elif lie == "garbage":
        yield from (*_GARBAGE, *(text.replace("NAME", name) for text in _GARBAGE_FOR_US))


async def endless_fragments() -> AsyncIterator[str]:
    """One message that never ends, in pieces that hold nothing."""
    while True:
        yield ""
        await asyncio.sleep(0)
