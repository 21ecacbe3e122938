"""No redirect, however it is written, carries a secret to an origin it was not meant for."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import httpx
import pytest

from l402desk.client.body import Body, JsonBody, NoBody
from l402desk.client.client import HttpClient
from l402desk.client.limits import Limits
from l402desk.client.redirects import Follow
from l402desk.client.request import Field, RequestDraft

pytestmark = pytest.mark.anyio

CANARIES = {
    "token": "canary-token",
    "Cookie": "canary-cookie",
    "X-Api-Key": "canary-api-key",
    "Proxy-Authorization": "canary-proxy",
    "Grpc-Metadata-Macaroon": "canary-macaroon",
    "X-Payment": "canary-payment",
    "Referer": "canary-referer",
    "query": "canary-query",
    "path": "canary-path",
    "body": "canary-body",
}
HEADERS = tuple(Field(name, value) for name, value in CANARIES.items() if name[0].isupper())

# Each leads from https://home.example to somewhere, or nowhere.
TARGETS = (
    "/there",
    "there?x=1",
    "https://home.example/there",
    "HTTPS://HOME.EXAMPLE:443/there",
    "https://home.example./there",
    "https://home.example:444/there",
    "http://home.example/there",
    "http://home.example:443/there",
    "https://sub.home.example/there",
    "https://example/there",
    "https://home.example.evil.example/there",
    "https://evilhome.example/there",
    "//evil.example/there",
    "///evil.example/there",
    "\\evil.example/there",
    "/\\evil.example/there",
    "https:evil.example/there",
    "https:/evil.example/there",
    "https://home.example@evil.example/there",
    "https://user:pass@home.example/there",
    "https://evil.example#@home.example/there",
    "https://evil.example?@home.example/there",
    "https://evil.example\\@home.example/there",
    "https://h\u00f6me.example/there",
    "https://xn--hme-sna.example/there",
    "https://\uff48ome.example/there",
    "https://1.1.1.1/there",
    "https://16843009/there",
    "https://0x01010101/there",
    "https://[::ffff:1.1.1.1]/there",
    "https://[2606:4700:4700::1111]/there",
    "https://127.0.0.1/there",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https://evil.example/there\tx",
)
CASES = list(product(TARGETS, (301, 302, 303, 307, 308), ("GET", "POST"), ("location", "detour")))


class Internet:
    """Every host there is: home redirects, the others listen."""

    def __init__(self, location: str, status: int, *, detour: bool) -> None:
        self.location, self.status, self.detour = location, status, detour
        self.heard: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        path = request.url.path
        if path == "/canary-path":
            raw = self.location.encode("utf-8")
            return httpx.Response(
                self.status, headers=[(b"Location", raw), (b"Refresh", b"0;url=https://evil.example/r")]
            )
        if path.startswith("/there") and self.detour:
            return httpx.Response(302, headers={"Location": "https://home.example/back"})
        return httpx.Response(200, content=b"listening")


def is_home(request: httpx.Request) -> bool:
    url = request.url
    return (url.scheme, url.raw_host, url.port or 443) == ("https", b"home.example", 443)


def all_of(request: httpx.Request) -> str:
    lines = [
        request.method,
        str(request.url),
        *(f"{n.decode()}: {v.decode('latin-1')}" for n, v in request.headers.raw),
    ]
    return "\n".join([*lines, request.content.decode()])


@pytest.mark.parametrize(("target", "status", "method", "way"), CASES)
async def test_no_canary_sings_at_a_wrong_origin(
    tmp_path: Path, target: str, status: int, method: str, way: str
) -> None:
    internet = Internet(target, status, detour=way == "detour")
    body: Body = JsonBody('"canary-body"') if method == "POST" else NoBody()
    draft = RequestDraft(method, "https://home.example/canary-path?key=canary-query", headers=HEADERS, body=body)
    async with HttpClient(Limits(), tmp_path, transport=httpx.MockTransport(internet)) as client:
        await client.send(draft, authorization="L402 canary-token:00", follow=Follow.ANY)
    first = all_of(internet.heard[0])
    assert all(canary in first for name, canary in CANARIES.items() if name != "body" or method == "POST")
    left_home = False
    for request in internet.heard[1:]:
        left_home = left_home or not is_home(request)
        assert "/r" not in request.url.path, "a Refresh header is not followed"
        if left_home:
            assert "canary" not in all_of(request)
            assert request.headers.get("Authorization") is None
            assert request.url.scheme == "https"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", TARGETS)
async def test_by_default_no_other_origin_hears_anything_at_all(tmp_path: Path, target: str, status: int) -> None:
    internet = Internet(target, status, detour=False)
    draft = RequestDraft("GET", "https://home.example/canary-path", headers=HEADERS)
    async with HttpClient(Limits(), tmp_path, transport=httpx.MockTransport(internet)) as client:
        answer = await client.send(draft, authorization="L402 canary-token:00")
    assert all(is_home(request) for request in internet.heard)
    if len(internet.heard) == 1:
        assert answer.status == status
        assert answer.redirect_refused is not None


async def test_from_http_to_https_of_the_same_host_nothing_is_carried_along(tmp_path: Path) -> None:
    internet = Internet("https://home.example/there", 302, detour=False)
    draft = RequestDraft("GET", "http://home.example/canary-path", headers=HEADERS)
    async with HttpClient(Limits(), tmp_path, transport=httpx.MockTransport(internet)) as client:
        await client.send(draft, follow=Follow.ANY)
    assert "canary" not in all_of(internet.heard[1])


def test_the_matrix_is_as_large_as_promised() -> None:
    assert len(CASES) >= 200
