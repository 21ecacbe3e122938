"""Sending, as a policy: what goes out, what comes back, and what is refused before anything does."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import httpx
import pytest

from l402desk.client.answer import Answer
from l402desk.client.body import FileBody, FormBody, JsonBody
from l402desk.client.client import HttpClient
from l402desk.client.errors import DraftError, Kind, SendError
from l402desk.client.limits import Limits
from l402desk.client.redirects import Follow
from l402desk.client.request import Field, RequestDraft

pytestmark = pytest.mark.anyio

TOKEN = "L402 bWFjYXJvb24=:" + "ab" * 32
Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """Answers by rule and remembers what it was asked."""

    def __init__(self, handler: Handler) -> None:
        self.requests: list[httpx.Request] = []
        self._handler = handler

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._handler(request)

    def header(self, name: str, index: int = -1) -> list[str]:
        raw = self.requests[index].headers.raw
        return [value.decode("latin-1") for key, value in raw if key.lower() == name.lower().encode()]


def ok(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"fine")


async def sent(
    folder: Path,
    server: Server,
    draft: RequestDraft,
    *,
    authorization: str | None = None,
    follow: Follow = Follow.SAME_ORIGIN,
) -> Answer:
    async with HttpClient(Limits(), folder, transport=httpx.MockTransport(server)) as client:
        return await client.send(draft, authorization=authorization, follow=follow)


async def test_a_draft_goes_out_as_typed_with_the_few_headers_it_lacks(tmp_path: Path) -> None:
    server = Server(ok)
    draft = RequestDraft("post", "api.example/x?a=1", (Field("b", "2"),), (Field("X-y", "ü"),), JsonBody("{}"))
    answer = await sent(tmp_path, server, draft)
    request = server.requests[0]
    assert (request.method, str(request.url)) == ("POST", "https://api.example/x?a=1&b=2")
    assert [name for name, _value in request.headers.raw] == [
        b"Host", b"X-y", b"Content-Type", b"User-Agent", b"Accept", b"Accept-Encoding", b"Content-Length",
    ]  # fmt: skip
    assert server.header("X-Y") == ["ü"]
    assert server.header("Accept-Encoding") == ["gzip, deflate"]
    assert request.content == b"{}"
    assert (answer.status, answer.reason, answer.body.data) == (200, "OK", b"fine")
    assert answer.url == "https://api.example/x?a=1&b=2"
    assert not answer.authorization_sent


async def test_typed_headers_replace_the_defaults(tmp_path: Path) -> None:
    server = Server(ok)
    headers = (Field("user-agent", "me"), Field("ACCEPT", "a/b"), Field("accept-encoding", "br"))
    await sent(tmp_path, server, RequestDraft(url="api.example", headers=headers))
    assert server.header("User-Agent") == ["me"]
    assert server.header("Accept") == ["a/b"]
    assert server.header("Accept-Encoding") == ["br"]


async def test_a_custom_method_keeps_its_case_and_a_file_its_length(tmp_path: Path) -> None:
    file = tmp_path / "data.bin"
    file.write_bytes(b"x" * 300_000)
    server = Server(ok)
    await sent(tmp_path, server, RequestDraft("Purge", "api.example", body=FileBody(file, "image/png")))
    assert server.requests[0].method == "Purge"
    assert server.header("Content-Length") == ["300000"]
    assert server.header("Transfer-Encoding") == []
    assert server.header("Content-Type") == ["image/png"]
    assert len(server.requests[0].content) == 300_000


async def test_a_held_token_is_the_one_authorization_and_says_that_it_took_a_place(tmp_path: Path) -> None:
    server = Server(ok)
    draft = RequestDraft(url="api.example", headers=(Field("authorization", "Bearer mine"),))
    answer = await sent(tmp_path, server, draft, authorization=TOKEN)
    assert server.header("Authorization") == [TOKEN]
    assert answer.authorization_sent
    assert answer.authorization_replaced
    answer = await sent(tmp_path, server, draft)
    assert server.header("Authorization") == ["Bearer mine"]
    assert not answer.authorization_sent
    assert not answer.authorization_replaced


@pytest.mark.parametrize("url", ["http://api.example/", "http://10.0.0.5/", "http://router.local/"])
@pytest.mark.parametrize("typed", ["L402 a:b", "lsat a:b", None])
async def test_a_token_never_travels_in_the_open(tmp_path: Path, url: str, typed: str | None) -> None:
    server = Server(ok)
    headers = (Field("Authorization", typed),) if typed else ()
    with pytest.raises(SendError) as refused:
        await sent(tmp_path, server, RequestDraft(url=url, headers=headers), authorization=None if typed else TOKEN)
    assert refused.value.kind is Kind.INSECURE
    assert server.requests == []


@pytest.mark.parametrize("url", ["http://localhost:8080/", "http://127.0.0.1/", "http://[::1]/", "http://abc.onion/"])
async def test_a_token_may_go_to_this_machine_or_a_hidden_service(tmp_path: Path, url: str) -> None:
    server = Server(ok)
    answer = await sent(tmp_path, server, RequestDraft(url=url), authorization=TOKEN)
    assert answer.authorization_sent


async def test_another_scheme_over_http_is_the_user_s_own_decision(tmp_path: Path) -> None:
    server = Server(ok)
    draft = RequestDraft(url="http://api.example", headers=(Field("Authorization", "Basic eDp5"),))
    assert (await sent(tmp_path, server, draft)).status == 200


@pytest.mark.parametrize("token", ["L402 a:b\r\nX: y", "L402 a:b\x00", "L402 ä€"])
async def test_a_token_that_would_break_the_line_is_refused(tmp_path: Path, token: str) -> None:
    server = Server(ok)
    with pytest.raises(DraftError):
        await sent(tmp_path, server, RequestDraft(url="api.example"), authorization=token)
    assert server.requests == []


def to(location: str, status: int = 302) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/start":
            return httpx.Response(status, headers={"Location": location}, content=b"moved")
        return httpx.Response(200, content=b"here")

    return handler


async def test_a_redirect_at_home_keeps_the_token_and_is_listed(tmp_path: Path) -> None:
    server = Server(to("/there"))
    answer = await sent(tmp_path, server, RequestDraft(url="api.example/start"), authorization=TOKEN)
    assert answer.body.data == b"here"
    assert answer.redirects == ("https://api.example/start",)
    assert answer.url == "https://api.example/there"
    assert server.header("Authorization") == [TOKEN]


async def test_a_refused_redirect_is_an_answer_with_words(tmp_path: Path) -> None:
    server = Server(to("https://other.example/x"))
    answer = await sent(tmp_path, server, RequestDraft(url="api.example/start"))
    assert (answer.status, answer.body.data, answer.redirects) == (302, b"moved", ())
    assert answer.redirect_refused is not None
    assert "https://other.example/x" in answer.redirect_refused
    assert answer.trouble is not None
    assert answer.trouble.kind is Kind.REDIRECT_REFUSED
    assert len(server.requests) == 1


async def test_a_circle_ends_with_the_answer_that_closed_it(tmp_path: Path) -> None:
    answer = await sent(tmp_path, Server(to("/start#x")), RequestDraft(url="api.example/start"))
    assert answer.trouble is not None
    assert answer.trouble.kind is Kind.REDIRECT_LOOP


async def test_a_client_follows_as_far_as_it_was_told(tmp_path: Path) -> None:
    server = Server(to("/new"))
    async with HttpClient(Limits(), tmp_path, transport=httpx.MockTransport(server)) as client:
        client.follow = Follow.NEVER
        stopped = await client.send(RequestDraft(url="api.example/start"))
        client.follow = Follow.SAME_ORIGIN
        followed = await client.send(RequestDraft(url="api.example/start"))
    assert (stopped.url, stopped.status) == ("https://api.example/start", 302)
    assert "switched off" in (stopped.redirect_refused or "")
    assert followed.url == "https://api.example/new"


async def test_following_anywhere_takes_no_secret_along(tmp_path: Path) -> None:
    server = Server(to("https://other.example/x"))
    headers = (Field("X-Api-Key", "k"), Field("Accept", "a/b"), Field("Cookie", "c=d"), Field("Referer", "r"))
    draft = RequestDraft(url="api.example/start?key=k", headers=headers)
    answer = await sent(tmp_path, server, draft, authorization=TOKEN, follow=Follow.ANY)
    assert answer.url == "https://other.example/x"
    assert not answer.authorization_sent
    assert [name.lower() for name, _value in server.requests[1].headers.raw] == [
        b"host", b"accept", b"user-agent", b"accept-encoding",
    ]  # fmt: skip


async def test_a_body_goes_along_where_the_status_says_so(tmp_path: Path) -> None:
    form = FormBody((Field("a", "b"),))
    server = Server(to("/there", 307))
    await sent(tmp_path, server, RequestDraft("POST", "api.example/start", body=form))
    assert (server.requests[1].method, server.requests[1].content) == ("POST", b"a=b")
    server = Server(to("/there", 303))
    await sent(tmp_path, server, RequestDraft("POST", "api.example/start", body=form))
    assert (server.requests[1].method, server.requests[1].content) == ("GET", b"")
    assert server.header("Content-Type") == []


async def test_no_cookie_referer_or_password_outlives_its_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.example login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    def sets_cookie(request: httpx.Request) -> httpx.Response:
        status = 302 if request.url.path == "/start" else 200
        return httpx.Response(status, headers={"Set-Cookie": "a=b; Path=/", "Location": "/there"})

    server = Server(sets_cookie)
    async with HttpClient(Limits(), tmp_path, transport=httpx.MockTransport(server)) as client:
        await client.send(RequestDraft(url="api.example/start"))
        answer = await client.send(RequestDraft(url="api.example/start"))
    assert len(server.requests) == 4
    assert answer.header_values("set-cookie") == ("a=b; Path=/",)
    for index in range(4):
        assert [server.header(name, index) for name in ("Cookie", "Referer", "Authorization")] == [[], [], []]


def _with_headers(headers: list[tuple[str, str]], _request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=headers)


async def test_a_header_block_beyond_the_limits_is_an_error_in_words(tmp_path: Path) -> None:
    for headers in ([("a", "b")] * 201, [("a", "b" * 60_000)] * 2):
        server = Server(partial(_with_headers, headers))
        with pytest.raises(SendError) as refused:
            await sent(tmp_path, server, RequestDraft(url="api.example"))
        assert refused.value.kind is Kind.TOO_LARGE


async def test_another_protocol_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(SendError) as refused:
        await sent(tmp_path, Server(lambda _request: httpx.Response(101)), RequestDraft(url="api.example"))
    assert refused.value.kind is Kind.BAD_ANSWER


async def test_a_bad_draft_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    server = Server(ok)
    for draft in (
        RequestDraft(),
        RequestDraft("A B", "api.example"),
        RequestDraft(url="api.example", headers=(Field("A", "b\r\nC: d"),)),
        RequestDraft(url="api.example", body=FileBody(tmp_path / "absent")),
    ):
        with pytest.raises(DraftError):
            await sent(tmp_path, server, draft)
    assert server.requests == []


async def test_the_library_s_talkative_logs_are_quiet(tmp_path: Path) -> None:
    async with HttpClient(Limits(), tmp_path, transport=httpx.MockTransport(ok)):
        for name in ("httpx", "httpcore.connection", "httpcore.http11"):
            assert not logging.getLogger(name).isEnabledFor(logging.INFO)


async def test_a_foreign_error_never_leaves_the_client(tmp_path: Path) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("connection reset")

    with pytest.raises(SendError) as refused:
        await sent(tmp_path, Server(fail), RequestDraft(url="api.example"))
    assert refused.value.kind is Kind.DROPPED


async def test_a_body_that_breaks_off_is_kept_and_flagged(tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield json.dumps({"paid": True}).encode()
        raise httpx.ReadError("reset")

    answer = await sent(
        tmp_path, Server(lambda _r: httpx.Response(200, content=breaks())), RequestDraft(url="a.example")
    )
    assert answer.body.data == b'{"paid": true}'
    assert not answer.body.complete
    assert answer.trouble is not None
    assert answer.trouble.kind is Kind.DROPPED
