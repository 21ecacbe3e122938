"""Sending over a real socket, to servers that are slow, endless, broken or hostile."""

from __future__ import annotations

import asyncio
import gzip
import resource
import socket
from pathlib import Path
from typing import Any

import pytest

from l402desk.client import client as client_module
from l402desk.client.answer import Answer
from l402desk.client.body import FileBody, JsonBody
from l402desk.client.client import HttpClient
from l402desk.client.errors import DraftError, Kind, SendError
from l402desk.client.limits import MIB, Limits
from l402desk.client.redirects import Follow
from l402desk.client.request import Field, RequestDraft
from tests.fakes.raw_server import Drip, Flood, Pause, RawServer, Reset, Step, response

pytestmark = pytest.mark.anyio

QUICK = Limits(total_s=0.6, idle_s=0.3, connect_s=0.3)
HEAD = b"HTTP/1.1 200 OK\r\n"


async def answered(folder: Path, *script: Step, limits: Limits = QUICK, draft: RequestDraft | None = None) -> Answer:
    async with RawServer(script) as server, HttpClient(limits, folder) as client:
        return await client.send(draft or RequestDraft(url=server.url))


async def trouble(folder: Path, *script: Step, limits: Limits = QUICK) -> Kind:
    """The kind of what went wrong, told by the answer or raised instead of it."""
    try:
        answer = await answered(folder, *script, limits=limits)
    except SendError as error:
        return error.kind
    assert answer.trouble is not None
    assert not answer.body.complete
    answer.body.discard()
    return answer.trouble.kind


def bodies(folder: Path) -> list[Path]:
    return list(folder.glob("*.body"))


def resident_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# What goes out


async def test_exactly_these_lines_go_out(tmp_path: Path) -> None:
    async with RawServer([response(b"ok")]) as server, HttpClient(Limits(), tmp_path) as client:
        draft = RequestDraft(
            "POST", f"{server.url}/a/../b?x=%41#f", (Field("y", " "),), (Field("X-A", "ü"),), JsonBody("[]")
        )
        answer = await client.send(draft, authorization="L402 abc:def")
        assert server.requests == [
            b"POST /b?x=%41&y=%20 HTTP/1.1\r\n"
            b"Host: 127.0.0.1:" + str(server.port).encode() + b"\r\n"
            b"X-A: \xfc\r\n"
            b"Content-Type: application/json\r\n"
            b"Authorization: L402 abc:def\r\n"
            b"User-Agent: l402desk/0.1.0\r\n"
            b"Accept: */*\r\n"
            b"Accept-Encoding: gzip, deflate\r\n"
            b"Content-Length: 2\r\n"
            b"\r\n"
            b"[]"
        ]
    assert answer.http_version == "HTTP/1.1"
    assert answer.timings.dns_ms is not None
    assert answer.timings.first_byte_ms is not None
    assert answer.timings.tls_ms is None


EVIL = (
    "\r\nX-Evil: 1",
    "\nX-Evil: 1",
    "\r\n\r\nGET /evil HTTP/1.1\r\nHost: x\r\n\r\n",
    "\x00",
    "\x85X-Evil: 1",
    "\u560d\u560a",
)


@pytest.mark.parametrize("evil", EVIL, ids=repr)
async def test_no_typed_text_becomes_a_second_line_or_request(tmp_path: Path, evil: str) -> None:
    async with RawServer([response(b"ok")]) as server, HttpClient(Limits(), tmp_path) as client:
        url = server.url
        drafts = (
            RequestDraft(f"GET{evil}", url),
            RequestDraft(url=f"{url}/{evil}x"),
            RequestDraft(url=f"{url}/?{evil}x"),
            RequestDraft(url=url, params=(Field(f"a{evil}", f"b{evil}"),)),
            RequestDraft(url=url, headers=(Field(f"X-A{evil}", "b"),)),
            RequestDraft(url=url, headers=(Field("X-A", f"b{evil}c"),)),
        )
        sent = 0
        for draft in drafts:
            try:
                await client.send(draft)
                sent += 1
            except DraftError:
                continue
        with pytest.raises(DraftError):
            await client.send(RequestDraft(url=url), authorization=f"L402 a:b{evil}")
        assert len(server.requests) == sent
        for request in server.requests:
            assert b"evil" not in request.lower().partition(b"\r\n")[2]
            assert request.count(b"\r\n") == 6
            assert request.count(b"HTTP/1.1") == 1


async def test_connections_are_kept_and_closed_ones_not_used_again(tmp_path: Path) -> None:
    async with RawServer([response(b"1")]) as server, HttpClient(Limits(), tmp_path) as client:
        first = await client.send(RequestDraft(url=server.url))
        second = await client.send(RequestDraft(url=server.url))
        assert server.connections == 1
        assert first.timings.connect_ms is not None
        assert second.timings.connect_ms is None


async def test_a_file_goes_out_whole(tmp_path: Path) -> None:
    file = tmp_path / "big.bin"
    file.write_bytes(bytes(range(256)) * 4000)
    async with RawServer([response(b"ok")]) as server, HttpClient(Limits(), tmp_path) as client:
        await client.send(RequestDraft("PUT", server.url, body=FileBody(file)))
        assert server.requests[0].endswith(b"\r\n\r\n" + file.read_bytes())


async def test_proxies_and_passwords_of_the_environment_have_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login me password secret\n")
    async with RawServer([response(b"from a proxy")]) as proxy, RawServer([response(b"direct")]) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        async with HttpClient(Limits(), tmp_path) as client:
            answer = await client.send(RequestDraft(url=server.url))
        assert answer.body.data == b"direct"
        assert proxy.requests == []
        assert b"authorization" not in server.requests[0].lower()


# What comes back


async def test_a_hundred_continue_is_passed_over(tmp_path: Path) -> None:
    answer = await answered(tmp_path, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n", response(b"ok"))
    assert (answer.status, answer.body.data) == (200, b"ok")


@pytest.mark.parametrize(
    ("kind", "script"),
    [
        (Kind.IDLE_TIMEOUT, [Pause(5)]),
        (Kind.IDLE_TIMEOUT, [HEAD, Pause(5)]),
        (Kind.IDLE_TIMEOUT, [HEAD + b"Content-Length: 5\r\n\r\nab", Pause(5)]),
        (Kind.TOTAL_TIMEOUT, [HEAD, Drip(b"X-Slow: yes\r\n", 0.02, endless=True)]),
        (Kind.TOTAL_TIMEOUT, [HEAD + b"\r\n", Drip(b"x", 0.02, endless=True)]),
        (Kind.TOTAL_TIMEOUT, [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", Drip(b"1\r\nx\r\n", 0.02, endless=True)]),
        (Kind.TOTAL_TIMEOUT, [Drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.001, endless=True)]),
        (Kind.BAD_ANSWER, [HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", Flood(b"x" * 9999)]),
        (Kind.TOO_LARGE, [HEAD, Flood(b"X-A: " + b"b" * 90 + b"\r\n")]),
        (Kind.TOO_LARGE, [HEAD + b"X: ", Flood(b"b" * 9999)]),
        (Kind.TOO_LARGE, [HEAD + b"a: b\r\n" * 201 + b"\r\n"]),
        (Kind.DROPPED, []),
        (Kind.DROPPED, [HEAD]),
        (Kind.DROPPED, [Reset()]),
        (Kind.DROPPED, [HEAD + b"Content-Length: 5\r\n\r\nab"]),
        (Kind.DROPPED, [HEAD + b"Content-Length: 5\r\n\r\nab", Pause(0.05), Reset()]),
        (Kind.DROPPED, [HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"]),
        (Kind.BAD_ANSWER, [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"]),
        (Kind.BAD_ANSWER, [HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"]),
        (Kind.BAD_ANSWER, [HEAD + b"Content-Length: -1\r\n\r\nab"]),
        (Kind.BAD_ANSWER, [HEAD + b"bad name: x\r\n\r\n"]),
        (Kind.BAD_ANSWER, [HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"]),
    ],
)  # fmt: skip
async def test_a_misbehaving_server_is_one_kind_of_trouble(tmp_path: Path, kind: Kind, script: list[Step]) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    told = await trouble(tmp_path, *script)
    assert told is kind or (kind is Kind.BAD_ANSWER and told is Kind.TOO_LARGE)
    assert loop.time() - begun < 5
    assert not bodies(tmp_path)


async def test_what_arrived_before_a_drop_can_be_read(tmp_path: Path) -> None:
    answer = await answered(tmp_path, HEAD + b"Content-Length: 50\r\n\r\n" + b'{"a": 1', Reset())
    assert answer.body.text(100) == '{"a": 1'
    assert answer.body.stopped_because is not None


async def test_an_endless_body_stops_at_its_limit_in_bounded_memory(tmp_path: Path) -> None:
    limits = Limits(body_bytes=80 * MIB, memory_bytes=MIB)
    before = resident_kib()
    answer = await answered(tmp_path, HEAD + b"\r\n", Flood(b"x" * 65536), limits=limits)
    assert answer.body.size == 80 * MIB
    assert answer.body.path is not None
    assert answer.body.path.stat().st_size == 80 * MIB
    assert answer.trouble is not None
    assert answer.trouble.kind is Kind.TOO_LARGE
    assert resident_kib() - before < 64 * 1024
    answer.body.discard()


async def test_bombs_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    once = gzip.compress(bytes(128 * MIB), 9)
    twice = gzip.compress(once, 9)
    thrice = gzip.compress(twice, 9)
    assert len(thrice) < 1000
    before = resident_kib()
    for wire, encoding in (
        (once, "gzip"),
        (twice, "gzip, gzip"),
        (thrice, "gzip, gzip, gzip"),
        (thrice, ", ".join(["gzip"] * 400)),
    ):
        answer = await answered(tmp_path, response(wire, headers=[f"Content-Encoding: {encoding}"]), limits=Limits())
        assert answer.trouble is not None
        assert answer.trouble.kind is Kind.BOMB
        assert answer.body.size <= max(MIB, 200 * len(wire))
        answer.body.discard()
    assert resident_kib() - before < 64 * 1024


async def test_a_compressed_answer_arrives_plain(tmp_path: Path) -> None:
    text = b"hello " * 500
    answer = await answered(tmp_path, response(gzip.compress(text), headers=["Content-Encoding: gzip"]))
    assert answer.body.data == text
    assert answer.undecoded is None


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_an_answer_without_a_body_is_complete_whatever_its_headers_say(tmp_path: Path, status: str) -> None:
    answer = await answered(tmp_path, f"HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\n\r\n".encode())
    assert answer.body.size == 0
    assert answer.body.complete


async def test_headers_come_back_as_they_were_sent(tmp_path: Path) -> None:
    answer = await answered(
        tmp_path, b"HTTP/1.1 402 Pay Me\r\nB-b: 1\r\na: \xfc\r\nB-B: 2\r\nContent-Length: 0\r\n\r\n"
    )
    assert (answer.status, answer.reason) == (402, "Pay Me")
    assert answer.headers == (("B-b", "1"), ("a", "ü"), ("B-B", "2"), ("Content-Length", "0"))
    assert answer.header_values("b-b") == ("1", "2")


# Where it goes


async def test_a_closed_port_is_refused_and_an_unknown_name_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with HttpClient(Limits(), tmp_path) as client:
        with pytest.raises(SendError) as refused:
            await client.send(RequestDraft(url=f"http://127.0.0.1:{port}"))
        assert refused.value.kind is Kind.REFUSED
        assert f"127.0.0.1:{port}" in refused.value.sentence
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(SendError) as missing:
            await client.send(RequestDraft(url="http://nowhere.example"))
        assert missing.value.kind is Kind.UNKNOWN_HOST


async def test_a_public_server_cannot_reach_inside_by_a_name_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, **more: Any) -> list[Any]:
        return lookup("127.0.0.1" if host == "inside.example" else host, port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(client_module, "is_private_address", lambda _address: False)  # the first server is public
    async with RawServer([response(b"secret")]) as inside:
        location = f"Location: http://inside.example:{inside.port}/"
        async with RawServer([response(status="302 Found", headers=[location])]) as outside:
            async with HttpClient(Limits(), tmp_path) as client:
                with pytest.raises(SendError) as refused:
                    await client.send(RequestDraft(url=outside.url), follow=Follow.ANY)
            assert refused.value.kind is Kind.PRIVATE
        assert inside.connections == 0


async def test_a_redirect_on_the_wire_is_followed_at_home_and_across(tmp_path: Path) -> None:
    async with RawServer([response(b"there")]) as other:
        moved = response(status="302 Found", headers=["Location: /second"])
        away = response(status="302 Found", headers=[f"Location: {other.url}/x"])
        async with RawServer([moved], [away]) as server, HttpClient(Limits(), tmp_path) as client:
            home = server.url
            answer = await client.send(RequestDraft(url=home), authorization="L402 a:b", follow=Follow.ANY)
        assert answer.body.data == b"there"
        assert answer.redirects == (f"{home}/", f"{home}/second")
        assert [b"L402 a:b" in request for request in server.requests] == [True, True]
        assert b"L402" not in other.requests[0]


# Stopping


@pytest.mark.parametrize(
    "script",
    [
        [Pause(30)],
        [HEAD, Drip(b"X-Slow: yes\r\n", 0.01, endless=True)],
        [HEAD + b"\r\n", Flood(b"x" * 65536)],
        [HEAD + b"Content-Length: 50\r\n\r\nabc", Pause(30)],
    ],
    ids=["waiting", "headers", "flood", "silent body"],
)
async def test_a_send_is_cancelled_at_once_and_leaves_nothing(tmp_path: Path, script: list[Step]) -> None:
    loop = asyncio.get_running_loop()
    async with RawServer(script) as server, HttpClient(Limits(), tmp_path) as client:
        task = asyncio.ensure_future(client.send(RequestDraft(url=server.url)))
        await asyncio.sleep(0.15)
        begun = loop.time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert loop.time() - begun < 0.5
    assert not bodies(tmp_path)


async def test_many_sends_run_side_by_side(tmp_path: Path) -> None:
    async with RawServer([response(b"x" * 5000)]) as server, HttpClient(Limits(), tmp_path) as client:
        answers = await asyncio.gather(*(client.send(RequestDraft(url=f"{server.url}/{n}")) for n in range(40)))
    assert {answer.body.size for answer in answers} == {5000}
    assert len({request.split()[1] for request in server.requests}) == 40
