from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from l402desk.wallets import electrum_rpc
from l402desk.wallets.asking import Reply
from l402desk.wallets.connection import read_connection
from l402desk.wallets.electrum_rpc import ElectrumRpc, was_not_taken
from l402desk.wallets.errors import NoAnswer, NotReached
from tests.fakes.raw_server import RawServer, response
from tests.wallets.lying import nobody

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def answering(*answers: bytes, login: str = "user:pass") -> AsyncIterator[tuple[ElectrumRpc, RawServer]]:
    """A server of our words; each script is one answer, the last one for ever."""
    async with RawServer(*([answer] for answer in answers)) as server:
        at = server.url.removeprefix("http://")
        yield ElectrumRpc(read_connection(f"electrum+http://{login}@{at}"), nobody, None), server


async def test_a_command_is_json_with_named_parameters_and_our_password() -> None:
    async with answering(response(b'{"result": 7}'), login="m%C3%BC:p%3A%20ss") as (rpc, server):
        await rpc.ask("get_invoice", {"invoice_id": "ab"})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    login = base64.b64encode("mü:p: ss".encode()).decode()
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert f"Authorization: Basic {login}".lower() in head.decode().lower()
    assert json.loads(body) == {"jsonrpc": "2.0", "id": 1, "method": "get_invoice", "params": {"invoice_id": "ab"}}


async def test_the_password_stays_at_home_where_it_is_not_to_be_shown() -> None:
    async with answering(response(b'{"result": 7}')) as (rpc, server):
        await rpc.ask("version", with_password=False)
    assert b"uthorization" not in server.requests[0]


@pytest.mark.parametrize("result", [None, 7, [], {"a": 1}, "text"])
async def test_a_result_is_given_whatever_it_is(result: object) -> None:
    async with answering(response(json.dumps({"result": result, "error": None}).encode())) as (rpc, _):
        assert await rpc.told("version") == result
        assert await rpc.told_soon("version") == result


@pytest.mark.parametrize("result", [None, 7, [], "text"])
async def test_fields_are_an_object_or_an_error(result: object) -> None:
    async with answering(response(json.dumps({"result": result}).encode())) as (rpc, _):
        with pytest.raises(NoAnswer, match="does not tell getinfo"):
            await rpc.told_fields("getinfo")
    async with answering(response(b'{"result": {"version": "4.3.4"}}')) as (rpc, _):
        assert await rpc.told_fields("getinfo") == {"version": "4.3.4"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (response(b"Forbidden", status="403 Forbidden"), "does not accept this user and password"),
        (response(b"Unauthorized", status="401 Unauthorized"), "does not accept this user and password"),
        (response(b"Invalid Request", status="500 Oops"), "lacks a command"),
        (response(b"Internal Server Error", status="500 Oops"), "status 500, and not as Electrum does"),
        (response(b'{"error": "x"}', status="502 Bad Gateway"), "status 502, and not as Electrum does"),
        (response(b'{"error": {"code": 1, "message": "wallet not loaded"}}'), "no wallet open"),
        (response(b'{"error": {"code": 1, "message": "some trouble"}}'), "Electrum answered: some trouble."),
        (response(b"{}"), "says nothing"),
        (response(b"<h1>Hello</h1>"), "no JSON"),
        (response(b"[]"), "unexpected"),
    ],
)
async def test_what_is_no_result_is_told_why(answer: bytes, said: str) -> None:
    async with answering(answer) as (rpc, _):
        with pytest.raises(NoAnswer, match=said):
            await rpc.told("version")


async def test_paying_has_its_own_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(electrum_rpc, "PAY_S", 0.2)
    async with RawServer([]) as server:  # it listens, and says nothing
        rpc = ElectrumRpc(read_connection(f"electrum+{server.url.replace('//', '//a:b@')}"), nobody, None)
        with pytest.raises(NoAnswer):
            await rpc.pay({"invoice": "x"})
    with pytest.raises(NotReached, match="nothing listens there"):
        await rpc.pay({"invoice": "x"})


@pytest.mark.parametrize(
    ("status", "body", "not_taken"),
    [
        (401, b"", True),
        (403, b"Forbidden", True),
        (404, b"", True),
        (405, b"", True),
        (500, b"Invalid Request\n", True),
        (500, b"Internal Server Error", False),
        (502, b"Invalid Request", False),
        (400, b"", False),
        (200, b"Invalid Request", False),
    ],
)
def test_some_answers_come_before_any_command_is_read(status: int, body: bytes, not_taken: bool) -> None:
    assert was_not_taken(Reply(status, body)) is not_taken


async def test_an_electrum_that_repeats_the_password_does_not_get_it_shown() -> None:
    login = base64.b64encode(b"user:0c7b3f1e5a").decode()
    said = {"error": {"code": 1, "message": f"user:0c7b3f1e5a ({login}) failed"}}
    async with answering(response(json.dumps(said).encode()), login="user:0c7b3f1e5a") as (rpc, _):
        with pytest.raises(NoAnswer, match=r"user:… \(…\) failed"):
            await rpc.told("version")
