"""A web site in a thread, answering as a test says, and the command line run in this process against it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from l402desk.__main__ import main
from l402desk.protocol.proof import PaymentHash
from tests.fakes.challenges import mint_token
from tests.harness.mint import Mint


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """``length`` announces another size than the body has."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None


@dataclass(slots=True)
class Site:
    """Answers what ``answer`` says; ``asked`` keeps what came."""

    answer: Callable[[Asked], Reply] = lambda _asked: Reply(body=b"hello\n")
    asked: list[Asked] = field(default_factory=list)
    url: str = ""


@contextmanager
def a_site(answer: Callable[[Asked], Reply] | None = None) -> Iterator[Site]:
    site = Site(answer) if answer else Site()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            site.asked.append(asked)
            reply = site.answer(asked)
            self.send_response_only(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _any  # noqa: N815 - the names that the base class looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def bill(mint: Mint, msat: int = 21_000, *, status: int = 402, wrong_hash: bool = False, **invoice: Any) -> Reply:
    """A challenge for an invoice that the mint's wallet can pay."""
    text, _, payment_hash = mint.new(msat, **invoice)
    credential = mint_token(PaymentHash(b"\x01" * 32) if wrong_hash else payment_hash)
    header = f'L402 macaroon="{credential}", invoice="{text}"'
    return Reply(status, b"pay first", (("WWW-Authenticate", header), ("Content-Type", "text/plain")))


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Shell = Callable[..., Said]


def a_shell(capfd: pytest.CaptureFixture[str]) -> Shell:
    """Runs the command line in this process: ``shell = pytest.fixture(a_shell)``."""

    def run(*words: object) -> Said:
        capfd.readouterr()
        status = main([str(word) for word in words])
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Said(status, said.out, said.err)

    return run
