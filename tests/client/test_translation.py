"""Every foreign exception becomes one kind of trouble, in words that name the host."""

from __future__ import annotations

import errno
import socket
import ssl

import httpcore
import httpx
import pytest

from l402desk.client.dialing import OnionError, PrivateAddressError
from l402desk.client.errors import Kind
from l402desk.client.limits import Limits
from l402desk.client.translation import FOREIGN, explain, headers_too_large


def caused(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


CASES = [
    (caused(httpcore.ConnectError(), socket.gaierror(-2, "x")), Kind.UNKNOWN_HOST),
    (caused(httpx.ConnectError(""), caused(OSError("all failed"), ConnectionRefusedError(111, "x"))), Kind.REFUSED),
    (
        caused(
            httpcore.ConnectError(),
            caused(OSError("all failed"), ExceptionGroup("", [ConnectionRefusedError(111, "x")])),
        ),
        Kind.REFUSED,
    ),
    (caused(httpcore.ConnectError(), OSError(errno.EHOSTUNREACH, "x")), Kind.UNREACHABLE),
    (OSError(errno.ENETUNREACH, "x"), Kind.UNREACHABLE),
    (caused(httpcore.ConnectError(), certificate(10)), Kind.TLS),
    (caused(httpcore.ConnectError(), ssl.SSLError(1, "wrong version number")), Kind.TLS),
    (httpcore.ConnectTimeout(), Kind.CONNECT_TIMEOUT),
    (caused(httpcore.ConnectTimeout(), ssl.SSLWantReadError(2, "did not complete")), Kind.CONNECT_TIMEOUT),
    (httpx.ConnectTimeout(""), Kind.CONNECT_TIMEOUT),
    (httpcore.ReadTimeout(), Kind.IDLE_TIMEOUT),
    (httpx.WriteTimeout(""), Kind.IDLE_TIMEOUT),
    (httpx.ReadError(""), Kind.DROPPED),
    (httpcore.WriteError(), Kind.DROPPED),
    (ConnectionResetError(), Kind.DROPPED),
    (httpcore.RemoteProtocolError("Server disconnected without sending a response."), Kind.DROPPED),
    (httpcore.RemoteProtocolError("peer closed connection without sending complete message body"), Kind.DROPPED),
    (httpcore.RemoteProtocolError("Receive buffer too long"), Kind.TOO_LARGE),
    (httpcore.RemoteProtocolError("illegal status line"), Kind.BAD_ANSWER),
    (httpcore.LocalProtocolError("Too little data"), Kind.BAD_REQUEST),
    (PrivateAddressError(), Kind.PRIVATE),
    (OnionError(), Kind.UNREACHABLE),
    (httpx.StreamClosed(), Kind.BAD_ANSWER),
]


@pytest.mark.parametrize(("error", "kind"), CASES, ids=lambda value: str(value)[:40] or type(value).__name__)
def test_an_exception_becomes_its_kind_of_trouble(error: Exception, kind: Kind) -> None:
    assert isinstance(error, FOREIGN)
    trouble = explain(error, "api.example:8443", Limits())
    assert trouble.kind is kind
    assert "api.example:8443" in trouble.sentence
    assert trouble.title
    assert trouble.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (9, "clock"),
        (10, "expired"),
        (18, "self-signed"),
        (20, "authority"),
        (62, "host name"),
        (64, "IP address"),
        (99, "trusted"),
    ],
)
def test_the_reason_against_a_certificate_is_told(code: int, word: str) -> None:
    assert word in explain(certificate(code), "a.example", Limits()).sentence


def test_a_chain_of_causes_that_bites_its_tail_ends() -> None:
    first, second = httpcore.ConnectError(), OSError()
    first.__cause__, second.__cause__ = second, first
    assert explain(first, "a.example", Limits()).kind is Kind.DROPPED


def test_the_limits_of_headers_are_named() -> None:
    assert "100 KiB" in headers_too_large("a.example", Limits()).sentence
