"""A request as it goes out: the draft's first hop, and each hop as httpx wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from l402desk import __version__
from l402desk.client.body import file_size, payload_of
from l402desk.client.decoding import ACCEPT_ENCODING
from l402desk.client.errors import Kind, SendError, Trouble
from l402desk.client.fields import check_header_value
from l402desk.client.limits import Limits
from l402desk.client.redirects import Hop
from l402desk.client.request import RequestDraft
from l402desk.client.uploading import FileStream
from l402desk.protocol.origin import Origin

_DEFAULTS = (
    ("User-Agent", f"l402desk/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", ACCEPT_ENCODING),
)
_CREDENTIAL_SCHEMES = {"l402", "lsat"}

Trace = Callable[[str, Mapping[str, Any]], Awaitable[None]]


def first_hop(draft: RequestDraft, authorization: str | None) -> Hop:
    """The draft as the first request of a send, without the Authorization header that a held token replaces.

    Raises DraftError, and SendError where a token, held or typed, would travel in the open.
    """
    draft.check()
    url, headers = draft.address(), draft.wire_headers()
    credentials = [value for name, value in headers if name.lower() == "authorization" and _is_credential(value)]
    if authorization is not None:
        check_header_value("Authorization", authorization)
        headers = tuple(pair for pair in headers if pair[0].lower() != "authorization")
        credentials = [authorization]
    if credentials and not url.origin.is_private_enough:
        raise SendError(_in_the_open(url.origin))
    return Hop(url, draft.method, headers, draft.body)


def types_authorization(draft: RequestDraft) -> bool:
    """Does the draft bring an Authorization header of its own?"""
    return any(name.lower() == "authorization" for name, _value in draft.wire_headers())


async def build_request(hop: Hop, authorization: str | None, limits: Limits, trace: Trace) -> httpx.Request:
    """The hop with the headers it lacks; the held token only at home. Raises DraftError where a file is unreadable."""
    headers = [("Host", hop.url.origin.authority), *hop.headers]
    if authorization is not None and hop.home:
        headers.append(("Authorization", authorization))
    present = {name.lower() for name, _value in headers}
    headers += [(name, value) for name, value in _DEFAULTS if name.lower() not in present]
    content: bytes | FileStream
    payload = payload_of(hop.body)
    if isinstance(payload, Path):
        size = await asyncio.to_thread(file_size, payload)
        headers.append(("Content-Length", str(size)))
        content = FileStream(payload, size)
    else:
        content = payload
    request = httpx.Request(
        hop.method,
        str(hop.url),
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
        content=content,
        extensions={
            "timeout": {
                "connect": limits.connect_s,
                "read": limits.idle_s,
                "write": limits.idle_s,
                "pool": limits.connect_s,
            },
            "trace": trace,
            "wire_target": hop.url.target.encode("ascii"),
        },
    )
    request.method = hop.method  # httpx puts it in capitals; a custom method is sent as typed
    return request


def _is_credential(value: str) -> bool:
    return value.partition(" ")[0].lower() in _CREDENTIAL_SCHEMES


def _in_the_open(origin: Origin) -> Trouble:
    return Trouble(
        Kind.INSECURE,
        "A token would travel in the open",
        f"{origin} is not encrypted, and everyone on the way could read and use the token.",
        "Use https://, or send without the token.",
    )
