"""The request that goes out, before a transport sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from l402desk.client.body import FileBody
from l402desk.client.errors import DraftError, Kind, SendError
from l402desk.client.limits import Limits
from l402desk.client.outgoing import build_request, first_hop, types_authorization
from l402desk.client.request import Field, RequestDraft

TYPED = RequestDraft(url="a.example/x?y", headers=(Field("AUTHORIZATION", "Bearer mine"), Field("A", "b")))


async def no_trace(_event: str, _info: Mapping[str, Any]) -> None:
    """Nobody listens."""


def test_a_held_token_takes_the_place_of_a_typed_one() -> None:
    assert types_authorization(TYPED)
    assert first_hop(TYPED, None).headers == (("AUTHORIZATION", "Bearer mine"), ("A", "b"))
    assert first_hop(TYPED, "L402 a:b").headers == (("A", "b"),)
    assert not types_authorization(RequestDraft(url="a.example"))


def test_a_token_is_refused_in_the_open_whoever_brings_it() -> None:
    draft = RequestDraft(url="http://a.example", headers=(Field("Authorization", "LSAT a:b"),))
    for authorization in ("L402 a:b", None):
        with pytest.raises(SendError) as refused:
            first_hop(draft, authorization)
        assert refused.value.kind is Kind.INSECURE
        assert "a:b" not in str(refused.value)


@pytest.mark.anyio
async def test_the_token_goes_along_at_home_only() -> None:
    home = first_hop(TYPED, "L402 a:b")
    at_home = await build_request(home, "L402 a:b", Limits(), no_trace)
    assert at_home.headers.get_list("Authorization") == ["L402 a:b"]
    abroad = await build_request(replace(home, home=False), "L402 a:b", Limits(), no_trace)
    assert "Authorization" not in abroad.headers
    assert abroad.extensions["wire_target"] == b"/x?y"
    assert abroad.extensions["timeout"]["read"] == Limits().idle_s


@pytest.mark.anyio
async def test_a_file_is_measured_when_it_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "a"
    hop = first_hop(RequestDraft("PUT", "a.example", body=FileBody(file)), None)
    with pytest.raises(DraftError):
        await build_request(hop, None, Limits(), no_trace)
    file.write_bytes(b"12345")
    request = await build_request(hop, None, Limits(), no_trace)
    assert request.headers["Content-Length"] == "5"
    assert "Transfer-Encoding" not in request.headers
