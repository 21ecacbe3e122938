"""Misbehaviour bends how an answer goes out, ends when the client goes, and leaves other paths alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from l402desk.sandbox import misbehaviour
from l402desk.sandbox.misbehaviour import HUGE, Misbehaving
from tests.sandbox.served import raw_bytes, serving

pytestmark = pytest.mark.anyio
SCOPE = {"type": "http", "path": "/paid"}


async def plain(_: Scope, __: Receive, send: Send) -> None:
    """An application that says "hello" in two pieces."""
    headers = [(b"content-length", b"5"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 402, "headers": headers})
    await send({"type": "http.response.body", "body": b"hel", "more_body": True})
    await send({"type": "http.response.body", "body": b"lo"})


async def said(*quirks: str, path: str = "/paid", receive: Receive | None = None) -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    bent = Misbehaving(plain, frozenset(quirks), "/paid".__eq__, drip_s=0)
    await bent({**SCOPE, "path": path}, receive or gone, send)
    return messages


def body(messages: list[Message]) -> bytes:
    return b"".join(m.get("body", b"") for m in messages if m["type"] == "http.response.body")


def headers(messages: list[Message]) -> dict[bytes, bytes]:
    return dict(messages[0]["headers"])


async def test_other_paths_are_left_alone() -> None:
    usual = await said()
    assert await said("hangs", "gzip-bomb", "slow-body", "huge-header", path="/free") == usual


async def test_a_slow_body_comes_byte_by_byte_and_complete() -> None:
    messages = await said("slow-body")
    assert body(messages) == b"hello"
    assert max(len(m.get("body", b"")) for m in messages) == 1
    assert messages[-1]["more_body"] is False


async def test_a_huge_header_is_added() -> None:
    assert len(headers(await said("huge-header"))[b"x-padding"]) == HUGE


async def test_the_bomb_replaces_the_body_and_nothing_else() -> None:
    messages = await said("gzip-bomb")
    assert [m["type"] for m in messages] == ["http.response.start", "http.response.body"]
    assert messages[0]["status"] == 402
    assert headers(messages)[b"content-length"] == b"%d" % len(body(messages))
    assert headers(messages)[b"content-type"] == b"text/plain"


async def test_who_hangs_says_nothing_until_the_client_goes() -> None:
    events: asyncio.Queue[Message] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(said("hangs", receive=events.get))
        await events.put({"type": "http.request"})
        await asyncio.sleep(0.01)
        assert not task.done()
        await events.put({"type": "http.disconnect"})
    assert task.result() == []


@pytest.mark.parametrize("quirk", ["hangs", "slow-body", "slow-headers"])
async def test_nothing_lasts_beyond_its_bound(quirk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misbehaviour, "LONGEST_S", 0.3)
    async with serving(quirk) as (sandbox, _):
        _, ended = await raw_bytes(sandbox, "/weather", patience_s=5)
        assert ended


async def test_slow_headers_are_the_real_ones_in_the_end() -> None:
    written = bytearray()

    class Line:
        """A transport that remembers."""

        closing = False

        def write(self, data: bytes) -> None:
            assert not self.closing
            written.extend(data)

        def close(self) -> None:
            self.closing = True

        def is_closing(self) -> bool:
            return self.closing

    async def nothing(*_: Any) -> Any:
        return {"type": "http.disconnect"}

    bent = Misbehaving(plain, frozenset({"slow-headers"}), "/paid".__eq__, drip_s=0)
    await bent({**SCOPE, misbehaviour.TRANSPORT: Line()}, nothing, nothing)
    head, _, rest = bytes(written).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 402 Payment Required\r\nconnection: close\r\n")
    assert b"content-type: text/plain" in head
    assert rest == b"hel"
