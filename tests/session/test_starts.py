"""What the sandbox offers becomes requests that are ready to send."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from l402desk.client.body import JsonBody, NoBody
from l402desk.protocol.origin import Origin
from l402desk.sandbox.server import open_sandbox
from l402desk.session.starts import Start, StartsSession, _starts
from tests.fakes.io import ImmediateIo


@pytest.mark.anyio
async def test_every_endpoint_of_the_real_sandbox_is_a_request_to_its_own_origin() -> None:
    async with open_sandbox() as sandbox:
        starts = await _starts(SimpleNamespace(sandbox=sandbox))  # type: ignore[arg-type]
        assert len(starts) == len(sandbox.endpoints)
        assert all(start.group.startswith("Sandbox") for start in starts)
        for start in starts:
            assert Origin.of(start.draft.full_url()) == Origin.of(sandbox.url)
        prices = {start.name: start.price for start in starts}
        assert all(prices[endpoint.path] == endpoint.price for endpoint in sandbox.endpoints)


@pytest.mark.anyio
async def test_a_request_brings_the_body_its_endpoint_wants_and_no_other() -> None:
    async with open_sandbox() as sandbox:
        starts = await _starts(SimpleNamespace(sandbox=sandbox))  # type: ignore[arg-type]
        bodies = {(start.draft.method, start.name): start.draft.body for start in starts}
        assert any(isinstance(body, JsonBody) for body in bodies.values())
        assert all(isinstance(body, NoBody) for (method, _path), body in bodies.items() if method == "GET")


def test_without_a_sandbox_the_list_is_empty(qtbot: QtBot) -> None:
    session = StartsSession(ImmediateIo(SimpleNamespace(sandbox=None)))
    with qtbot.waitSignal(session.changed):
        session.refresh()
    assert session.starts == ()


def test_what_is_known_is_shown(qtbot: QtBot) -> None:
    from l402desk.client.request import RequestDraft

    session = StartsSession(ImmediateIo(SimpleNamespace(sandbox=None)))
    start = Start("Sandbox", "/weather", None, RequestDraft(url="http://127.0.0.1:1/weather"))
    session._show((start,))
    assert session.starts == (start,)
